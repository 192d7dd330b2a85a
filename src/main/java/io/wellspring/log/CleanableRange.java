package io.wellspring.log;

import java.io.IOException;

/**
 * What of a log was not compacted yet and may be: whole segments from {@code firstDirtyOffset} up to {@code endOffset}. Never the active segment,
 * nothing above the last stable offset, nothing younger than {@code min.compaction.lag.ms}. Immutable.
 *
 * @param firstDirtyOffset everything below was compacted
 * @param endOffset base offset of the first segment that is left alone
 * @param cleanBytes of segments below
 * @param dirtyBytes of segments between
 * @param isOverdue something in it is older than {@code max.compaction.lag.ms} allows
 */
record CleanableRange(long firstDirtyOffset, long endOffset, long cleanBytes, long dirtyBytes, boolean isOverdue) {

    /**
     * @param cleanedTo where the last compaction ended; one that cannot be true counts as none
     * @param stableOffset of the log
     */
    static CleanableRange of(
            PartitionLog log, long cleanedTo, long stableOffset, CompactionSettings settings, long nowMs)
            throws IOException {
        long start = log.startOffset();
        long firstDirty = cleanedTo < start || cleanedTo > log.endOffset() ? start : cleanedTo;
        SegmentList segments = SegmentList.of(log.segments());
        long youngestMs = settings.minLagMs() > 0 ? nowMs - settings.minLagMs() : Long.MAX_VALUE;
        // Kafka's default means never.
        long oldestMs = settings.maxLagMs() == Long.MAX_VALUE ? Long.MIN_VALUE : nowMs - settings.maxLagMs();
        long end = segments.get(0).baseOffset();
        long cleanBytes = 0;
        long dirtyBytes = 0;
        boolean isOverdue = false;
        for (int i = 0; i < segments.count() - 1; i++) {
            Segment segment = segments.get(i);
            long segmentEnd = segments.endOffset(i);
            boolean isDirty = segmentEnd > firstDirty;
            if (segmentEnd > stableOffset
                    || (isDirty && segment.indexes().largest().timestampMs() > youngestMs)) {
                break;
            }
            end = segmentEnd;
            if (isDirty) {
                dirtyBytes += segment.sizeBytes();
                long firstMs = segment.firstTimestampMs();
                isOverdue |= firstMs > 0 && firstMs < oldestMs;
            } else {
                cleanBytes += segment.sizeBytes();
            }
        }
        return new CleanableRange(firstDirty, Math.max(firstDirty, end), cleanBytes, dirtyBytes, isOverdue);
    }

    /** The share that was not compacted, 0 to 1. */
    double dirtyRatio() {
        long total = cleanBytes + dirtyBytes;
        return total == 0 ? 0.0 : (double) dirtyBytes / total;
    }

    boolean isDue(CompactionSettings settings) {
        return dirtyBytes > 0 && (isOverdue || dirtyRatio() > settings.minDirtyRatio());
    }
}
