package io.wellspring.log;

import java.io.IOException;

/**
 * What retention would take out of a log now.
 *
 * @param segments how many
 * @param sizeBytes bytes of their batches
 * @param logStartOffset where the log would begin
 */
public record RetentionPreview(int segments, long sizeBytes, long logStartOffset) {
    /**
     * Looks, and changes nothing. Reads the disk. Threads: the log's owner.
     *
     * @param limit as for {@link PartitionLog#applyRetention}
     */
    public static RetentionPreview of(PartitionLog log, long limit) throws IOException {
        SegmentList segments = SegmentList.of(log.segments());
        int count = LogTrimmer.expired(log.context(), segments, log.startOffset(), limit);
        long start = count == 0 ? log.startOffset() : Math.max(log.startOffset(), segments.endOffset(count - 1));
        return new RetentionPreview(
                count, count == 0 ? 0L : segments.first(count).sizeBytes(), start);
    }
}
