package io.wellspring.log;

import io.wellspring.batch.FileSlice;
import java.io.IOException;

/** Reads of a {@link LogState} by offset. Threads: any, without a lock. */
final class LogReader {
    private static final LogRead NOTHING = new LogRead(null, false);
    private static final LogRead TOO_LARGE = new LogRead(null, true);

    private final LogState state;
    private final RecentAppends recent;

    LogReader(LogState state, RecentAppends recent) {
        this.state = state;
        this.recent = recent;
    }

    /** See {@link PartitionLog#read}. */
    LogRead read(long offset, long endOffset, int maxBytes, boolean atLeastOne) throws IOException {
        int distrusts = 0;
        while (true) {
            SegmentList segments = state.segments();
            try {
                return readFrom(segments, offset, endOffset, maxBytes, atLeastOne);
            } catch (SegmentGoneException gone) {
                if (isUnchanged(segments)) {
                    return NOTHING;
                }
            } catch (IndexDistrustedException madeAnew) {
                if (++distrusts > SegmentSearch.MAX_DISTRUSTS) {
                    throw madeAnew;
                }
            }
        }
    }

    /** See {@link PartitionLog#bytesBetween}. */
    long bytesBetween(long startOffset, long endOffset) throws IOException {
        int distrusts = 0;
        while (true) {
            SegmentList segments = state.segments();
            try {
                return bytesBetween(segments, startOffset, Math.min(endOffset, state.endOffset()));
            } catch (SegmentGoneException gone) {
                if (isUnchanged(segments)) {
                    return 0;
                }
            } catch (IndexDistrustedException madeAnew) {
                if (++distrusts > SegmentSearch.MAX_DISTRUSTS) {
                    throw madeAnew;
                }
            }
        }
    }

    /** A segment is gone and still in the list: the log was closed. */
    private boolean isUnchanged(SegmentList segments) {
        return segments == state.segments();
    }

    private LogRead readFrom(SegmentList segments, long offset, long endOffset, int maxBytes, boolean atLeastOne)
            throws IOException {
        long end = Math.min(endOffset, state.endOffset());
        if (offset < state.startOffset() || offset >= end || state.isOffline()) {
            return NOTHING;
        }
        for (int i = segments.floor(offset); i < segments.count(); i++) {
            Segment segment = segments.get(i);
            if (segment.baseOffset() >= end) {
                return NOTHING;
            }
            Segment.End segmentEnd = segment.end();
            BatchPlace first = SegmentSearch.firstEndingAbove(segment, segmentEnd, offset);
            if (first == null) {
                // The offset lies in a hole at the end of this segment.
                continue;
            }
            if (first.nextOffset() > end) {
                return NOTHING;
            }
            if (first.sizeBytes() > maxBytes && !atLeastOne) {
                return TOO_LARGE;
            }
            long stop = stopPosition(segment, segmentEnd, first, end, maxBytes);
            LazyFile.Lease<LogFile> lease = segment.acquire();
            return new LogRead(
                    new FileSlice(
                            lease.value().channel(),
                            first.position(),
                            Math.toIntExact(stop - first.position()),
                            lease::release,
                            recent.justNow(first.baseOffset())),
                    false);
        }
        return NOTHING;
    }

    private static long stopPosition(
            Segment segment, Segment.End segmentEnd, BatchPlace first, long endOffset, int maxBytes)
            throws IOException {
        long limit = first.position() + Math.max(maxBytes, first.sizeBytes());
        if (limit == first.endPosition()) {
            return limit;
        }
        long bound = endOffset >= segmentEnd.nextOffset()
                ? segmentEnd.sizeBytes()
                : SegmentSearch.endPosition(segment, segmentEnd, endOffset);
        return limit >= bound ? bound : SegmentSearch.lastBoundary(segment, segmentEnd, limit, first.endPosition());
    }

    private static long bytesBetween(SegmentList segments, long startOffset, long endOffset) throws IOException {
        if (startOffset >= endOffset) {
            return 0;
        }
        int first = segments.floor(startOffset);
        int last = segments.floor(endOffset);
        long bytes = -position(segments.get(first), startOffset);
        for (int i = first; i < last; i++) {
            bytes += segments.get(i).sizeBytes();
        }
        return Math.max(0, bytes + position(segments.get(last), endOffset));
    }

    /** Where the offset lies, about: exactly among the newest batches, else where its index row says. */
    private static long position(Segment segment, long offset) throws IOException {
        Segment.End end = segment.end();
        if (offset >= end.nextOffset()) {
            return end.sizeBytes();
        }
        if (offset <= segment.baseOffset()) {
            return 0;
        }
        RecentBatches recent = segment.recent();
        BatchPlace place = recent == null ? null : recent.firstEndingAbove(offset);
        return place != null
                ? place.position()
                : segment.indexes().offsets().lookup(offset).position();
    }
}
