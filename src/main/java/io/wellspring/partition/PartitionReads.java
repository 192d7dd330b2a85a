package io.wellspring.partition;

import io.wellspring.log.LeaderEpochs;
import io.wellspring.log.LogRead;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a reader gets of one partition, and why it gets nothing. Threads: any; see {@link Partition#isRecent}. */
final class PartitionReads {
    private static final Logger LOG = LoggerFactory.getLogger(PartitionReads.class);

    private final Partition partition;
    private final PartitionReplica replica;

    PartitionReads(Partition partition) {
        this.partition = partition;
        this.replica = partition.replica();
    }

    ReadOutcome read(ReadRequest request) {
        // Read once: everything below is judged by one state of the partition.
        PartitionReplica.Committed committed = replica.committed();
        ReadRefusal refusal = refusal(request.currentLeaderEpoch());
        if (refusal != null) {
            return refused(refusal, committed);
        }
        try {
            return read(request, committed);
        } catch (IOException failure) {
            LOG.error("Read failed: partition={} offset={}", partition, request.fetchOffset(), failure);
            return refused(ReadRefusal.LOG_OFFLINE, committed);
        }
    }

    /**
     * Why nothing is read, null: it may be.
     *
     * @param currentLeaderEpoch what the client knows; -1: it does not say
     */
    @Nullable
    ReadRefusal refusal(int currentLeaderEpoch) {
        PartitionReplica.Leadership leadership = replica.leadership();
        if (partition.offlineReason() != null) {
            return ReadRefusal.LOG_OFFLINE;
        }
        if (currentLeaderEpoch >= 0 && currentLeaderEpoch != leadership.epoch()) {
            return currentLeaderEpoch < leadership.epoch() ? ReadRefusal.FENCED_EPOCH : ReadRefusal.UNKNOWN_EPOCH;
        }
        return leadership.isLeader() ? null : ReadRefusal.NOT_LEADER;
    }

    private ReadOutcome read(ReadRequest request, PartitionReplica.Committed committed) throws IOException {
        long offset = request.fetchOffset();
        if (request.lastFetchedEpoch() >= 0) {
            LeaderEpochs.EpochEnd end = partition
                    .leaderEpochs()
                    .endOf(request.lastFetchedEpoch(), replica.log().endOffset());
            if (end.epoch() < 0 || end.endOffset() < 0) {
                return refused(ReadRefusal.OFFSET_OUT_OF_RANGE, committed);
            }
            if (end.epoch() < request.lastFetchedEpoch() || end.endOffset() < offset) {
                return records(null, committed, end);
            }
        }
        if (offset < replica.log().startOffset() || offset > replica.log().endOffset()) {
            return refused(ReadRefusal.OFFSET_OUT_OF_RANGE, committed);
        }
        long limit = committed.visibleTo(request.isolation());
        if (offset >= limit) {
            return records(null, committed, null);
        }
        LogRead found = replica.log().read(offset, limit, request.maxBytes(), request.atLeastOne());
        if (found.slice() == null && offset < replica.log().startOffset()) {
            // Retention was quicker than we.
            return refused(ReadRefusal.OFFSET_OUT_OF_RANGE, committed);
        }
        return records(found, committed, null);
    }

    private ReadOutcome records(
            @Nullable LogRead found, PartitionReplica.Committed committed, LeaderEpochs.@Nullable EpochEnd diverging) {
        return new ReadOutcome.Records(
                found == null ? null : found.slice(),
                committed.highWatermark(),
                committed.lastStableOffset(),
                replica.log().startOffset(),
                diverging);
    }

    private ReadOutcome refused(ReadRefusal reason, PartitionReplica.Committed committed) {
        return new ReadOutcome.Refused(
                reason,
                committed.highWatermark(),
                committed.lastStableOffset(),
                replica.log().startOffset());
    }
}
