package io.wellspring.model;

/**
 * A partition of a topic by name.
 *
 * @param topic the topic's name, not empty
 * @param partition the partition's index, &ge; 0
 */
public record TopicPartition(String topic, int partition) implements Comparable<TopicPartition> {
    public TopicPartition {
        if (topic.isEmpty() || partition < 0) {
            throw new IllegalArgumentException("not a partition: '" + topic + "'-" + partition);
        }
    }

    /** Orders by topic name, then by index. */
    @Override
    public int compareTo(TopicPartition other) {
        int byTopic = topic.compareTo(other.topic);
        return byTopic != 0 ? byTopic : Integer.compare(partition, other.partition);
    }

    /** The form that names directories and log lines: {@code topic-partition}. */
    @Override
    public String toString() {
        return topic + "-" + partition;
    }
}
