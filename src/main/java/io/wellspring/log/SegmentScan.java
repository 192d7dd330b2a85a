package io.wellspring.log;

import io.wellspring.batch.RecordBatch;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * What a walk over a segment found.
 *
 * @param validPosition the byte after the last batch that is whole and right
 * @param nextOffset the offset after that batch; what the caller expected if there was none
 * @param batches batches found right
 * @param problem why the walk ended before the segment's end; null if it did not
 */
record SegmentScan(
        long validPosition,
        long nextOffset,
        long batches,
        @Nullable String problem) {

    /** Sees each batch in order. */
    @FunctionalInterface
    interface Visitor {
        /**
         * @param batch header-only unless it is a control batch or happens to be complete; good during the call
         * @param position byte of the segment where it begins
         */
        void batch(RecordBatch batch, long position) throws IOException;
    }

    /** Whether the bytes behind the headers are read and checked. */
    enum Depth {
        HEADERS,
        CRC
    }

    /**
     * Walks from a batch boundary to the end of the file.
     *
     * @param baseOffset of the segment: offsets further than Integer.MAX_VALUE above it cannot be right
     * @param expectedOffset no batch may begin below it
     */
    static SegmentScan run(BatchScan scan, long baseOffset, long expectedOffset, Depth depth, Visitor visitor)
            throws IOException {
        long validPosition = scan.nextPosition();
        long nextOffset = expectedOffset;
        long batches = 0;
        RecordBatch batch = scan.next();
        while (batch != null) {
            String problem = problem(batch, baseOffset, nextOffset);
            if (problem == null && depth == Depth.CRC) {
                problem = scan.isCrcValid() ? null : "the checksum is wrong";
            }
            if (problem != null) {
                return new SegmentScan(validPosition, nextOffset, batches, problem);
            }
            if (depth == Depth.CRC) {
                batch = scan.reload();
            }
            visitor.batch(batch, scan.position());
            validPosition = scan.nextPosition();
            nextOffset = batch.nextOffset();
            batches++;
            batch = scan.next();
        }
        return new SegmentScan(validPosition, nextOffset, batches, scan.problem());
    }

    private static @Nullable String problem(RecordBatch batch, long baseOffset, long expectedOffset) {
        if (batch.baseOffset() < expectedOffset) {
            return "offset " + batch.baseOffset() + " where " + expectedOffset + " or more was expected";
        }
        if (batch.lastOffset() - baseOffset > Integer.MAX_VALUE) {
            return "offset " + batch.lastOffset() + " is out of reach of segment " + baseOffset;
        }
        return null;
    }
}
