package io.wellspring.api.cluster;

import io.wellspring.model.TopicPartition;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;

/** The log directories and what lies in them. Threads: any. */
@FunctionalInterface
interface LogDirectories {
    /**
     * Asks the file system, on a thread that may block.
     *
     * @throws RejectedExecutionException if those threads have more to do than they can take on
     */
    CompletionStage<List<LogDirectory>> describe();

    /**
     * @param path absolute
     * @param isOnline false if the directory failed: nothing is known about what lies in it
     * @param totalBytes size of the volume
     * @param usableBytes free bytes of the volume
     * @param logs the logs in it
     */
    record LogDirectory(String path, boolean isOnline, long totalBytes, long usableBytes, List<LogSize> logs) {}

    /**
     * @param sizeBytes bytes of its segments
     * @param offsetLag how far the log's end lies behind the high watermark; -1 if the partition is not served
     */
    record LogSize(TopicPartition partition, long sizeBytes, long offsetLag) {}
}
