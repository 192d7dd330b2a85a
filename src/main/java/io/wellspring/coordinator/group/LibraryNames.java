package io.wellspring.coordinator.group;

import io.wellspring.model.TopicId;
import io.wellspring.model.TopicPartition;
import org.apache.kafka.common.Uuid;

/** Our names in the library's types and back. */
final class LibraryNames {
    private LibraryNames() {}

    static TopicPartition of(org.apache.kafka.common.TopicPartition partition) {
        return new TopicPartition(partition.topic(), partition.partition());
    }

    static org.apache.kafka.common.TopicPartition of(TopicPartition partition) {
        return new org.apache.kafka.common.TopicPartition(partition.topic(), partition.partition());
    }

    static Uuid of(TopicId id) {
        return new Uuid(id.mostSignificantBits(), id.leastSignificantBits());
    }
}
