package io.wellspring.partition;

import io.wellspring.log.CompactionReport;
import io.wellspring.log.LogStore;
import io.wellspring.log.PartitionLog;
import io.wellspring.log.RetentionPreview;
import io.wellspring.support.RoleThreads;
import java.io.IOException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What an operator does to one partition by hand. Stages fail with {@link RejectedExecutionException} if too much waits already, with
 * {@link IOException} if the partition is offline or its disk fails. Threads: any; nothing here blocks.
 */
public final class PartitionOperations implements AutoCloseable {
    private static final int MOST_WAITING = 100;

    private final ReplicationEngine engine;
    private final LogStore logs;

    /** For what reads a whole log. Never interrupted: that would close the file under its other readers. */
    private final ThreadPoolExecutor reader = new ThreadPoolExecutor(
            1, 1, 0L, TimeUnit.SECONDS, new ArrayBlockingQueue<>(MOST_WAITING), new RoleThreads("operations"));

    PartitionOperations(ReplicationEngine engine, LogStore logs) {
        this.engine = engine;
        this.logs = logs;
    }

    /** Ends the active segment unless it is empty. @return the base offset of the new one: the log's end */
    public CompletionStage<Long> roll(Partition partition) {
        return onShard(partition, log -> {
            log.roll();
            return log.endOffset();
        });
    }

    /** Forces everything to disk. @return everything below this offset is there */
    public CompletionStage<Long> flush(Partition partition) {
        return onShard(partition, log -> {
            if (!partition.replica().flush()) {
                throw new IOException(partition + " is offline: " + partition.offlineReason());
            }
            return log.flushedOffset();
        });
    }

    /** Takes out what retention lets go, or only tells what that would be. */
    public CompletionStage<RetentionPreview> applyRetention(Partition partition, boolean onlyTells) {
        return onShard(partition, log -> {
            RetentionPreview preview = RetentionPreview.of(log, partition.highWatermark());
            if (!onlyTells) {
                log.applyRetention(partition.highWatermark());
            }
            return preview;
        });
    }

    /** Compacts now; null: nothing is left to be compacted. Fails with {@link io.wellspring.log.CompactionStoppedException} if it cannot be. */
    public CompletionStage<@Nullable CompactionReport> compact(Partition partition) {
        return logs.compactSoon(partition.replica().log());
    }

    /** Compares all checksums below the durable mark; one at a time. @return what is damaged, and the partition is offline then; null: nothing */
    public CompletionStage<@Nullable String> scrub(Partition partition) {
        return CompletableFuture.supplyAsync(
                () -> logs.scrub(partition.replica().log()), reader);
    }

    /** Refuses clients' appends from now on, or takes them again. They are told to come again (NOT_ENOUGH_REPLICAS). Forgotten when the broker stops. */
    public void pause(Partition partition, boolean stopsClients) {
        partition.pause(stopsClients);
    }

    /** A step on the log's own thread. */
    @FunctionalInterface
    private interface Step<T> {
        T run(PartitionLog log) throws IOException;
    }

    private <T> CompletionStage<T> onShard(Partition partition, Step<T> step) {
        return engine.execute(partition.shard(), () -> {
            String offline = partition.offlineReason();
            if (offline != null) {
                throw new IOException(partition + " is offline: " + offline);
            }
            if (!partition.isLeader()) {
                throw new IOException("this broker does not lead " + partition);
            }
            return step.run(partition.replica().log());
        });
    }

    /** What is under way ends by itself, with the log store. */
    @Override
    public void close() {
        reader.shutdown();
        reader.getQueue().clear();
    }
}
