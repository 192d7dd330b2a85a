package io.wellspring.log;

/**
 * What happens in the logs, for whoever counts it ({@code management}). Called on the threads that do the work: implementations return
 * at once. Threads: any.
 */
public interface LogMetrics {
    /** Counts nothing. */
    LogMetrics NONE = new LogMetrics() {};

    /** Batches were written to one log. */
    default void appended(long bytes, int batches, long records) {}

    /** Unforced bytes of one segment were made durable; the time it took. */
    default void flushed(long nanos) {}

    /** A new segment was begun. */
    default void rolled() {}

    /** Segments were taken out by retention. */
    default void segmentsRetired(int segments, long bytes) {}

    /** A log was cut back to an offset. */
    default void truncated() {}

    /** Indexes of a segment were missing or wrong and were made anew. */
    default void indexesRebuilt() {}

    /** Recovery cut a torn tail. */
    default void recoveredTail(long cutBytes) {}

    /** A log takes no writes and no reads any more. */
    default void wentOffline() {}

    /** A log was compacted: what was read, what of it was written again, the time it took. */
    default void compacted(long bytesRead, long bytesWritten, long nanos) {}

    /** The compaction of a log failed. */
    default void compactionFailed() {}

    /** The scrubber read and checked this much. */
    default void scrubbed(long bytes) {}
}
