package io.wellspring.topic;

import io.wellspring.model.TopicId;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A topic as a client wants it.
 *
 * @param name its name, not checked yet
 * @param id the identity it will have
 * @param partitionCount how many partitions; -1: the broker's default, or as the assignments say
 * @param replicationFactor copies of each partition; -1: the broker's default, or as the assignments say
 * @param assignments the brokers of each partition, an entry per partition as the client wrote them; empty: the broker places them
 * @param settings Kafka's names to values
 */
public record NewTopic(
        String name,
        TopicId id,
        int partitionCount,
        int replicationFactor,
        List<Assignment> assignments,
        Map<String, @Nullable String> settings) {
    /** A topic that leaves everything to the broker: what auto-creation makes. */
    public static NewTopic withDefaults(String name, TopicId id) {
        return new NewTopic(name, id, -1, -1, List.of(), Map.of());
    }

    /**
     * Where one partition shall lie.
     *
     * @param partition its index
     * @param brokerIds its replicas, the preferred leader first
     */
    public record Assignment(int partition, List<Integer> brokerIds) {}
}
