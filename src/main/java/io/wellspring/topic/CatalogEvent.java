package io.wellspring.topic;

import io.wellspring.model.TopicId;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Something that happened to the catalog. Stored as one JSON record each, so that any Kafka consumer can read them. */
public sealed interface CatalogEvent {
    /**
     * @param settings what was set on the topic, Kafka's names to values
     */
    record TopicCreated(String topic, TopicId topicId, int partitionCount, Map<String, String> settings)
            implements CatalogEvent {}

    record TopicDeleted(String topic, TopicId topicId) implements CatalogEvent {}

    /** @param partitionCount the new number of partitions, larger than before */
    record PartitionsAdded(String topic, TopicId topicId, int partitionCount) implements CatalogEvent {}

    /** @param changes Kafka's names to new values; null takes a setting back to its default */
    record TopicSettingsChanged(String topic, TopicId topicId, Map<String, @Nullable String> changes)
            implements CatalogEvent {}

    /**
     * Dynamic settings of brokers.
     *
     * @param nodeId the broker's number as text, empty for all brokers ("cluster default")
     * @param changes Kafka's names to new values; null takes a setting back
     */
    record BrokerSettingsChanged(String nodeId, Map<String, @Nullable String> changes) implements CatalogEvent {}

    /**
     * Settings of a group of consumers (KIP-848).
     *
     * @param changes Kafka's names to new values; null takes a setting back
     */
    record GroupSettingsChanged(String groupId, Map<String, @Nullable String> changes) implements CatalogEvent {}

    /** @param nextProducerId no producer id below this one will be given out again */
    record ProducerIdsReserved(long nextProducerId) implements CatalogEvent {}
}
