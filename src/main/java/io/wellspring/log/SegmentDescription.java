package io.wellspring.log;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One segment as operators see it.
 *
 * @param baseOffset its file's name
 * @param endOffset offset after its last record
 * @param sizeBytes bytes of its batches
 * @param isActive appends go there
 * @param isFlushed all of it is known to be on disk
 * @param largestTimestampMs largest time of a record; -1: it has none
 */
public record SegmentDescription(
        long baseOffset, long endOffset, long sizeBytes, boolean isActive, boolean isFlushed, long largestTimestampMs) {
    private static final Logger LOG = LoggerFactory.getLogger(SegmentDescription.class);

    /** The segments of a log, oldest first; one that goes meanwhile is left out. Reads the disk. Threads: any that may block. */
    public static List<SegmentDescription> of(PartitionLog log) throws IOException {
        List<Segment> segments = log.segments();
        List<SegmentDescription> described = new ArrayList<>(segments.size());
        for (Segment segment : segments) {
            try {
                described.add(new SegmentDescription(
                        segment.baseOffset(),
                        segment.nextOffset(),
                        segment.sizeBytes(),
                        segment == segments.getLast(),
                        segment.isFlushed(),
                        segment.indexes().largest().timestampMs()));
            } catch (SegmentGoneException retired) {
                LOG.debug("Retention or compaction took a segment out meanwhile: log={}", log.partition(), retired);
            }
        }
        return described;
    }
}
