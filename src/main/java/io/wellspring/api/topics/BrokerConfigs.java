package io.wellspring.api.topics;

import io.wellspring.model.BrokerSetting;
import io.wellspring.model.BrokerSettingSource;
import io.wellspring.model.NodeId;
import io.wellspring.model.SettingOrigin;
import io.wellspring.model.SettingSource;
import io.wellspring.model.SettingType;
import io.wellspring.topic.BrokerSettingCommands;
import io.wellspring.topic.TopicCatalog;
import io.wellspring.topic.TopicDefaults;
import io.wellspring.topic.TopicSetting;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsResourceResult;
import org.jspecify.annotations.Nullable;

/**
 * This broker's settings under Kafka's names: the defaults of topics, which can be changed while it runs, and what the rooms
 * tell of their own. Threads: any.
 */
final class BrokerConfigs {
    private final NodeId nodeId;
    private final List<BrokerSettingSource> sources;

    BrokerConfigs(NodeId nodeId, List<BrokerSettingSource> sources) {
        this.nodeId = nodeId;
        this.sources = List.copyOf(sources);
    }

    /** This broker's number, as resources are named. */
    String nodeId() {
        return nodeId.toString();
    }

    /** What is wrong with a resource name that should be this broker's; null if it is. */
    @Nullable
    String problemWithName(String name) {
        try {
            return Integer.parseInt(name) == nodeId.value()
                    ? null
                    : "Unexpected broker id, expected " + nodeId() + ", but received " + name;
        } catch (NumberFormatException _) {
            return "Broker id must be an integer, but it is: " + name;
        }
    }

    /** Everything that holds on this broker. */
    List<DescribeConfigsResourceResult> describeOwn(TopicCatalog catalog, DescribedConfigs.Wanted wanted) {
        Map<String, DescribedConfigs.Config> configs = new TreeMap<>();
        for (BrokerSettingSource source : sources) {
            source.brokerSettings().forEach(setting -> configs.put(setting.name(), config(setting)));
        }
        for (TopicSetting setting : TopicSetting.values()) {
            for (TopicSetting.Synonym synonym : setting.synonyms()) {
                configs.put(synonym.name(), config(setting, synonym, catalog.defaults()));
            }
        }
        DescribedConfigs described = new DescribedConfigs(wanted);
        configs.values().forEach(described::add);
        return described.results();
    }

    /** What was set while running for all brokers, and nothing else. */
    List<DescribeConfigsResourceResult> describeAllBrokers(TopicCatalog catalog, DescribedConfigs.Wanted wanted) {
        DescribedConfigs described = new DescribedConfigs(wanted);
        new TreeMap<>(catalog.brokerSettings("")).forEach((name, value) -> {
            TopicSetting setting = TopicSetting.findByBrokerName(name);
            if (setting != null) {
                List<SettingOrigin> origins =
                        List.of(new SettingOrigin(name, value, SettingSource.DYNAMIC_DEFAULT_BROKER));
                described.add(new DescribedConfigs.Config(
                        name, value, setting.type(), false, origins, setting.documentation()));
            }
        });
        return described.results();
    }

    private static DescribedConfigs.Config config(BrokerSetting setting) {
        List<SettingOrigin> origins = new ArrayList<>(2);
        String value = setting.value();
        String defaultValue = setting.defaultValue();
        if (value != null && !value.equals(defaultValue)) {
            origins.add(new SettingOrigin(setting.name(), value, SettingSource.STATIC_BROKER));
        }
        if (defaultValue != null) {
            origins.add(new SettingOrigin(setting.name(), defaultValue, SettingSource.DEFAULT));
        }
        return new DescribedConfigs.Config(
                setting.name(), value, setting.type(), true, origins, setting.documentation());
    }

    /** Of {@code log.retention.ms}, {@code .minutes} and {@code .hours} each is shown as itself was set. */
    private static DescribedConfigs.Config config(
            TopicSetting setting, TopicSetting.Synonym synonym, TopicDefaults defaults) {
        List<SettingOrigin> origins = defaults.origins(setting).stream()
                .dropWhile(origin -> !origin.name().equals(synonym.name()))
                .toList();
        String value = origins.isEmpty() ? null : origins.getFirst().value();
        return new DescribedConfigs.Config(
                synonym.name(),
                value,
                // Kafka counts milliseconds in longs, minutes and hours in ints.
                synonym.unit() == 1 ? setting.type() : SettingType.INT,
                !BrokerSettingCommands.isDynamic(synonym.name()),
                origins,
                setting.documentation());
    }
}
