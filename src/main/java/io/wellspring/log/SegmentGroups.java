package io.wellspring.log;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Neighbouring segments that compaction makes one of: together, as large as they are before, no larger than a segment may be. */
final class SegmentGroups {
    private SegmentGroups() {}

    /** The segments that begin below an offset, oldest first. */
    static List<List<Segment>> of(SegmentList segments, long endOffset, LogSettings settings) throws IOException {
        List<List<Segment>> groups = new ArrayList<>();
        List<Segment> group = List.of();
        long sizeBytes = 0;
        long offsetRows = 0;
        long timeRows = 0;
        for (int i = 0; i < segments.count() - 1 && segments.get(i).baseOffset() < endOffset; i++) {
            Segment segment = segments.get(i);
            int ownOffsetRows = segment.indexes().offsets().rows().rowCount();
            int ownTimeRows = segment.indexes().times().rows().rowCount();
            boolean fits = !group.isEmpty()
                    && sizeBytes + segment.sizeBytes() <= settings.segmentBytes()
                    && (offsetRows + ownOffsetRows) * OffsetIndex.ROW_SIZE_BYTES <= settings.indexBytes()
                    && (timeRows + ownTimeRows) * TimeIndex.ROW_SIZE_BYTES <= settings.indexBytes()
                    && group.getFirst().reaches(segments.endOffset(i) - 1);
            if (!fits) {
                group = new ArrayList<>();
                groups.add(group);
                sizeBytes = 0;
                offsetRows = 0;
                timeRows = 0;
            }
            group.add(segment);
            sizeBytes += segment.sizeBytes();
            offsetRows += ownOffsetRows;
            timeRows += ownTimeRows;
        }
        return groups;
    }
}
