package io.wellspring.partition;

import io.wellspring.log.CompactionSettings;
import io.wellspring.log.CompactionSource;
import io.wellspring.log.PartitionLog;
import io.wellspring.log.ProducerSnapshot;
import io.wellspring.topic.TopicSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the log store which partitions are to be compacted, and how. Threads: any but the shards' own; asking for producers waits for one of those. */
final class CompactionFeed implements CompactionSource {
    private static final Logger LOG = LoggerFactory.getLogger(CompactionFeed.class);

    private final Partitions partitions;
    private final ReplicationEngine engine;

    CompactionFeed(Partitions partitions, ReplicationEngine engine) {
        this.partitions = partitions;
        this.engine = engine;
    }

    @Override
    public List<Candidate> candidates() {
        List<Candidate> candidates = new ArrayList<>();
        for (Partition partition : partitions.all()) {
            TopicSettings settings = partition.settings();
            if (settings.isCompacted() && partition.isLeader() && partition.offlineReason() == null) {
                candidates.add(
                        new Candidate(partition.replica().log(), compactionOf(settings), partition.lastStableOffset()));
            }
        }
        return candidates;
    }

    private static CompactionSettings compactionOf(TopicSettings settings) {
        return new CompactionSettings(
                settings.minCleanableDirtyRatio(),
                settings.minCompactionLagMs(),
                settings.maxCompactionLagMs(),
                settings.deleteRetentionMs());
    }

    @Override
    public @Nullable List<ProducerSnapshot.Entry> producers(PartitionLog log) {
        Partition partition = partitions.find(log.partition());
        if (partition == null || partition.replica().log() != log) {
            return null;
        }
        try {
            return engine.execute(
                            partition.shard(),
                            () -> partition.replica().producers().snapshot())
                    .toCompletableFuture()
                    .join();
        } catch (CompletionException busyOrStopping) {
            LOG.debug("The producers of a partition cannot be told now: partition={}", partition, busyOrStopping);
            return null;
        }
    }
}
