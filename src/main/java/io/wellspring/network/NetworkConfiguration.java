package io.wellspring.network;

import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.wellspring.api.RequestProcessor;
import io.wellspring.model.BrokerSettingSource;
import io.wellspring.support.StartRefusedException;
import io.wellspring.support.Ticker;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import reactor.netty.tcp.SslProvider;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(NetworkProperties.class)
class NetworkConfiguration {
    @Bean
    KafkaServer kafkaServer(
            NetworkProperties properties,
            RequestProcessor processor,
            ObjectProvider<NetworkMetrics> metrics,
            ObjectProvider<SslBundles> bundles,
            Ticker ticker) {
        int processors = Runtime.getRuntime().availableProcessors();
        return new KafkaServer(
                listeners(properties, bundles),
                properties.threads() == 0 ? processors : properties.threads(),
                limits(properties),
                processor,
                metrics.getIfAvailable(() -> NetworkMetrics.NONE),
                ticker);
    }

    @Bean
    Connections connections(KafkaServer server) {
        return server.connections();
    }

    /** Asks for the server late: the handlers behind the server want the settings when they are made. */
    @Bean
    BrokerSettingSource networkBrokerSettings(NetworkProperties properties, ObjectProvider<KafkaServer> server) {
        return () -> new NetworkBrokerSettings(properties, server.getObject()).brokerSettings();
    }

    @Bean
    NetworkLifecycle networkLifecycle(KafkaServer server) {
        return new NetworkLifecycle(server);
    }

    private static List<ListenerSettings> listeners(NetworkProperties properties, ObjectProvider<SslBundles> bundles) {
        List<ListenerSettings> listeners = new ArrayList<>();
        for (int i = 0; i < properties.listeners().size(); i++) {
            listeners.add(listener("wellspring.network.listeners[" + i + "].", properties, i, bundles));
        }
        return listeners;
    }

    private static ListenerSettings listener(
            String property, NetworkProperties properties, int index, ObjectProvider<SslBundles> bundles) {
        NetworkProperties.Listener listener = properties.listeners().get(index);
        HostAndPort bind = HostAndPort.parse(property + "bind", listener.bind());
        HostAndPort advertised = listener.advertised() == null
                ? null
                : HostAndPort.parseWithOptionalPort(property + "advertised", listener.advertised());
        String bundle = listener.sslBundle();
        @Nullable
        Supplier<SslProvider> tls = bundle == null
                ? null
                : new BundleTls(
                        listener.nameOrDefault(),
                        bundle,
                        listener.clientAuth(),
                        properties.handshakeTimeout(),
                        bundles.getObject());
        return new ListenerSettings(
                listener.nameOrDefault(),
                bind.resolve(property + "bind"),
                advertised == null ? bind.host() : advertised.host(),
                advertised == null ? 0 : advertised.port(),
                listener.protocol(),
                tls);
    }

    private static NetworkLimits limits(NetworkProperties properties) {
        long total = properties.maxBytesInFlight().toBytes();
        return new NetworkLimits(
                Math.toIntExact(properties.maxFrameSize().toBytes()),
                properties.maxBytesInFlightPerConnection().toBytes(),
                total == 0 ? Runtime.getRuntime().maxMemory() / 4 : total,
                properties.maxConnections(),
                properties.maxConnectionsPerAddress(),
                connectionsOfAddress(properties),
                new NetworkLimits.Timeouts(
                        properties.idleTimeout(),
                        properties.frameProgressTimeout(),
                        Math.toIntExact(properties.frameProgress().toBytes()),
                        properties.frameTimeout(),
                        properties.writeStallTimeout(),
                        properties.drainTimeout()));
    }

    private static Map<InetAddress, Integer> connectionsOfAddress(NetworkProperties properties) {
        Map<InetAddress, Integer> byAddress = new HashMap<>();
        properties.maxConnectionsOfAddress().forEach((address, count) -> {
            try {
                byAddress.put(InetAddress.getByName(address), count);
            } catch (UnknownHostException e) {
                throw new StartRefusedException(
                        "wellspring.network.max-connections-of-address names the unknown address " + address + ".",
                        "Write addresses, such as \"[10.0.0.7]\": 50.",
                        e);
            }
        });
        return byAddress;
    }

    /**
     * The TLS of one listener from a Spring SSL bundle. When the bundle is renewed, new connections get the new certificate; if the
     * new one cannot be used, the old one stays. TLS 1.2 and 1.3 unless the bundle says otherwise. Threads: any.
     */
    private static final class BundleTls implements Supplier<SslProvider> {
        private static final Logger LOG = LoggerFactory.getLogger(BundleTls.class);
        private static final List<String> PROTOCOLS = List.of("TLSv1.3", "TLSv1.2");

        private final NetworkProperties.ClientAuth clientAuth;
        private final Duration handshakeTimeout;
        private volatile SslProvider current;

        BundleTls(
                String listener,
                String bundle,
                NetworkProperties.ClientAuth clientAuth,
                Duration handshakeTimeout,
                SslBundles bundles) {
            this.clientAuth = clientAuth;
            this.handshakeTimeout = handshakeTimeout;
            try {
                this.current = provider(bundles.getBundle(bundle));
            } catch (SSLException | RuntimeException e) {
                throw new StartRefusedException(
                        "The SSL bundle " + bundle + " of the listener " + listener + " cannot be used: "
                                + e.getMessage(),
                        "Set spring.ssl.bundle.jks." + bundle + " or spring.ssl.bundle.pem." + bundle
                                + " to a certificate and its key.",
                        e);
            }
            bundles.addBundleUpdateHandler(bundle, renewed -> renew(listener, renewed));
        }

        @Override
        public SslProvider get() {
            return current;
        }

        private void renew(String listener, SslBundle renewed) {
            try {
                current = provider(renewed);
                LOG.info("certificate renewed listener={}", listener);
            } catch (SSLException | RuntimeException e) {
                LOG.error("the renewed certificate cannot be used, the old one stays listener={}", listener, e);
            }
        }

        private SslProvider provider(SslBundle bundle) throws SSLException {
            String[] protocols = bundle.getOptions().getEnabledProtocols();
            String[] ciphers = bundle.getOptions().getCiphers();
            SslContext context = SslContextBuilder.forServer(
                            bundle.getManagers().getKeyManagerFactory())
                    .trustManager(bundle.getManagers().getTrustManagerFactory())
                    .protocols(protocols == null ? PROTOCOLS : Arrays.asList(protocols))
                    .ciphers(ciphers == null ? null : Arrays.asList(ciphers))
                    .clientAuth(
                            switch (clientAuth) {
                                case NONE -> ClientAuth.NONE;
                                case REQUESTED -> ClientAuth.OPTIONAL;
                                case REQUIRED -> ClientAuth.REQUIRE;
                            })
                    .build();
            return SslProvider.builder()
                    .sslContext(context)
                    .handshakeTimeout(handshakeTimeout)
                    .build();
        }
    }
}
