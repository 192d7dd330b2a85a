package io.wellspring.network;

import io.wellspring.api.RequestProcessor;
import io.wellspring.support.StartRefusedException;
import io.wellspring.support.Ticker;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
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
}
