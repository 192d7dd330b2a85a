package io.wellspring.log;

import io.wellspring.model.TopicId;
import io.wellspring.model.TopicPartition;
import java.io.IOException;
import java.util.List;

/**
 * All logs of this broker over all its log directories: lock, identity, clean mark, durable marks; opens, makes and deletes logs.
 * Threads: any, one call at a time per partition.
 */
public final class LogStore implements AutoCloseable {
    LogStore() {}

    /** The cluster's id as the directories say (made on the first start). */
    public String clusterId() {
        throw new UnsupportedOperationException("skeleton");
    }

    /** Partitions that have a directory on disk, found at start; none is open yet. */
    public List<Found> found() {
        throw new UnsupportedOperationException("skeleton");
    }

    /**
     * A directory {@code topic-partition} on disk.
     *
     * @param topicId what its {@code partition.metadata} says; {@link TopicId#ZERO} if there is none
     */
    public record Found(TopicPartition partition, TopicId topicId) {}

    /**
     * Opens a partition found on disk, with recovery where it was not closed cleanly. Damage below the durable mark does not throw:
     * the log comes back {@link PartitionLog#isOffline offline} and untouched.
     */
    public PartitionLog open(TopicPartition partition, TopicId topicId, LogSettings settings, DerivedState state)
            throws IOException {
        throw new UnsupportedOperationException("skeleton");
    }

    /** Makes a new empty log in the directory with the fewest partitions; durable when it returns. */
    public PartitionLog create(TopicPartition partition, TopicId topicId, LogSettings settings, DerivedState state)
            throws IOException {
        throw new UnsupportedOperationException("skeleton");
    }

    /** Renames the directory away at once and deletes its files later. The log is closed by it. */
    public void delete(PartitionLog log) throws IOException {
        throw new UnsupportedOperationException("skeleton");
    }

    /** Deletes a directory that was found at start and belongs to a topic that is gone. */
    public void deleteFound(Found found) throws IOException {
        throw new UnsupportedOperationException("skeleton");
    }

    /** The state of each log directory, for DescribeLogDirs, health and meters. */
    public List<DirectoryStatus> directories() {
        throw new UnsupportedOperationException("skeleton");
    }

    /**
     * @param path absolute path
     * @param totalBytes size of the volume
     * @param usableBytes free bytes of the volume
     * @param logs the open logs in it
     * @param failure why the directory is offline, empty if it is not
     */
    public record DirectoryStatus(
            String path, long totalBytes, long usableBytes, List<PartitionLog> logs, String failure) {}

    /** Closes every log, writes the clean mark and gives the locks back. */
    @Override
    public void close() throws IOException {
        throw new UnsupportedOperationException("skeleton");
    }
}
