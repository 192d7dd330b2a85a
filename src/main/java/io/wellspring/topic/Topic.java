package io.wellspring.topic;

import io.wellspring.model.TopicId;

/**
 * A topic as the catalog knows it.
 *
 * @param name the topic's name
 * @param id its identity
 * @param partitionCount its partitions are 0 to {@code partitionCount - 1}
 * @param settings its settings: what was set on the topic over the broker's defaults
 */
public record Topic(String name, TopicId id, int partitionCount, TopicSettings settings) {
    /** The catalog's own topic. */
    public static final String CATALOG = "__wellspring_catalog";

    /** True for topics that the broker keeps for itself, by Kafka's names and ours. */
    public boolean isInternal() {
        return isInternal(name);
    }

    public static boolean isInternal(String name) {
        return name.equals(CATALOG) || name.equals("__consumer_offsets") || name.equals("__transaction_state");
    }
}
