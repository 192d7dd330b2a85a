package io.wellspring.api.data;

import io.wellspring.model.NodeId;
import io.wellspring.model.TopicId;
import io.wellspring.model.TopicPartition;
import io.wellspring.partition.Partition;
import io.wellspring.partition.Partitions;
import io.wellspring.topic.Topic;
import io.wellspring.topic.Topics;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** Finds the partition that a client names, or the error that Kafka has for its absence. Threads: any. */
final class PartitionLookup {
    /** "The client does not know the leader's epoch." */
    static final int UNKNOWN_EPOCH = -1;

    private final Topics topics;
    private final Partitions partitions;

    PartitionLookup(Topics topics, Partitions partitions) {
        this.topics = topics;
        this.partitions = partitions;
    }

    /** What a client's name for a partition leads to. */
    sealed interface Found {}

    /** A partition that this broker has; it may follow or be offline. */
    record Here(Partition partition) implements Found {}

    record Missing(Errors error) implements Found {}

    Found byName(String topic, int index) {
        if (topic.isEmpty() || index < 0) {
            return new Missing(Errors.UNKNOWN_TOPIC_OR_PARTITION);
        }
        Partition partition = partitions.find(new TopicPartition(topic, index));
        return partition != null
                ? new Here(partition)
                : missing(topics.catalog().find(topic), index, Errors.UNKNOWN_TOPIC_OR_PARTITION);
    }

    Found byId(TopicId id, int index) {
        if (id.equals(TopicId.ZERO)) {
            return new Missing(Errors.UNKNOWN_TOPIC_ID);
        }
        Partition partition = index < 0 ? null : partitions.find(id, index);
        return partition != null
                ? new Here(partition)
                : missing(topics.catalog().find(id), index, Errors.UNKNOWN_TOPIC_ID);
    }

    Found find(FetchKey key) {
        return key.topic().isEmpty() ? byId(key.topicId(), key.partition()) : byName(key.topic(), key.partition());
    }

    /** A partition that the catalog knows is led elsewhere, or about to be opened: the client asks for metadata and comes back. */
    private static Missing missing(@Nullable Topic topic, int index, Errors errorWithoutTopic) {
        if (topic == null) {
            return new Missing(errorWithoutTopic);
        }
        boolean exists = index >= 0 && index < topic.partitionCount();
        return new Missing(exists ? Errors.NOT_LEADER_OR_FOLLOWER : Errors.UNKNOWN_TOPIC_OR_PARTITION);
    }

    /** The topic's name, empty if there is no such topic. */
    String nameOf(TopicId id) {
        Topic topic = topics.catalog().find(id);
        return topic == null ? "" : topic.name();
    }

    /**
     * Why this broker does not answer for the partition to a client that believes in this leader epoch (KIP-320).
     *
     * @return {@link Errors#NONE} if it does
     */
    static Errors leadership(Partition partition, int currentLeaderEpoch) {
        if (partition.offlineReason() != null) {
            return Errors.KAFKA_STORAGE_ERROR;
        }
        int leaderEpoch = partition.leaderEpoch();
        if (currentLeaderEpoch != UNKNOWN_EPOCH && currentLeaderEpoch < leaderEpoch) {
            return Errors.FENCED_LEADER_EPOCH;
        }
        if (currentLeaderEpoch != UNKNOWN_EPOCH && currentLeaderEpoch > leaderEpoch) {
            return Errors.UNKNOWN_LEADER_EPOCH;
        }
        return partition.isLeader() ? Errors.NONE : Errors.NOT_LEADER_OR_FOLLOWER;
    }

    /** The number of the broker that leads the partition, -1 if this broker does not know. */
    static int leaderOf(Partition partition, NodeId self) {
        return partition.isLeader() ? self.value() : -1;
    }
}
