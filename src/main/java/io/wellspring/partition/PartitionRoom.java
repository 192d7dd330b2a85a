package io.wellspring.partition;

import io.wellspring.log.LogStore;
import io.wellspring.support.StartRefusedException;
import io.wellspring.topic.CatalogEvent;
import io.wellspring.topic.TopicDefaults;
import io.wellspring.topic.UnreadableCatalogEventException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts and stops the partitions in order: catalog, leadership, replay, the other logs, housekeeping; and back.
 *
 * <p>Leader epochs: each start leads with one epoch more than the catalog's log has seen, and the first thing it writes there is a
 * reservation of producer ids. So the epoch is on disk before any other partition serves, and no two lives of the broker share one,
 * even when a crash under a lazy flush policy takes back what the last life wrote: readers who saw it are told by their epoch
 * (KIP-320). Threads: the one that starts and stops.
 */
final class PartitionRoom {
    private static final Logger LOG = LoggerFactory.getLogger(PartitionRoom.class);

    private static final Duration RETRY_EVERY = Duration.ofSeconds(30);

    private final Parts parts;
    private final Periods periods;
    private final TopicDefaults defaults;

    PartitionRoom(Parts parts, Periods periods, TopicDefaults defaults) {
        this.parts = parts;
        this.periods = periods;
        this.defaults = defaults;
    }

    /** What is started and stopped. */
    record Parts(
            LocalEngine engine,
            PartitionOpener opener,
            CatalogPartitions catalogPartitions,
            CatalogJournal journal,
            ProducerIds producerIds,
            Partitions partitions,
            Housekeeping housekeeping,
            LogStore logs) {}

    /**
     * @param durableMarkInterval how often logs get ready for their durable marks to be written
     * @param flushInterval the longest that what is written stays in memory; null: everything is flushed before it is committed
     */
    record Periods(
            Duration retentionInterval,
            Duration producerIdExpiration,
            Duration durableMarkInterval,
            @Nullable Duration flushInterval) {}

    void start() {
        try {
            Partition catalog = parts.catalogPartitions().openCatalog(defaults);
            int epoch = catalog.leaderEpochs().latestEpoch() + 1;
            parts.engine().lead(epoch).toCompletableFuture().join();
            List<CatalogEvent> events = CatalogRecords.readAll(catalog.replica().log());
            parts.journal().start(catalog, events);
        } catch (IOException | IllegalStateException | UnreadableCatalogEventException unusable) {
            throw new StartRefusedException(
                    "The catalog of topics " + CatalogPartitions.CATALOG + " cannot be used: " + unusable.getMessage(),
                    "Bring back an undamaged copy of its directory, or start the version that wrote it.",
                    unusable);
        }
        if (parts.producerIds().next().toCompletableFuture().join() == null) {
            LOG.warn("No producer ids could be reserved at start: idempotent producers have to wait");
        }
        parts.housekeeping().start(periods);
        parts.journal().retryFailedEvery(RETRY_EVERY);
        parts.logs().startCompaction(new CompactionFeed(parts.partitions(), parts.engine()));
        PartitionsProgress progress = parts.partitions().progress();
        LOG.info("Partitions are open: count={} offline={}", progress.openedCount(), progress.offlineCount());
    }

    /**
     * What was taken is finished, nothing new is taken. When this returns no thread writes any more and the log store may close, or it is told that one
     * does.
     */
    void stop() {
        parts.housekeeping().stop();
        parts.journal().close();
        parts.opener().close();
        parts.engine().close();
        if (!parts.engine().hasEnded()) {
            parts.catalogPartitions().leaveLogsUnclean();
        }
        parts.partitions().close();
    }
}
