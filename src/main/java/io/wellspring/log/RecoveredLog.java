package io.wellspring.log;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

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
     * @param checkpoint what stays written until the log takes a new one; at or below {@code mark}
     * @param isDerived the derived state is as of the end: the batches were shown to it while they were checked
     */
    record Whole(
            List<SegmentOnDisk> segments,
            long startOffset,
            DurableMark mark,
            List<LeaderEpochs.Entry> epochs,
            long readBytes,
            long cutBytes,
            List<Path> retired,
            Checkpoint checkpoint,
            boolean isDerived)
            implements RecoveredLog {
        /** As after a clean stop, without files of retired segments. */
        Whole(
                List<SegmentOnDisk> segments,
                long startOffset,
                DurableMark mark,
                List<LeaderEpochs.Entry> epochs,
                @Nullable IndexMark indexes) {
            this(segments, startOffset, mark, epochs, 0L, 0L, List.of(), new Checkpoint(mark, indexes), false);
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
