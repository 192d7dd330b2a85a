package io.wellspring.log;

import io.wellspring.batch.RecordBatch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads what lies above a log's durable mark and finds the longest valid prefix; writes nothing. Threads: one, used once.
 */
final class TailScan {
    private final LogFiles files;
    private final RecoveryInput input;
    private final LogListing listing;
    private final SegmentScan.Visitor visitor;
    private final List<LeaderEpochs.Entry> epochs = new ArrayList<>();
    private final List<RecoveredLog.SegmentOnDisk> segments = new ArrayList<>();

    /** The last valid batch of the segment that is read. */
    private long batchPosition = DurableMark.NO_BATCH;

    private long batchCrc;
    private long batchEnd;
    private long batchNextOffset;
    private long nextOffset;
    private long readBytes;
    private long cutBytes;
    private @Nullable String cutReason;
    private @Nullable String damage;

    /** @param visitor sees each valid batch above the mark, in order */
    TailScan(LogFiles files, RecoveryInput input, LogListing listing, SegmentScan.Visitor visitor) {
        this.visitor = visitor;
        this.files = files;
        this.input = input;
        this.listing = listing;
    }

    /**
     * What was found.
     *
     * @param damage why the log must be refused; null if it need not
     * @param segments that have something above the mark and are kept, oldest first
     * @param mark the end of the valid prefix
     * @param epochs of the batches read
     * @param readBytes bytes read
     * @param cutBytes bytes that are not part of the valid prefix
     * @param cutReason why it ends where it does; null if it is the whole log
     */
    record Result(
            @Nullable String damage,
            List<RecoveredLog.SegmentOnDisk> segments,
            DurableMark mark,
            List<LeaderEpochs.Entry> epochs,
            long readBytes,
            long cutBytes,
            @Nullable String cutReason) {}

    /** @param from the segment of the mark, or the first one */
    Result run(long from) throws IOException {
        NavigableMap<Long, Long> sizes = listing.sizes().tailMap(from, true);
        nextOffset = from;
        for (Map.Entry<Long, Long> segment : sizes.entrySet()) {
            if (cutReason != null) {
                cutBytes += segment.getValue();
            } else if (damage == null) {
                scan(segment.getKey(), segment.getValue());
            }
        }
        RecoveredLog.SegmentOnDisk last = segments.isEmpty() ? null : segments.getLast();
        long base = last == null ? from : last.baseOffset();
        DurableMark mark =
                new DurableMark(input.startOffset(), nextOffset, base, batchPosition, batchCrc, batchEnd, List.of());
        return new Result(damage, List.copyOf(segments), mark, List.copyOf(epochs), readBytes, cutBytes, cutReason);
    }

    private void scan(long base, long size) throws IOException {
        DurableMark mark = input.mark();
        boolean isMarked = mark != null && mark.segmentBaseOffset() == base;
        if (!segments.isEmpty() && base != nextOffset) {
            // A roll begins the next segment at the end of the one before.
            String gap = "segment " + base + " does not follow offset " + nextOffset;
            if (base < nextOffset || !input.toleratesHoles()) {
                end(segments.getLast().baseOffset(), gap, size);
                return;
            }
        }
        if (!segments.isEmpty()) {
            seal(base);
        }
        batchPosition = DurableMark.NO_BATCH;
        batchCrc = 0;
        batchEnd = 0;
        nextOffset = base;
        Path path = new SegmentPaths(listing.directory(), base).log();
        try (LogFile file = files.openForReading(path)) {
            long position = 0;
            if (isMarked && mark != null && mark.hasBatch()) {
                damage = verifyMarked(file, mark, size);
                if (damage != null) {
                    return;
                }
                position = mark.endPosition();
            }
            BatchScan scan = new BatchScan(file, position, size, BatchScan.LARGE_WINDOW_BYTES);
            String problem = walk(scan, base);
            long validPosition = Math.max(position, batchEnd);
            readBytes += validPosition - position;
            segments.add(new RecoveredLog.SegmentOnDisk(base, validPosition, nextOffset));
            if (problem != null) {
                end(base, "position " + validPosition + " of segment " + base + ": " + problem, size - validPosition);
            }
        }
    }

