package io.wellspring.log;

import io.wellspring.batch.RecordBatch;
import io.wellspring.batch.RecordCursor;
import io.wellspring.batch.UnreadableRecordsException;
import io.wellspring.batch.compression.DecompressionBounds;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Finds records by time, as ListOffsets asks: the time index leads to a batch, the records of that one batch are looked at (and
 * decompressed, within bounds). Threads: any that may block on the disk.
 */
final class LogTimes {
    private final LogState state;
    private final DecompressionBounds bounds;

    LogTimes(LogState state, DecompressionBounds bounds) {
        this.state = state;
        this.bounds = bounds;
    }

    /** See {@link PartitionLog#firstAtOrAfter}. */
    @Nullable
    TimestampAndOffset firstAtOrAfter(long timestampMs, long endOffset) throws IOException {
        return again(segments -> {
            Wanted wanted = wanted(timestampMs, endOffset);
            for (int i = segments.floor(wanted.startOffset()); i < segments.count(); i++) {
                Segment segment = segments.get(i);
                if (segment.baseOffset() >= wanted.endOffset()) {
                    return null;
                }
                if (segment.indexes().largest().timestampMs() >= timestampMs) {
                    TimestampAndOffset found = first(segment, wanted);
                    if (found != null) {
                        return found;
                    }
                }
            }
            return null;
        });
    }

    /** See {@link PartitionLog#largestTimestamp}. */
    @Nullable
    TimestampAndOffset largestTimestamp(long endOffset) throws IOException {
        return again(segments -> {
            Wanted wanted = wanted(RecordBatch.NO_TIMESTAMP, endOffset);
            Segment holder = segments.active();
            TimeIndex.Entry largest = TimeIndex.Entry.NONE;
            for (int i = segments.floor(wanted.startOffset()); i < segments.count(); i++) {
                Segment segment = segments.get(i);
                if (segment.baseOffset() >= wanted.endOffset()) {
                    break;
                }
                TimeIndex.Entry candidate = largest(segment, wanted);
                if (candidate.timestampMs() > largest.timestampMs()) {
                    largest = candidate;
                    holder = segment;
                }
            }
            return largest.timestampMs() < 0
                    ? null
                    : first(holder, new Wanted(largest.timestampMs(), wanted.startOffset(), wanted.endOffset()));
        });
    }

    /** Records in {@code [startOffset, endOffset)} that are as young as {@code timestampMs}. */
    private record Wanted(long timestampMs, long startOffset, long endOffset) {}

    @FunctionalInterface
    private interface Search {
        @Nullable
        TimestampAndOffset in(SegmentList segments) throws IOException;
    }

    private Wanted wanted(long timestampMs, long endOffset) {
        return new Wanted(timestampMs, state.startOffset(), Math.min(endOffset, state.endOffset()));
    }

    private @Nullable TimestampAndOffset again(Search search) throws IOException {
        int distrusts = 0;
        while (true) {
            SegmentList segments = state.segments();
            try {
                return state.isOffline() ? null : search.in(segments);
            } catch (SegmentGoneException gone) {
                if (segments == state.segments()) {
                    return null;
                }
            } catch (IndexDistrustedException madeAnew) {
                if (++distrusts > SegmentSearch.MAX_DISTRUSTS) {
                    throw madeAnew;
                }
            }
        }
    }

    /** The largest timestamp of batches that end in the wanted range; of the first such batch. */
    private TimeIndex.Entry largest(Segment segment, Wanted wanted) throws IOException {
        TimeIndex.Entry known = segment.indexes().largest();
        if (segment.nextOffset() <= wanted.endOffset() && segment.baseOffset() >= wanted.startOffset()) {
            return known;
        }
        // The segment's largest may lie outside. Rows tell the largest up to them, so only what follows the last row
        // inside is walked over; below a moved start nothing is known and all is.
        OffsetIndex.Entry row = OffsetIndex.Entry.NONE;
        TimeIndex.Entry largest = TimeIndex.Entry.NONE;
        SegmentIndexes indexes = segment.indexes();
        if (segment.baseOffset() >= wanted.startOffset()) {
            largest = indexes.times().lastBefore(wanted.endOffset());
            row = indexes.offsets().lookup(largest.lastOffset());
        }
        LazyFile.Lease<LogFile> lease = segment.acquire();
        try {
            SegmentSearch.refuseWrongRow(segment, indexes, row, lease.value());
            BatchScan scan =
                    new BatchScan(lease.value(), row.position(), segment.sizeBytes(), BatchScan.LARGE_WINDOW_BYTES);
            for (RecordBatch batch = scan.next(); batch != null; batch = scan.next()) {
                if (batch.nextOffset() > wanted.endOffset()) {
                    return largest;
                }
                if (batch.lastOffset() >= wanted.startOffset() && batch.maxTimestamp() > largest.timestampMs()) {
                    long timestampMs = batch.baseOffset() >= wanted.startOffset()
                            ? batch.maxTimestamp()
                            : largestAbove(lease.value(), scan.place(batch), wanted);
                    if (timestampMs > largest.timestampMs()) {
                        largest = new TimeIndex.Entry(timestampMs, batch.lastOffset());
                    }
                }
            }
            SegmentSearch.refuseDamage(segment, scan);
            return largest;
        } finally {
            lease.release();
        }
    }

