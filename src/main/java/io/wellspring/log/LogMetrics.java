package io.wellspring.log;

import io.wellspring.model.TopicPartition;

/** What this room tells whoever counts ({@code management}). Threads: any; the methods must not wait. */
public interface LogMetrics {
    /** Nobody counts. */
    LogMetrics NONE = new LogMetrics() {};

    /** Batches were written. */
    default void appended(TopicPartition partition, long sizeBytes, long elapsedNanos) {}

    /** A log was forced to disk. */
    default void flushed(TopicPartition partition, long elapsedNanos) {}

    /** A segment was closed. */
    default void rolled(TopicPartition partition) {}

    /** Retention took segments out. */
    default void retired(TopicPartition partition, int segmentCount, long sizeBytes) {}

    /** Recovery cut a torn tail above the durable mark. */
    default void tailCut(TopicPartition partition, long sizeBytes) {}

    /** Recovery of one log ended. */
    default void recovered(TopicPartition partition, long readBytes, long elapsedNanos) {}

    /** A log is offline from now on. */
    default void wentOffline(TopicPartition partition) {}

    /** The scrubber read and checked this much. */
    default void scrubbed(long sizeBytes) {}
}
