package io.wellspring.log;

import io.wellspring.batch.RecordBatch;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Finds batches in a segment: by the newest batches in memory, else by the index and the headers behind the row. Never looks past the
 * {@link Segment.End} it is given. Threads: any.
 */
final class SegmentSearch {
    /** Searches begun again because indexes were made anew; more would mean that they cannot be made right. */
    static final int MAX_DISTRUSTS = 3;

    private SegmentSearch() {}

    /** The first batch that ends above the offset: the one that holds it, or the next one behind a hole. Null if there is none. */
    static @Nullable BatchPlace firstEndingAbove(Segment segment, Segment.End end, long offset) throws IOException {
        if (offset >= end.nextOffset()) {
            return null;
        }
        RecentBatches recent = segment.recent();
        BatchPlace found = recent == null ? null : recent.firstEndingAbove(offset);
        if (found != null) {
            return found;
        }
        SegmentIndexes indexes = segment.indexes();
        OffsetIndex.Entry row = indexes.offsets().lookup(offset);
        LazyFile.Lease<LogFile> lease = segment.acquire();
        try {
            BatchScan scan =
                    new BatchScan(lease.value(), row.position(), end.sizeBytes(), BatchScan.SMALL_WINDOW_BYTES);
            RecordBatch batch = scan.next();
            if (row.lastOffset() >= 0 && (batch == null || batch.lastOffset() != row.lastOffset())) {
                segment.distrustIndexes(indexes);
                throw new IndexDistrustedException(segment.toString());
            }
            while (batch != null && batch.nextOffset() <= offset) {
                batch = scan.next();
            }
            refuseDamage(segment, scan);
            return batch == null ? null : scan.place(batch);
        } finally {
            lease.release();
        }
    }

    /** Max timestamp of the first batch, ms; -1: there is none. */
    static long firstTimestampMs(Segment segment) throws IOException {
        LazyFile.Lease<LogFile> lease = segment.acquire();
        try {
            RecordBatch first =
                    new BatchScan(lease.value(), 0L, segment.sizeBytes(), RecordBatch.HEADER_SIZE_BYTES).next();
            return first == null ? -1L : first.maxTimestamp();
        } finally {
            lease.release();
        }
    }

    /** The byte up to which batches end at or below the offset. */
    static long endPosition(Segment segment, Segment.End end, long endOffset) throws IOException {
        BatchPlace above = firstEndingAbove(segment, end, endOffset);
        return above == null ? end.sizeBytes() : above.position();
    }

    /**
     * The last batch boundary at or before a position.
     *
     * @param from a boundary at or before it
     */
    static long lastBoundary(Segment segment, Segment.End end, long position, long from) throws IOException {
        if (position >= end.sizeBytes()) {
            return end.sizeBytes();
        }
        RecentBatches recent = segment.recent();
        BatchPlace found = recent == null ? null : recent.lastBeginningAtOrBefore(position);
        if (found != null) {
            return Math.max(from, found.position());
        }
        OffsetIndex.Entry row = segment.indexes().offsets().lookupPosition(position);
        LazyFile.Lease<LogFile> lease = segment.acquire();
        try {
            BatchScan scan = new BatchScan(
                    lease.value(), Math.max(from, row.position()), end.sizeBytes(), BatchScan.SMALL_WINDOW_BYTES);
            RecordBatch batch = scan.next();
            while (batch != null && scan.nextPosition() <= position) {
                batch = scan.next();
            }
            refuseDamage(segment, scan);
            return batch == null ? end.sizeBytes() : scan.position();
        } finally {
            lease.release();
        }
    }

    /** Throws, after the indexes were made anew, if no batch with the row's offset begins where the row says. */
    static void refuseWrongRow(Segment segment, SegmentIndexes indexes, OffsetIndex.Entry row, LogFile file)
            throws IOException {
        if (row.lastOffset() < 0) {
            return;
        }
        RecordBatch batch =
                new BatchScan(file, row.position(), segment.sizeBytes(), RecordBatch.HEADER_SIZE_BYTES).next();
        if (batch == null || batch.lastOffset() != row.lastOffset()) {
            segment.distrustIndexes(indexes);
            throw new IndexDistrustedException(segment.toString());
        }
    }

    /** Throws if a walk did not end where batches end. */
    static void refuseDamage(Segment segment, BatchScan scan) throws IOException {
        if (scan.problem() != null) {
            throw new IOException("damaged batch: file=" + segment.paths().log() + " position=" + scan.position() + " "
                    + scan.problem());
        }
    }
}
