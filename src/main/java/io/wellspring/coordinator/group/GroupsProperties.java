package io.wellspring.coordinator.group;

import io.wellspring.support.StartRefusedException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.coordinator.group.GroupCoordinatorConfig;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Settings of consumer groups.
 *
 * @param threads that run the state machines; each waits now and then for the log, so that there are more than processors
 * @param loadThreads that replay partitions of the offsets topic at start
 * @param offsetsTopicPartitions of {@code __consumer_offsets}, when it is made
 * @param offsetsTopicSegmentSize its segments' size
 * @param offsetsRetention how long offsets of an empty group are kept
 * @param offsetMetadataMaxSize of the text that a client may commit with an offset
 * @param initialRebalanceDelay how long the first rebalance of a classic group waits for more members
 * @param minSessionTimeout the least that a classic member may ask for
 * @param maxSessionTimeout the most that a classic member may ask for
 * @param maxSize members of a group
 * @param lagInterval how often the lag of all groups is looked at for the meters
 * @param kafka further broker settings of Kafka about groups ({@code group.consumer.…}, {@code group.streams.…}), by Kafka's names
 */
@ConfigurationProperties("wellspring.groups")
record GroupsProperties(
        @DefaultValue("16") int threads,
        @DefaultValue("2") int loadThreads,
        @DefaultValue("50") int offsetsTopicPartitions,
        @DefaultValue("100MB") DataSize offsetsTopicSegmentSize,
        @DefaultValue("7d") Duration offsetsRetention,
        @DefaultValue("4KB") DataSize offsetMetadataMaxSize,
        @DefaultValue("3s") Duration initialRebalanceDelay,
        @DefaultValue("6s") Duration minSessionTimeout,
        @DefaultValue("30m") Duration maxSessionTimeout,
        @DefaultValue("10000") int maxSize,
        @DefaultValue("15s") Duration lagInterval,
        @DefaultValue Map<String, String> kafka) {
    private static final int THREADS_MOST = 64;
    private static final int PARTITIONS_MOST = 1000;

    GroupsProperties {
        kafka = Map.copyOf(kafka);
        require(threads >= 1 && threads <= THREADS_MOST, "threads", threads, "Set it to 1 up to 64.");
        require(loadThreads >= 1 && loadThreads <= THREADS_MOST, "load-threads", loadThreads, "Set it to 1 up to 64.");
        require(
                offsetsTopicPartitions >= 1 && offsetsTopicPartitions <= PARTITIONS_MOST,
                "offsets-topic-partitions",
                offsetsTopicPartitions,
                "Set it to 1 up to 1000.");
        require(
                offsetsTopicSegmentSize.toBytes() >= 1024 * 1024
                        && offsetsTopicSegmentSize.toBytes() <= Integer.MAX_VALUE,
                "offsets-topic-segment-size",
                offsetsTopicSegmentSize,
                "Set it to 1MB up to 2047MB.");
        require(
                offsetsRetention.toMinutes() >= 1 && offsetsRetention.toMinutes() <= Integer.MAX_VALUE,
                "offsets-retention",
                offsetsRetention,
                "Set it to one minute or more, such as 7d.");
        require(
                offsetMetadataMaxSize.toBytes() >= 0 && offsetMetadataMaxSize.toBytes() <= 1024 * 1024,
                "offset-metadata-max-size",
                offsetMetadataMaxSize,
                "Set it to 0 up to 1MB.");
        require(maxSize >= 1, "max-size", maxSize, "Set it to 1 or more.");
        require(
                lagInterval.toMillis() >= 1 && lagInterval.compareTo(Duration.ofDays(1)) <= 0,
                "lag-interval",
                lagInterval,
                "Set it to 1ms up to 1d, such as 15s.");
        requireMillis(initialRebalanceDelay, "initial-rebalance-delay");
        requireMillis(minSessionTimeout, "min-session-timeout");
        requireMillis(maxSessionTimeout, "max-session-timeout");
        require(
                minSessionTimeout.compareTo(maxSessionTimeout) <= 0,
                "min-session-timeout",
                minSessionTimeout,
                "It must not be longer than max-session-timeout, which is '" + maxSessionTimeout + "'.");
    }

    /** The same in the library's words. */
    Map<String, Object> libraryProperties() {
        Map<String, Object> properties = ownProperties();
        kafka.forEach(properties::putIfAbsent);
        return properties;
    }

    private Map<String, Object> ownProperties() {
        Map<String, Object> properties = new HashMap<>();
        properties.put(GroupCoordinatorConfig.GROUP_COORDINATOR_NUM_THREADS_CONFIG, threads);
        properties.put(GroupCoordinatorConfig.OFFSETS_TOPIC_PARTITIONS_CONFIG, offsetsTopicPartitions);
        properties.put(
                GroupCoordinatorConfig.OFFSETS_TOPIC_SEGMENT_BYTES_CONFIG, (int) offsetsTopicSegmentSize.toBytes());
        properties.put(GroupCoordinatorConfig.OFFSETS_RETENTION_MINUTES_CONFIG, (int) offsetsRetention.toMinutes());
        properties.put(GroupCoordinatorConfig.OFFSET_METADATA_MAX_SIZE_CONFIG, (int) offsetMetadataMaxSize.toBytes());
        properties.put(
                GroupCoordinatorConfig.GROUP_INITIAL_REBALANCE_DELAY_MS_CONFIG, (int) initialRebalanceDelay.toMillis());
        properties.put(GroupCoordinatorConfig.GROUP_MIN_SESSION_TIMEOUT_MS_CONFIG, (int) minSessionTimeout.toMillis());
        properties.put(GroupCoordinatorConfig.GROUP_MAX_SESSION_TIMEOUT_MS_CONFIG, (int) maxSessionTimeout.toMillis());
        properties.put(GroupCoordinatorConfig.GROUP_MAX_SIZE_CONFIG, maxSize);
        return properties;
    }

    /** @throws StartRefusedException if Kafka knows no such setting or does not take its value */
    GroupCoordinatorConfig libraryConfig() {
        Map<String, Object> own = ownProperties();
        for (String name : kafka.keySet()) {
            if (own.containsKey(name)) {
                throw new StartRefusedException(
                        "wellspring.groups.kafka names '" + name + "', which has a property of its own here.",
                        "Set that: application.yml says under wellspring.groups which one it is.");
            }
            if (!GroupCoordinatorConfig.CONFIG_DEF.names().contains(name)) {
                throw new StartRefusedException(
                        "wellspring.groups.kafka names '" + name + "', which is no setting of Kafka's groups.",
                        "Use one of Kafka's names, such as group.consumer.session.timeout.ms.");
            }
        }
        try {
            return GroupCoordinatorConfig.fromProps(libraryProperties());
        } catch (ConfigException | IllegalArgumentException wrong) {
            throw new StartRefusedException(
                    "The settings under wellspring.groups do not fit together: " + wrong.getMessage(),
                    "Set them as Kafka's documentation of the named setting says.",
                    wrong);
        }
    }

    private static void requireMillis(Duration value, String name) {
        require(
                !value.isNegative() && value.compareTo(Duration.ofMillis(Integer.MAX_VALUE)) <= 0,
                name,
                value,
                "Set it to 0s up to 24d.");
    }

    private static void require(boolean isFine, String name, Object value, String remedy) {
        if (!isFine) {
            throw new StartRefusedException("wellspring.groups." + name + " is '" + value + "'.", remedy);
        }
    }
}