    /** Of the records of a batch that the start of the log cuts: what the header says may be below it. */
    private long largestAbove(LogFile file, BatchPlace place, Wanted wanted) throws IOException {
        long[] largestMs = {RecordBatch.NO_TIMESTAMP};
        RecordBatch batch = read(file, place);
        walk(file, batch, place, (timestampMs, offset) -> {
            if (offset >= wanted.startOffset()) {
                largestMs[0] = Math.max(largestMs[0], timestampMs);
            }
            return offset < wanted.endOffset();
        });
        return largestMs[0];
    }

    private @Nullable TimestampAndOffset first(Segment segment, Wanted wanted) throws IOException {
        SegmentIndexes indexes = segment.indexes();
        long before = indexes.times().lookupBelow(wanted.timestampMs()).lastOffset();
        OffsetIndex.Entry row = indexes.offsets().lookup(Math.max(before, wanted.startOffset() - 1));
        LazyFile.Lease<LogFile> lease = segment.acquire();
        try {
            SegmentSearch.refuseWrongRow(segment, indexes, row, lease.value());
            BatchScan scan =
                    new BatchScan(lease.value(), row.position(), segment.sizeBytes(), BatchScan.SMALL_WINDOW_BYTES);
            for (RecordBatch batch = scan.next(); batch != null; batch = scan.next()) {
                if (batch.baseOffset() >= wanted.endOffset()) {
                    return null;
                }
                if (batch.maxTimestamp() >= wanted.timestampMs() && batch.lastOffset() >= wanted.startOffset()) {
                    TimestampAndOffset found = firstRecord(lease.value(), scan.place(batch), wanted);
                    if (found != null) {
                        return found;
                    }
                }
            }
            SegmentSearch.refuseDamage(segment, scan);
            return null;
        } finally {
            lease.release();
        }
    }

    private @Nullable TimestampAndOffset firstRecord(LogFile file, BatchPlace place, Wanted wanted) throws IOException {
        RecordBatch batch = read(file, place);
        @Nullable TimestampAndOffset[] found = new TimestampAndOffset[1];
        walk(file, batch, place, (timestampMs, offset) -> {
            if (offset >= wanted.endOffset()) {
                return false;
            }
            if (offset >= wanted.startOffset() && timestampMs >= wanted.timestampMs()) {
                found[0] = new TimestampAndOffset(timestampMs, offset, batch.leaderEpoch());
            }
            return found[0] == null;
        });
        return found[0];
    }

    /** Sees a record. @return false to end the walk */
    @FunctionalInterface
    private interface RecordVisitor {
        boolean record(long timestampMs, long offset);
    }

    private static RecordBatch read(LogFile file, BatchPlace place) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(place.sizeBytes()));
        file.read(bytes, place.position());
        bytes.flip();
        if (bytes.limit() < place.sizeBytes()) {
            throw new SegmentGoneException(file.path().toString());
        }
        return RecordBatch.at(bytes, 0);
    }

    private void walk(LogFile file, RecordBatch batch, BatchPlace place, RecordVisitor visitor) throws IOException {
        try (RecordCursor cursor = RecordCursor.over(batch, bounds)) {
            boolean goesOn = true;
            while (goesOn && cursor.next()) {
                goesOn = visitor.record(cursor.timestampMs(), cursor.offset());
            }
        } catch (UnreadableRecordsException damaged) {
            throw new IOException("records cannot be read: file=" + file.path() + " " + place, damaged);
        }
    }
}
