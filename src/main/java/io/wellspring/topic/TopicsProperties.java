package io.wellspring.topic;

import io.wellspring.support.StartRefusedException;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Topics: how they come to be, how many partitions there may be, what they get where they set nothing.
 *
 * @param autoCreate a topic that a client asks for and that is not there is made (Kafka's {@code auto.create.topics.enable})
 * @param deletable clients may delete topics (Kafka's {@code delete.topic.enable})
 * @param defaultPartitions partitions of a topic that is created without saying how many (Kafka's {@code num.partitions})
 * @param maxPartitionsPerTopic a topic may not have more partitions
 * @param maxPartitions all topics together may not have more partitions
 * @param defaults Kafka's topic settings to the values that topics get which do not set them
 */
@ConfigurationProperties("wellspring.topics")
public record TopicsProperties(
        @DefaultValue("true") boolean autoCreate,
        @DefaultValue("true") boolean deletable,
        @DefaultValue("1") int defaultPartitions,
        @DefaultValue("10000") int maxPartitionsPerTopic,
        @DefaultValue("100000") int maxPartitions,
        @DefaultValue Map<String, String> defaults) {
    public TopicsProperties {
        require(maxPartitions >= 1, "max-partitions", maxPartitions, "Set it to 1 or more.");
        require(
                maxPartitionsPerTopic >= 1 && maxPartitionsPerTopic <= maxPartitions,
                "max-partitions-per-topic",
                maxPartitionsPerTopic,
                "Set it to 1 up to max-partitions (" + maxPartitions + ").");
        require(
                defaultPartitions >= 1 && defaultPartitions <= maxPartitionsPerTopic,
                "default-partitions",
                defaultPartitions,
                "Set it to 1 up to max-partitions-per-topic (" + maxPartitionsPerTopic + ").");
        defaults = Map.copyOf(defaults);
        checkDefaults(defaults);
    }

    TopicLimits limits() {
        return new TopicLimits(defaultPartitions, maxPartitionsPerTopic, maxPartitions);
    }

    /** The defaults under the names of Kafka's broker settings. */
    Map<String, String> configured() {
        return configured(defaults);
    }

    private static Map<String, String> configured(Map<String, String> defaults) {
        Map<String, String> configured = new TreeMap<>();
        defaults.forEach((name, value) -> {
            TopicSetting setting = TopicSetting.find(name);
            if (setting != null && !setting.synonyms().isEmpty()) {
                configured.put(setting.synonyms().getFirst().name(), value);
            }
        });
        return configured;
    }

    private static void checkDefaults(Map<String, String> defaults) {
        new TreeMap<>(defaults).forEach((name, value) -> {
            TopicSetting setting = TopicSetting.find(name);
            if (setting == null) {
                throw new StartRefusedException(
                        "wellspring.topics.defaults." + name + " is " + value
                                + ", but Kafka knows no topic setting of this name.",
                        "Take a name from docs/topic-settings.md, such as retention.ms.");
            }
            if (setting.synonyms().isEmpty()) {
                throw new StartRefusedException(
                        "wellspring.topics.defaults." + name + " is " + value
                                + ", but this setting has no default on brokers.",
                        "Set it on the topics themselves.");
            }
        });
        String problem = SettingChecks.problemWithTopic(defaults, TopicDefaults.KAFKA);
        if (problem != null) {
            throw new StartRefusedException("wellspring.topics.defaults: " + problem, "Correct or remove the value.");
        }
    }

    private static void require(boolean holds, String property, Object value, String remedy) {
        if (!holds) {
            throw new StartRefusedException(
                    "wellspring.topics." + property + " is " + value + ", which is out of range.", remedy);
        }
    }
}
