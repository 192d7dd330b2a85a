package io.wellspring.log;

import io.wellspring.batch.BatchThinner;
import io.wellspring.batch.RecordBatch;
import io.wellspring.batch.RecordCursor;
import io.wellspring.batch.UnreadableRecordsException;
import io.wellspring.batch.compression.DecompressionBounds;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * One compaction of one log: reads what was not compacted yet and notes the last offset of each key, then writes all segments up to there anew, group
 * by group from the oldest on, each group swapped in as it is ready. What survives a crash: each group is as before or as after ({@link SwapRecord}); the same
 * compaction can be run again over both. Memory: the map of keys, two buffers of a mebibyte, the largest batch. Threads: one, used once.
 */
final class LogCompaction {
    /** Batches were let into the log under bounds that may have changed: wide, and still bounded. */
    private static final DecompressionBounds BOUNDS = new DecompressionBounds(Integer.MAX_VALUE - 8, 100_000, 1 << 30);

    private final PartitionLog log;
    private final Plan plan;
    private final KeyOffsets keys;
    private final Pace pace;
    private final int truncations;
    private final WholeBatches reader = new WholeBatches();
    private final BatchThinner thinner = new BatchThinner(BOUNDS);
    private boolean hasSwapped;
    private long bytesRead;
    private long bytesWritten;

    /** @param keys empty */
    LogCompaction(PartitionLog log, Plan plan, KeyOffsets keys, Pace pace) {
        this.log = log;
        this.plan = plan;
        this.keys = keys;
        this.pace = pace;
        this.truncations = log.truncationCount();
    }

    /**
     * What is to be compacted, and by which rules.
     *
     * @param firstDirtyOffset everything below was compacted
     * @param endOffset where a segment begins below which everything is stable, sealed and below the durable mark on disk
     * @param producers that are remembered
     * @param nowMs wall time
     * @param deleteRetentionMs how long tombstones stay
     */
    record Plan(
            long firstDirtyOffset,
            long endOffset,
            List<ProducerSnapshot.Entry> producers,
            long nowMs,
            long deleteRetentionMs) {}

    /**
     * @param cleanedTo everything below is compacted now
     * @param bytesRead of batches, by the second walk
     * @param bytesWritten of batches
     * @param recordsRead by the second walk
     * @param recordsKept of those
     * @param keyCount keys that were told apart
     */
    record Outcome(
            long cleanedTo, long bytesRead, long bytesWritten, long recordsRead, long recordsKept, int keyCount) {}

    /** True once segments were replaced, also if the compaction failed later: a durable mark is due. */
    boolean hasSwapped() {
        return hasSwapped;
    }

    Outcome run() throws IOException {
        try {
            SegmentList segments = SegmentList.of(log.segments());
            TransactionView transactions =
                    TransactionView.read(segments, plan.firstDirtyOffset(), plan.endOffset(), log.endOffset(), pace);
            long mappedTo = mapKeys(segments, transactions);
            CompactionRule rule = new CompactionRule(
                    keys, transactions, plan.producers(), mappedTo, plan.nowMs(), plan.deleteRetentionMs());
            for (List<Segment> group : SegmentGroups.of(segments, mappedTo, log.settings())) {
                clean(group, segments, rule);
            }
            return new Outcome(
                    mappedTo, bytesRead, bytesWritten, rule.recordsRead(), rule.recordsKept(), keys.keyCount());
        } catch (SegmentGoneException gone) {
            throw new CompactionStoppedException(gone.getMessage() + " while it was compacted");
        } catch (UnreadableRecordsException damaged) {
            throw new IOException("records cannot be read: " + damaged.getMessage(), damaged);
        }
    }

    /** @return up to where all keys found room */
    private long mapKeys(SegmentList segments, TransactionView transactions)
            throws IOException, UnreadableRecordsException {
        for (int i = segments.floor(plan.firstDirtyOffset()); i < segments.count(); i++) {
            Segment segment = segments.get(i);
            if (segment.baseOffset() >= plan.endOffset()) {
                break;
            }
            long full = mapKeys(segment, segments.endOffset(i), transactions);
            if (full >= 0) {
                return full;
            }
        }
        return plan.endOffset();
    }

    /** @return offset of the first record whose key found no room; -1 if there is none */
    private long mapKeys(Segment segment, long endOffset, TransactionView transactions)
            throws IOException, UnreadableRecordsException {
        LazyFile.Lease<LogFile> lease = segment.acquire();
        try {
            reader.begin(lease.value(), segment, endOffset);
            for (RecordBatch batch = reader.next(); batch != null; batch = reader.next()) {
                pace.spend(batch.sizeBytes());
                if (batch.lastOffset() < plan.firstDirtyOffset()
                        || batch.isControl()
                        || transactions.wasAborted(batch)) {
                    continue;
                }
                long full = mapKeys(batch);
                if (full >= 0) {
                    return full;
                }
            }
            return -1;
        } finally {
            lease.release();
        }
    }

    private long mapKeys(RecordBatch batch) throws UnreadableRecordsException {
        try (RecordCursor cursor = RecordCursor.over(batch, BOUNDS)) {
            while (cursor.next()) {
                ByteBuffer key = cursor.key();
                if (key != null && cursor.offset() >= plan.firstDirtyOffset() && !keys.put(key, cursor.offset())) {
                    return cursor.offset();
                }
            }
            return -1;
        }
    }

    private void clean(List<Segment> group, SegmentList segments, CompactionRule rule)
            throws IOException, UnreadableRecordsException {
        CleanedSegment cleaned = CleanedSegment.create(
                log.context(), log.directory(), group.getFirst().baseOffset());
        boolean isSwapped = false;
        try {
            boolean isChanged = group.size() > 1;
            for (Segment segment : group) {
                long endOffset = segments.endOffset(segments.floor(segment.baseOffset()));
                isChanged |= clean(segment, endOffset, rule, cleaned);
            }
            if (isChanged) {
                cleaned.finish();
                log.swapIn(group, cleaned, truncations);
                isSwapped = true;
                hasSwapped = true;
            }
        } finally {
            // After a failure in the middle of a swap the log is offline, and the next start needs the files.
            if (!isSwapped && !log.isOffline()) {
                cleaned.drop();
            }
        }
    }

    private boolean clean(Segment segment, long endOffset, CompactionRule rule, CleanedSegment cleaned)
            throws IOException, UnreadableRecordsException {
        boolean isChanged = false;
        LazyFile.Lease<LogFile> lease = segment.acquire();
        try {
            reader.begin(lease.value(), segment, endOffset);
            for (RecordBatch batch = reader.next(); batch != null; batch = reader.next()) {
                BatchThinner.Task task = rule.next(batch);
                RecordBatch kept = task == null ? batch : thinner.thin(batch, task);
                isChanged |= kept != batch;
                bytesRead += batch.sizeBytes();
                pace.spend(batch.sizeBytes());
                if (kept != null) {
                    cleaned.add(kept);
                    bytesWritten += kept.sizeBytes();
                    pace.spend(kept.sizeBytes());
                }
            }
            return isChanged;
        } finally {
            lease.release();
        }
    }
}
