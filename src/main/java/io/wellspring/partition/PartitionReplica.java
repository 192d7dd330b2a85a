package io.wellspring.partition;

import io.wellspring.batch.RecordBatch;
import io.wellspring.log.DiskFullException;
import io.wellspring.log.PartitionLog;
import io.wellspring.model.IsolationLevel;
import io.wellspring.model.TopicId;
import io.wellspring.model.TopicPartition;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One partition as its shard's owner keeps it: the log, the producers, how far it is committed, and whether this broker leads it.
 *
 * <p>Keeps true: {@code lastStableOffset <= highWatermark <= log end}; the high watermark never goes back; with fsync before the
 * commit it never passes what is on disk. Threads: everything that changes it, the shard's owner; the rest any.
 */
final class PartitionReplica {
    private static final Logger LOG = LoggerFactory.getLogger(PartitionReplica.class);
    private static final long NOTHING = -1L;

    private final PartitionLog log;
    private final ProducerStates producers;
    private final FetchWaiters waiters = new FetchWaiters();

    private volatile Committed committed;
    private volatile Leadership leadership = new Leadership(false, -1, -1L);

    /** Why a write or flush failed; null: none did. */
    private volatile @Nullable String failedWith;

    /** The offset that the next assigned record gets; ahead of the log's end while batches are on their way to it. Owner only. */
    private long nextOffset;

    /** When the oldest record that is not flushed was written. Owner only. */
    private long dirtySinceNanos;

    /** How far the commit under way goes here; -1: no further. Owner only. */
    private long commitEnd = NOTHING;

    /**
     * What the log holds counts as committed: an engine that knows better cuts it when it begins to lead.
     *
     * @param log open; not written by anybody else from now on
     */
    PartitionReplica(PartitionLog log, ProducerStates producers) {
        this.log = log;
        this.producers = producers;
        this.nextOffset = log.endOffset();
        this.committed = new Committed(nextOffset, Math.min(nextOffset, producers.firstUndecidedOffset(nextOffset)));
    }

    /** Both marks in one value, so that a reader never sees the stable one above the high one. */
    record Committed(long highWatermark, long lastStableOffset) {
        /** What lies below is visible to such a reader. */
        long visibleTo(IsolationLevel isolation) {
            return switch (isolation) {
                case READ_UNCOMMITTED -> highWatermark;
                case READ_COMMITTED -> lastStableOffset;
            };
        }
    }

    /**
     * @param epoch the newest epoch known, whoever leads
     * @param startOffset where this broker's leadership began; -1: it does not lead
     */
    record Leadership(boolean isLeader, int epoch, long startOffset) {}

    TopicPartition partition() {
        return log.partition();
    }

    TopicId topicId() {
        return log.topicId();
    }

    PartitionLog log() {
        return log;
    }

    ProducerStates producers() {
        return producers;
    }

    FetchWaiters waiters() {
        return waiters;
    }

    Committed committed() {
        return committed;
    }

    Leadership leadership() {
        return leadership;
    }

    boolean isOffline() {
        return failedWith != null || log.isOffline();
    }

    @Nullable
    String offlineReason() {
        String reason = log.offlineReason();
        return reason != null ? reason : failedWith;
    }

    /** Gives the batches their offsets and the epoch; what is in flight already lies before them. */
    void assign(PartitionAppend append) {
        int epoch = leadership.epoch();
        append.assign(nextOffset);
        List<RecordBatch> batches = append.batches();
        for (int i = 0; i < batches.size(); i++) {
            RecordBatch batch = batches.get(i);
            batch.assignBaseOffset(nextOffset);
            batch.assignLeaderEpoch(epoch);
            nextOffset = batch.nextOffset();
            producers.assigned(batch);
        }
    }

    /**
     * Writes assigned batches.
     *
     * @return null: written; else why the appends are refused
     */
    @Nullable
    AppendRefusal write(List<RecordBatch> batches) {
        long expected = log.endOffset();
        long first = batches.getFirst().baseOffset();
        if (first != expected) {
            throw new IllegalStateException(
                    "entry begins at offset " + first + " but " + partition() + " ends at " + expected);
        }
        producers.writing(batches, log::endOffset);
        try {
            log.append(batches);
        } catch (DiskFullException full) {
            LOG.warn("No room to append: partition={} cause={}", partition(), full.toString());
            undo(expected);
            return AppendRefusal.DISK_FULL;
        } catch (IOException failure) {
            producers.written();
            forgetAssigned();
            fail("append", failure);
            return AppendRefusal.LOG_OFFLINE;
        }
        producers.written();
        return null;
    }

    /** A run that crosses into a new segment may have been written in part; what is refused must leave no trace. */
    private void undo(long end) {
        producers.written();
        if (log.endOffset() > end) {
            truncateTo(end);
        } else {
            forgetAssigned();
        }
    }

    /** Forgets batches that will not be written: offsets and producers are as the log has them. */
    void forgetAssigned() {
        producers.forgetAssigned();
        nextOffset = log.endOffset();
    }

    /** False: the disk failed and the log is offline from now on. */
    boolean flush() {
        try {
            log.flush();
            return true;
        } catch (IOException failure) {
            fail("flush", failure);
            return false;
        }
    }

    /** Cuts what is not committed, from this offset on. */
    void truncateTo(long offset) {
        long highWatermark = committed.highWatermark();
        if (offset < highWatermark) {
            throw new IllegalStateException("asked to cut " + partition() + " to offset " + offset
                    + ", below what is committed: " + highWatermark);
        }
        try {
            log.truncateTo(offset);
        } catch (IOException failure) {
            fail("truncation", failure);
        }
        forgetAssigned();
    }

    /** Notes where the committed part will end; the largest counts. @return true: the first note since they were forgotten */
    boolean willCommit(long end) {
        boolean isFirst = commitEnd == NOTHING;
        commitEnd = Math.max(commitEnd, end);
        return isFirst;
    }

    /** What was noted. */
    long commitEnd() {
        return commitEnd;
    }

    void forgetCommit() {
        commitEnd = NOTHING;
    }

    /** Moves the high watermark, and with it the last stable offset. @return false: it was there already */
    boolean commit(long highWatermark) {
        Committed before = committed;
        if (highWatermark <= before.highWatermark()) {
            return false;
        }
        committed =
                new Committed(highWatermark, Math.min(highWatermark, producers.firstUndecidedOffset(highWatermark)));
        waiters.changed();
        return true;
    }

    /** Leads from now on. An epoch never goes back, even if the log came from a broker that was further. */
    void lead(int epoch) {
        int newest =
                log.isOffline() ? epoch : Math.max(epoch, log.leaderEpochs().latestEpoch());
        leadership = new Leadership(true, newest, log.endOffset());
        waiters.changed();
    }

    void follow() {
        leadership = new Leadership(false, leadership.epoch(), -1L);
        waiters.changed();
    }

    long dirtySinceNanos() {
        return dirtySinceNanos;
    }

    void dirtySince(long nanos) {
        dirtySinceNanos = nanos;
    }

    /** Whatever the log thinks of it: after a failed write nothing of this partition is acknowledged or served any more. */
    private void fail(String during, IOException failure) {
        failedWith = during + " failed: " + failure;
        if (!log.isOffline()) {
            // Else the log has said it already.
            LOG.error("A partition is offline: partition={} during={}", partition(), during, failure);
        }
        waiters.changed();
    }

    @Override
    public String toString() {
        return partition().toString();
    }
}
