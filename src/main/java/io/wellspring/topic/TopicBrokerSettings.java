package io.wellspring.topic;

import io.wellspring.model.BrokerSetting;
import io.wellspring.model.BrokerSettingSource;
import io.wellspring.model.NodeId;
import io.wellspring.model.SettingType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What Kafka calls the broker's settings about topics and its place in the cluster, beside the defaults of topics that
 * {@link TopicDefaults} has. Threads: any.
 */
final class TopicBrokerSettings implements BrokerSettingSource {
    private final List<BrokerSetting> settings;

    TopicBrokerSettings(TopicsProperties properties, NodeId nodeId) {
        String node = nodeId.toString();
        settings = List.of(
                setting("node.id", SettingType.INT, node, null, "The broker's number: wellspring.node.id."),
                setting("broker.id", SettingType.INT, node, "-1", "The broker's number under its older name."),
                setting(
                        "num.partitions",
                        SettingType.INT,
                        Integer.toString(properties.defaultPartitions()),
                        "1",
                        "Partitions of a topic that is created without saying how many:"
                                + " wellspring.topics.default-partitions."),
                setting(
                        "default.replication.factor",
                        SettingType.INT,
                        "1",
                        "1",
                        "Copies of a partition of a topic that is created without saying how many."),
                setting(
                        "auto.create.topics.enable",
                        SettingType.BOOLEAN,
                        Boolean.toString(properties.autoCreate()),
                        "true",
                        "Whether a topic that a client asks for is made: wellspring.topics.auto-create."),
                setting(
                        "delete.topic.enable",
                        SettingType.BOOLEAN,
                        Boolean.toString(properties.deletable()),
                        "true",
                        "Whether clients may delete topics: wellspring.topics.deletable."),
                setting(
                        "remote.log.storage.system.enable",
                        SettingType.BOOLEAN,
                        "false",
                        "false",
                        "Whether there is tiered storage: there is none."),
                setting(
                        "create.topic.policy.class.name",
                        SettingType.CLASS,
                        null,
                        null,
                        "A class that judges new topics: not supported."),
                setting(
                        "alter.config.policy.class.name",
                        SettingType.CLASS,
                        null,
                        null,
                        "A class that judges changes of settings: not supported."));
    }

    @Override
    public List<BrokerSetting> brokerSettings() {
        return settings;
    }

    private static BrokerSetting setting(
            String name,
            SettingType type,
            @Nullable String value,
            @Nullable String defaultValue,
            String documentation) {
        return new BrokerSetting(name, type, value, defaultValue, documentation);
    }
}
