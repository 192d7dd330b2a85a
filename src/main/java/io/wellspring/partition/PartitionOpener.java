package io.wellspring.partition;

import io.wellspring.log.LogStore;
import io.wellspring.log.PartitionLog;
import io.wellspring.model.TopicId;
import io.wellspring.model.TopicPartition;
import io.wellspring.support.RoleThreads;
import io.wellspring.support.Ticker;
import io.wellspring.topic.TopicSettings;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens, makes and deletes the logs of partitions, and brings them into their shards and the registry. A log that cannot be opened or
 * made is one partition's misfortune: it is noted, the others go on. Threads: the catalog's, one call at a time; logs are
 * opened in parallel by {@code wellspring-open-N}.
 */
final class PartitionOpener {
    private static final Logger LOG = LoggerFactory.getLogger(PartitionOpener.class);

    private final LogStore logs;
    private final List<PartitionShardStore> stores;
    private final ShardPlacement placement;
    private final PartitionServices services;
    private final Partitions partitions;
    private final int maxProducers;
    private final Ticker ticker;
    private final ExecutorService pool;

    PartitionOpener(
            LogStore logs,
            List<PartitionShardStore> stores,
            PartitionServices services,
            Partitions partitions,
            Limits limits,
            Ticker ticker) {
        this.logs = logs;
        this.stores = List.copyOf(stores);
        this.placement = new ShardPlacement(stores.size());
        this.services = services;
        this.partitions = partitions;
        this.maxProducers = limits.maxProducers();
        this.ticker = ticker;
        this.pool = Executors.newFixedThreadPool(limits.openThreads(), new RoleThreads("open"));
    }

    /**
     * @param maxProducers producers that one partition remembers
     * @param openThreads logs that are opened at a time
     */
    record Limits(int maxProducers, int openThreads) {}

    /**
     * A partition that is to be there.
     *
     * @param isOnDisk it has a directory already
     */
    record Wanted(TopicPartition partition, TopicId topicId, TopicSettings settings, boolean isOnDisk) {}

    /** Opens or makes one partition; it serves when this returns. */
    Partition open(Wanted wanted) throws IOException {
        ProducerStates producers = new ProducerStates(maxProducers, ticker);
        PartitionLog log = wanted.isOnDisk()
                ? logs.open(
                        wanted.partition(), wanted.topicId(), wanted.settings().logSettings(), producers)
                : logs.create(
                        wanted.partition(), wanted.topicId(), wanted.settings().logSettings(), producers);
        PartitionReplica replica = new PartitionReplica(log, producers);
        if (replica.isOffline()) {
            LOG.error("A partition is offline: partition={} reason={}", replica, replica.offlineReason());
        }
        ShardId shard = placement.shardOf(wanted.partition());
        Partition partition = new Partition(replica, shard, wanted.settings(), services);
        run(shard, () -> {
            stores.get(shard.number()).add(replica);
            return replica;
        });
        partitions.add(partition);
        return partition;
    }

    /** Opens or makes these; returns when each is there or has failed. */
    void openAll(List<Wanted> all) {
        List<CompletableFuture<Void>> opened = new ArrayList<>(all.size());
        for (Wanted wanted : all) {
            opened.add(CompletableFuture.runAsync(() -> openOrNote(wanted), pool));
        }
        opened.forEach(CompletableFuture::join);
    }

    private void openOrNote(Wanted wanted) {
        try {
            open(wanted);
        } catch (IOException | RuntimeException failure) {
            LOG.error("A partition has no log here: partition={}", wanted.partition(), failure);
            partitions.failed(wanted.partition(), failure.toString());
        }
    }

    /** Takes the partition out of service; its files are deleted by {@link #deleteFiles}. */
    void retire(Partition partition) {
        partitions.remove(partition);
        try {
            run(partition.shard(), () -> {
                stores.get(partition.shard().number()).remove(partition.replica());
                return partition;
            });
        } catch (IOException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Deletes the files of a retired partition, or leaves them to the next start. */
    void deleteFiles(Partition partition) {
        try {
            run(partition.shard(), () -> {
                logs.delete(partition.replica().log());
                return partition;
            });
        } catch (IOException | RuntimeException failure) {
            LOG.error("Files of a deleted partition are left for the next start: partition={}", partition, failure);
        }
    }

    /** Deletes a directory of a deleted topic that was found at start, or leaves it to the next one. */
    void deleteFound(LogStore.Found found) {
        try {
            logs.deleteFound(found);
        } catch (IOException failure) {
            LOG.error("A deleted partition is left for the next start: partition={}", found.partition(), failure);
        }
    }

    /** Runs a command on the shard's thread and waits for it: never called by a shard's thread itself. */
    private <T> void run(ShardId shard, ShardCommand<T> command) throws IOException {
        while (true) {
            try {
                services.engine().execute(shard, command).toCompletableFuture().join();
                return;
            } catch (CompletionException failure) {
                switch (failure.getCause()) {
                    case RejectedExecutionException full when !pool.isShutdown() -> Thread.onSpinWait();
                    case IOException disk -> throw disk;
                    case null, default -> throw failure;
                }
            }
        }
    }

    /** Waits for nothing: who opens, has come back before. */
    void close() {
        pool.shutdown();
    }
}
