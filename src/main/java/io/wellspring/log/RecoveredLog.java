package io.wellspring.log;

import java.nio.file.Path;
import java.util.List;

/** How {@link Recovery} found a log. */
sealed interface RecoveredLog {
    /**
     * The log is whole, and all of it is on disk.
     *
     * @param segments oldest first, at least one; the last is the active one
     * @param startOffset first offset
     * @param mark all of the log
     * @param epochs of the log, oldest first
     * @param readBytes bytes of log data that were read
     * @param cutBytes bytes of a torn tail that were cut off
     * @param retired files of segments that retention took out; they witness why segments of the old mark are missing, so they may
     *     be deleted only after a new mark is on disk
     */
    record Whole(
            List<SegmentOnDisk> segments,
            long startOffset,
            DurableMark mark,
            List<LeaderEpochs.Entry> epochs,
            long readBytes,
            long cutBytes,
            List<Path> retired)
            implements RecoveredLog {
        /** Without files of retired segments. */
        Whole(
                List<SegmentOnDisk> segments,
                long startOffset,
                DurableMark mark,
                List<LeaderEpochs.Entry> epochs,
                long readBytes,
                long cutBytes) {
            this(segments, startOffset, mark, epochs, readBytes, cutBytes, List.of());
        }

        long endOffset() {
            return mark.endOffset();
        }
    }

    /**
     * Something that was on disk is not there or not as it was. No file was touched.
     *
     * @param reason one sentence
     */
    record Damaged(String reason) implements RecoveredLog {}

    /**
     * A segment as recovery left it.
     *
     * @param baseOffset its name
     * @param sizeBytes bytes of valid batches
     * @param nextOffset offset after its last record; the next segment's base offset unless it is the last
     */
    record SegmentOnDisk(long baseOffset, long sizeBytes, long nextOffset) {}
}
