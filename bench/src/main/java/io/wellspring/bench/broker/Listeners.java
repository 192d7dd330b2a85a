package io.wellspring.bench.broker;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Where a broker listens, always on the loopback.
 *
 * @param port without TLS
 * @param tls the second listener, if there is one
 */
record Listeners(int port, Optional<Tls> tls) {
    /** A listener with TLS. */
    record Tls(int port, Keys keys) {}

    static Listeners choose(Path data, Setup setup) throws IOException {
        int port = Ports.free();
        return switch (setup.transport()) {
            case PLAIN -> new Listeners(port, Optional.empty());
            case TLS -> new Listeners(port, Optional.of(new Tls(Ports.free(), Keys.beside(data))));
        };
    }

    /** What Kafka's clients need to connect, over TLS if there is such a listener. */
    Map<String, Object> clientSettings() {
        Map<String, Object> settings = new HashMap<>();
        settings.put("bootstrap.servers", "127.0.0.1:" + tls.map(Tls::port).orElse(port));
        tls.ifPresent(listener -> settings.putAll(listener.keys().clientSettings()));
        return settings;
    }
}
