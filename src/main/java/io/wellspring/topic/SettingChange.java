package io.wellspring.topic;

import org.jspecify.annotations.Nullable;

/**
 * One change of IncrementalAlterConfigs (KIP-339).
 *
 * @param name Kafka's name of the setting
 * @param operation what to do with it
 * @param value null only with {@link Operation#DELETE}
 */
public record SettingChange(
        String name, Operation operation, @Nullable String value) {
    /** What to do with a setting. */
    public enum Operation {
        SET,
        /** Back to the default. */
        DELETE,
        /** Adds items to a list. */
        APPEND,
        /** Takes items out of a list. */
        SUBTRACT
    }
}
