package io.wellspring.partition;

/**
 * What the partitions tell about themselves; {@code management} implements it with meters. Threads: any; the methods must return at
 * once, for they are called by the threads that write.
 */
public interface PartitionMetrics {
    /** Takes note of nothing. */
    PartitionMetrics NONE = new PartitionMetrics() {};

    /** How much waits in a shard's queue just now. */
    default void queued(int shard, int count, long sizeBytes) {}

    /** Records of one append were committed. */
    default void appended(String topic, long recordCount, long sizeBytes) {}

    default void refused(AppendRefusal reason) {}

    /**
     * A group went through assign, write, flush and commit.
     *
     * @param elapsedNanos from taking it off the queue to its commit
     */
    default void groupCommitted(int shard, int appendCount, int entryCount, long sizeBytes, long elapsedNanos) {}

    /**
     * An append was answered.
     *
     * @param elapsedNanos time from joining the queue to the answer
     */
    default void waitedForCommit(long elapsedNanos) {}

    /**
     * One round of fsyncs.
     *
     * @param logCount logs that had something to flush
     */
    default void flushed(int shard, int logCount, long elapsedNanos) {}
}
