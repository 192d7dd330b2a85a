package io.wellspring.network;

import io.wellspring.model.SecurityProtocol;
import java.net.InetSocketAddress;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.netty.tcp.SslProvider;

/**
 * One listener, checked.
 *
 * @param name unique, such as {@code PLAINTEXT}
 * @param bind where to listen; port 0 takes a free one
 * @param advertisedHost what clients are told, or null for the host of {@code bind}
 * @param advertisedPort what clients are told, 0 for the port that was bound
 * @param tls the TLS of new connections, asked for each of them so that renewed certificates take effect; null for none
 */
record ListenerSettings(
        String name,
        InetSocketAddress bind,
        @Nullable String advertisedHost,
        int advertisedPort,
        SecurityProtocol protocol,
        @Nullable Supplier<SslProvider> tls) {}
