package io.wellspring.log;

import io.wellspring.batch.RecordBatch;
import io.wellspring.batch.RecordCursor;
import io.wellspring.batch.UnreadableRecordsException;
import io.wellspring.batch.compression.DecompressionBounds;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Which transactions of a part of a log were aborted, read from their markers: the log's batches alone say it, so that no index has to be there. What
 * was compacted before holds no record of an aborted transaction any more. Threads: one.
 */
final class TransactionView {
    private static final int ABORT = 0;
    private static final int COMMIT = 1;
    private static final int NO_END = -1;

    /** Of each producer: first offset of an aborted transaction to the offset of its marker. */
    private final Map<Long, TreeMap<Long, Long>> aborted = new HashMap<>();

    /** While reading: first offset of the transaction that is open. */
    private final Map<Long, Long> open = new HashMap<>();

    /** While compacting: producers of whose transaction something was met since its last marker. */
    private final Set<Long> met = new HashSet<>();

    /**
     * Reads headers and markers.
     *
     * @param fromOffset where the part begins
     * @param endOffset where it ends
     * @param logEndOffset how far markers of transactions that began in the part are looked for; the last stable offset would not do, for
     *     a transaction below it may have ended above it, behind the beginning of another that is still open
     */
    static TransactionView read(SegmentList segments, long fromOffset, long endOffset, long logEndOffset, Pace pace)
            throws IOException {
        TransactionView view = new TransactionView();
        view.read(segments, fromOffset, endOffset, view::take, pace);
        if (!view.open.isEmpty()) {
            view.read(segments, endOffset, logEndOffset, view::end, pace);
        }
        return view;
    }

    /** What is done with each batch of a walk. */
    private interface Step {
        /** @return false: the walk is over */
        boolean take(RecordBatch batch) throws IOException;
    }

    private void read(SegmentList segments, long fromOffset, long endOffset, Step step, Pace pace) throws IOException {
        for (int i = segments.floor(fromOffset); i < segments.count(); i++) {
            Segment segment = segments.get(i);
            if (segment.baseOffset() >= endOffset) {
                return;
            }
            LazyFile.Lease<LogFile> lease = segment.acquire();
            try {
                BatchScan scan = new BatchScan(lease.value(), 0L, segment.sizeBytes(), BatchScan.SMALL_WINDOW_BYTES);
                for (RecordBatch batch = scan.next(); batch != null; batch = scan.next()) {
                    if (batch.baseOffset() >= endOffset || (batch.lastOffset() >= fromOffset && !step.take(batch))) {
                        return;
                    }
                    pace.spend(RecordBatch.HEADER_SIZE_BYTES);
                }
                SegmentSearch.refuseDamage(segment, scan);
            } finally {
                lease.release();
            }
        }
    }

    private boolean take(RecordBatch batch) throws IOException {
        if (batch.isTransactional() && !batch.isControl()) {
            open.putIfAbsent(batch.producerId(), batch.baseOffset());
        } else if (batch.isTransactional()) {
            close(batch);
        }
        return true;
    }

    /** Behind the part no transaction matters that begins there. */
    private boolean end(RecordBatch batch) throws IOException {
        if (batch.isTransactional() && batch.isControl()) {
            close(batch);
        }
        return !open.isEmpty();
    }

    private void close(RecordBatch batch) throws IOException {
        Long first = open.remove(batch.producerId());
        if (first != null && typeOf(batch) == ABORT) {
            aborted.computeIfAbsent(batch.producerId(), id -> new TreeMap<>()).put(first, batch.baseOffset());
        }
    }

    /** A batch with data is met: true if its transaction was aborted. */
    boolean isAborted(RecordBatch batch) {
        if (!batch.isTransactional()) {
            return false;
        }
        met.add(batch.producerId());
        return wasAborted(batch);
    }

    /** As {@link #isAborted}, but it is not met. */
    boolean wasAborted(RecordBatch batch) {
        TreeMap<Long, Long> spans = batch.isTransactional() ? aborted.get(batch.producerId()) : null;
        Map.Entry<Long, Long> span = spans == null ? null : spans.floorEntry(batch.baseOffset());
        return span != null && batch.baseOffset() < span.getValue();
    }

    /** A marker is met: true if nothing of the transaction that it ends was. */
    boolean endsNothing(RecordBatch marker) throws IOException {
        int type = typeOf(marker);
        return (type == ABORT || type == COMMIT) && !met.remove(marker.producerId());
    }

    private static int typeOf(RecordBatch marker) throws IOException {
        if (!marker.isComplete() || marker.recordCount() == 0) {
            return NO_END;
        }
        try (RecordCursor cursor = RecordCursor.over(marker, DecompressionBounds.DEFAULT)) {
            ByteBuffer key = cursor.next() ? cursor.key() : null;
            return key == null || key.remaining() < 2 * Short.BYTES ? NO_END : key.getShort(Short.BYTES);
        } catch (UnreadableRecordsException damaged) {
            throw new IOException("a marker cannot be read: " + marker, damaged);
        }
    }
}