    /**
     * A hole between offsets is kept: a cut inside a batch and a copy of a compacted log leave one. The base offset lies outside of the
     * checksum, so a bit that flips there and makes a hole is not seen, as in Kafka. @return why the walk ends early
     */
    private @Nullable String walk(BatchScan scan, long base) throws IOException {
        RecordBatch batch = scan.next();
        while (batch != null) {
            if (batch.baseOffset() < nextOffset) {
                return "offset " + batch.baseOffset() + " where " + nextOffset + " or more was expected";
            }
            if (batch.lastOffset() - base > Integer.MAX_VALUE) {
                return "offset " + batch.lastOffset() + " is out of reach";
            }
            if (!scan.isCrcValid()) {
                return "the checksum is wrong";
            }
            RecordBatch valid = scan.reload();
            found(valid, scan.position());
            visitor.batch(valid, scan.position());
            nextOffset = batchNextOffset;
            batch = scan.next();
        }
        return scan.problem();
    }

    private void found(RecordBatch batch, long position) {
        batchPosition = position;
        batchCrc = batch.crc();
        batchEnd = position + batch.sizeBytes();
        batchNextOffset = batch.nextOffset();
        if (epochs.isEmpty() || batch.leaderEpoch() > epochs.getLast().epoch()) {
            epochs.add(new LeaderEpochs.Entry(batch.leaderEpoch(), batch.baseOffset()));
        }
    }

    /** The valid prefix ends in this segment. Without a mark a sealed segment counts as below it: its end is not cut if good batches follow. */
    private void end(long base, String reason, long bytes) throws IOException {
        if (input.isMarkLost() && hasBatchAbove(base)) {
            damage = reason + "; valid batches follow in later segments and it is not known what was on disk";
            return;
        }
        cutReason = reason;
        cutBytes += bytes;
    }

    private boolean hasBatchAbove(long base) throws IOException {
        for (Map.Entry<Long, Long> later : listing.sizes().tailMap(base, false).entrySet()) {
            Path path = new SegmentPaths(listing.directory(), later.getKey()).log();
            try (LogFile file = files.openForReading(path)) {
                BatchScan scan = new BatchScan(file, 0L, later.getValue(), BatchScan.LARGE_WINDOW_BYTES);
                RecordBatch first = scan.next();
                if (first != null && first.baseOffset() >= later.getKey() && scan.isCrcValid()) {
                    return true;
                }
            }
        }
        return false;
    }

    /** The segment that was read last is not the active one: its end is the next one's beginning. */
    private void seal(long nextBase) {
        RecoveredLog.SegmentOnDisk last = segments.removeLast();
        segments.add(new RecoveredLog.SegmentOnDisk(last.baseOffset(), last.sizeBytes(), nextBase));
    }

    private @Nullable String verifyMarked(LogFile file, DurableMark mark, long size) throws IOException {
        String where = "the batch at position " + mark.batchPosition() + " of segment " + mark.segmentBaseOffset();
        BatchScan scan = new BatchScan(
                file, mark.batchPosition(), Math.min(size, mark.endPosition()), BatchScan.LARGE_WINDOW_BYTES);
        RecordBatch batch = scan.next();
        if (batch == null) {
            return where + " is damaged: " + scan.problem();
        }
        if (batch.crc() != mark.batchCrc()
                || batch.nextOffset() != mark.endOffset()
                || scan.nextPosition() != mark.endPosition()) {
            return where + " is not the one that was on disk: it ends at offset " + batch.nextOffset() + ", "
                    + mark.endOffset() + " was expected";
        }
        if (!scan.isCrcValid()) {
            return where + " is damaged: the checksum is wrong";
        }
        found(scan.reload(), mark.batchPosition());
        readBytes += batch.sizeBytes();
        nextOffset = mark.endOffset();
        return null;
    }
}
