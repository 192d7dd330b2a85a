package io.wellspring.network;

import io.wellspring.model.BrokerSetting;
import io.wellspring.model.BrokerSettingSource;
import io.wellspring.model.Endpoint;
import io.wellspring.model.SettingType;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What Kafka calls the broker's settings about listeners and connections. Threads: any. */
final class NetworkBrokerSettings implements BrokerSettingSource {
    private final NetworkProperties properties;
    private final KafkaServer server;

    NetworkBrokerSettings(NetworkProperties properties, KafkaServer server) {
        this.properties = properties;
        this.server = server;
    }

    @Override
    public List<BrokerSetting> brokerSettings() {
        List<KafkaServer.BoundListener> bound = server.addresses();
        List<BrokerSetting> settings = new ArrayList<>(limits());
        Collections.addAll(
                settings,
                new BrokerSetting(
                        "listeners",
                        SettingType.LIST,
                        bound.stream().map(NetworkBrokerSettings::listener).collect(Collectors.joining(",")),
                        "PLAINTEXT://:9092",
                        "Where clients are listened for: wellspring.network.listeners[n].bind."),
                new BrokerSetting(
                        "advertised.listeners",
                        SettingType.LIST,
                        bound.stream()
                                .map(listener -> url(listener.advertised()))
                                .collect(Collectors.joining(",")),
                        null,
                        "What clients are told: wellspring.network.listeners[n].advertised."),
                new BrokerSetting(
                        "listener.security.protocol.map",
                        SettingType.STRING,
                        bound.stream()
                                .map(KafkaServer.BoundListener::advertised)
                                .map(endpoint -> endpoint.listener() + ":" + endpoint.protocol())
                                .collect(Collectors.joining(",")),
                        "SASL_SSL:SASL_SSL,PLAINTEXT:PLAINTEXT,SSL:SSL,SASL_PLAINTEXT:SASL_PLAINTEXT",
                        "How listeners are protected: wellspring.network.listeners[n].protocol."));
        return settings;
    }

    private List<BrokerSetting> limits() {
        return List.of(
                number(
                        "socket.request.max.bytes",
                        properties.maxFrameSizeBytes(),
                        "104857600",
                        "The largest request: wellspring.network.max-frame-size."),
                number(
                        "connections.max.idle.ms",
                        properties.idleTimeout().toMillis(),
                        "600000",
                        "A connection on which nothing moves for this long is closed: wellspring.network.idle-timeout."),
                number(
                        "max.connections",
                        properties.maxConnections(),
                        "2147483647",
                        "Connections at a time: wellspring.network.max-connections."),
                number(
                        "max.connections.per.ip",
                        properties.maxConnectionsPerAddress(),
                        "2147483647",
                        "Connections of one address at a time: wellspring.network.max-connections-per-address."),
                new BrokerSetting(
                        "max.connections.per.ip.overrides",
                        SettingType.STRING,
                        properties.maxConnectionsOfAddress().entrySet().stream()
                                .sorted(Map.Entry.comparingByKey())
                                .map(entry -> entry.getKey() + ":" + entry.getValue())
                                .collect(Collectors.joining(",")),
                        "",
                        "Other limits for single addresses: wellspring.network.max-connections-of-address."),
                number(
                        "num.network.threads",
                        properties.threads(),
                        "3",
                        "Event loops, 0: one per processor: wellspring.network.threads."));
    }

    private static BrokerSetting number(String name, long value, String defaultValue, String documentation) {
        SettingType type = name.endsWith(".ms") ? SettingType.LONG : SettingType.INT;
        return new BrokerSetting(name, type, Long.toString(value), defaultValue, documentation);
    }

    private static String listener(KafkaServer.BoundListener listener) {
        InetSocketAddress address = listener.address();
        return url(new Endpoint(
                listener.advertised().listener(),
                listener.advertised().protocol(),
                address.getHostString(),
                address.getPort()));
    }

    private static String url(Endpoint endpoint) {
        return endpoint.listener() + "://" + endpoint.host() + ":" + endpoint.port();
    }
}
