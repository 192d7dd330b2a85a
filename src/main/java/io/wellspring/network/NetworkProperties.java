package io.wellspring.network;

import io.wellspring.model.SecurityProtocol;
import io.wellspring.support.StartRefusedException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Where the broker listens and what clients may take of it.
 *
 * @param listeners the addresses; one PLAINTEXT listener on the loopback if none is named
 * @param allowPlaintext true to let PLAINTEXT listeners stand on other addresses than the loopback
 * @param threads event loops, 0 for one per processor
 * @param maxFrameSize the largest request (Kafka's {@code socket.request.max.bytes})
 * @param maxBytesInFlightPerConnection requests not yet answered and answers not yet sent of one connection; reading stops there
 * @param maxBytesInFlight the same for all connections together, 0 for a quarter of the largest heap
 * @param maxConnections open at a time (Kafka's {@code max.connections})
 * @param maxConnectionsPerAddress open at a time from one address (Kafka's {@code max.connections.per.ip})
 * @param maxConnectionsOfAddress exceptions from that by address (Kafka's {@code max.connections.per.ip.overrides})
 * @param idleTimeout a connection without a byte in or out is closed (Kafka's {@code connections.max.idle.ms})
 * @param frameProgressTimeout in each such time a request that was begun must end or gain {@code frame-progress}
 * @param frameProgress see there
 * @param frameTimeout a request that was begun must end within it while others wait for the memory it has reserved
 * @param writeStallTimeout a connection whose client takes none of the bytes that wait for it is closed
 * @param handshakeTimeout for TLS
 * @param drainTimeout on stop, for requests under way to be answered
 */
@ConfigurationProperties("wellspring.network")
public record NetworkProperties(
        @DefaultValue List<Listener> listeners,
        @DefaultValue("false") boolean allowPlaintext,
        @DefaultValue("0") int threads,
        @DefaultValue("100MB") DataSize maxFrameSize,
        @DefaultValue("16MB") DataSize maxBytesInFlightPerConnection,
        @DefaultValue("0B") DataSize maxBytesInFlight,
        @DefaultValue("10000") int maxConnections,
        @DefaultValue("1000") int maxConnectionsPerAddress,
        @DefaultValue Map<String, Integer> maxConnectionsOfAddress,
        @DefaultValue("10m") Duration idleTimeout,
        @DefaultValue("10s") Duration frameProgressTimeout,
        @DefaultValue("1KB") DataSize frameProgress,
        @DefaultValue("30s") Duration frameTimeout,
        @DefaultValue("10m") Duration writeStallTimeout,
        @DefaultValue("10s") Duration handshakeTimeout,
        @DefaultValue("10s") Duration drainTimeout) {
    private static final String PREFIX = "wellspring.network.";
    private static final Listener DEFAULT_LISTENER =
            new Listener(null, "127.0.0.1:9092", null, SecurityProtocol.PLAINTEXT, false, null, ClientAuth.NONE);

    /**
     * One address to listen on.
     *
     * @param name unique; the protocol's name if absent
     * @param bind {@code host:port}, IPv6 as {@code [::1]:9092}; port 0 takes a free one
     * @param advertised {@code host} or {@code host:port} that clients are told; {@code bind} if absent
     * @param allowPlaintext see {@link NetworkProperties#allowPlaintext}, for this listener alone
     * @param sslBundle the Spring SSL bundle with certificate and key
     * @param clientAuth whether clients show a certificate
     */
    public record Listener(
            @Nullable String name,
            @DefaultValue("127.0.0.1:9092") String bind,
            @Nullable String advertised,
            @DefaultValue("PLAINTEXT") SecurityProtocol protocol,
            @DefaultValue("false") boolean allowPlaintext,
            @Nullable String sslBundle,
            @DefaultValue("NONE") ClientAuth clientAuth) {
        /** The name, or the protocol's where there is none. */
        String nameOrDefault() {
            return name == null || name.isBlank() ? protocol.name() : name;
        }
    }

    /** Whether a client shows a certificate, by Kafka's words ({@code ssl.client.auth}). */
    public enum ClientAuth {
        NONE,
        REQUESTED,
        REQUIRED
    }

    public NetworkProperties {
        listeners = listeners.isEmpty() ? List.of(DEFAULT_LISTENER) : List.copyOf(listeners);
        maxConnectionsOfAddress = Map.copyOf(maxConnectionsOfAddress);
        require(threads >= 0 && threads <= 1024, "threads", threads, "Set it to 0 (one per processor) to 1024.");
        between(maxFrameSize, DataSize.ofKilobytes(1), DataSize.ofBytes(Integer.MAX_VALUE), "max-frame-size");
        between(
                maxBytesInFlightPerConnection,
                DataSize.ofKilobytes(1),
                DataSize.ofBytes(Long.MAX_VALUE),
                "max-bytes-in-flight-per-connection");
        between(maxBytesInFlight, DataSize.ofBytes(0), DataSize.ofBytes(Long.MAX_VALUE), "max-bytes-in-flight");
        require(maxConnections > 0, "max-connections", maxConnections, "Set it to 1 or more.");
        require(
                maxConnectionsPerAddress >= 0,
                "max-connections-per-address",
                maxConnectionsPerAddress,
                "Set it to 0 (only addresses in max-connections-of-address) or more.");
        between(frameProgress, DataSize.ofBytes(1), DataSize.ofGigabytes(1), "frame-progress");
        positive(idleTimeout, "idle-timeout");
        positive(frameProgressTimeout, "frame-progress-timeout");
        positive(frameTimeout, "frame-timeout");
        positive(writeStallTimeout, "write-stall-timeout");
        positive(handshakeTimeout, "handshake-timeout");
        require(!drainTimeout.isNegative(), "drain-timeout", drainTimeout, "Set it to 0s or more.");
        checkListeners(listeners, allowPlaintext);
    }

    private static void checkListeners(List<Listener> listeners, boolean allowPlaintext) {
        Set<String> names = new HashSet<>();
        Set<String> binds = new HashSet<>();
        for (int i = 0; i < listeners.size(); i++) {
            Listener listener = listeners.get(i);
            String property = "listeners[" + i + "].";
            require(
                    names.add(listener.nameOrDefault()),
                    property + "name",
                    listener.nameOrDefault(),
                    "Two listeners have this name: give each its own.");
            HostAndPort bind = HostAndPort.parse(PREFIX + property + "bind", listener.bind());
            require(
                    bind.port() == 0 || binds.add(bind.toString()),
                    property + "bind",
                    listener.bind(),
                    "Two listeners have this address: give each its own.");
            checkProtection(listener, property, bind, allowPlaintext);
            checkAdvertised(listener, property, bind);
        }
    }

    private static void checkProtection(Listener listener, String property, HostAndPort bind, boolean allowPlaintext) {
        switch (listener.protocol()) {
            case PLAINTEXT ->
                require(
                        bind.isLoopback() || allowPlaintext || listener.allowPlaintext(),
                        property + "bind",
                        listener.bind(),
                        "A PLAINTEXT listener lets anyone who reaches it read and write everything. Bind it to 127.0.0.1,"
                                + " protect it with protocol SSL, or say " + PREFIX + "allow-plaintext=true.");
            case SSL ->
                require(
                        listener.sslBundle() != null && !listener.sslBundle().isBlank(),
                        property + "ssl-bundle",
                        String.valueOf(listener.sslBundle()),
                        "Name the Spring SSL bundle (spring.ssl.bundle.*) with the certificate of this listener.");
            case SASL_PLAINTEXT, SASL_SSL ->
                require(
                        false,
                        property + "protocol",
                        listener.protocol(),
                        "This version has no SASL: use PLAINTEXT or SSL.");
        }
    }

    private static void checkAdvertised(Listener listener, String property, HostAndPort bind) {
        if (listener.advertised() == null) {
            require(
                    !bind.isWildcard(),
                    property + "advertised",
                    "absent",
                    "Clients cannot connect to " + bind.host() + ": say which host name or address they shall use.");
            return;
        }
        HostAndPort advertised =
                HostAndPort.parseWithOptionalPort(PREFIX + property + "advertised", listener.advertised());
        require(
                !advertised.isWildcard(),
                property + "advertised",
                listener.advertised(),
                "Clients cannot connect to a wildcard address: say which host name or address they shall use.");
    }

    private static void positive(Duration duration, String property) {
        require(duration.isPositive(), property, duration, "Set it to more than 0s.");
    }

    private static void between(DataSize size, DataSize least, DataSize most, String property) {
        require(
                size.compareTo(least) >= 0 && size.compareTo(most) <= 0,
                property,
                size,
                "Set it to " + least.toBytes() + "B to " + most.toBytes() + "B.");
    }

    private static void require(boolean holds, String property, Object value, String remedy) {
        if (!holds) {
            throw new StartRefusedException(PREFIX + property + " is " + value + ", which cannot be.", remedy);
        }
    }

    long maxFrameSizeBytes() {
        return maxFrameSize.toBytes();
    }
}
