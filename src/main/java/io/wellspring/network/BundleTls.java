package io.wellspring.network;

import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.wellspring.support.StartRefusedException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import javax.net.ssl.SSLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;
import reactor.netty.tcp.SslProvider;

/**
 * The TLS of one listener from a Spring SSL bundle. When the bundle is renewed, new connections get the new certificate; if the
 * new one cannot be used, the old one stays. TLS 1.2 and 1.3 unless the bundle says otherwise. Threads: any.
 */
final class BundleTls implements Supplier<SslProvider> {
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
                    "The SSL bundle " + bundle + " of the listener " + listener + " cannot be used: " + e.getMessage(),
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
        SslContext context = SslContextBuilder.forServer(bundle.getManagers().getKeyManagerFactory())
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
