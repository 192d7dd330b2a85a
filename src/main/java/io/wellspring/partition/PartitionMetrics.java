package io.wellspring.partition;

/**
 * What the partitions tell about themselves; {@code management} implements it with meters. Threads: any; the methods must return at
 * once, for they are called by the threads that write.
 */
public interface PartitionMetrics {
    /** Takes note of nothing. */
    PartitionMetrics NONE = new PartitionMetrics() {
        @Override
        public void queued(int shard, int count, long sizeBytes) {}

        @Override
        public void appended(String topic, long recordCount, long sizeBytes) {}

        @Override
        public void refused(AppendRefusal reason) {}

        @Override
        public void groupCommitted(int shard, int appendCount, int entryCount, long sizeBytes, long elapsedNanos) {}

        @Override
        public void waitedForCommit(long elapsedNanos) {}

        @Override
        public void flushed(int shard, int logCount, long elapsedNanos) {}
    };

    /** How much waits in a shard's queue just now. */
    void queued(int shard, int count, long sizeBytes);

    /** Records of one append were committed. */
    void appended(String topic, long recordCount, long sizeBytes);

    void refused(AppendRefusal reason);

    /**
     * A group went through assign, write, flush and commit.
     *
     * @param elapsedNanos from taking it off the queue to its commit
     */
    void groupCommitted(int shard, int appendCount, int entryCount, long sizeBytes, long elapsedNanos);

    /**
     * An append was answered.
     *
     * @param elapsedNanos time from joining the queue to the answer
     */
    void waitedForCommit(long elapsedNanos);

    /**
     * One round of fsyncs.
     *
     * @param logCount logs that had something to flush
     */
    void flushed(int shard, int logCount, long elapsedNanos);
}
