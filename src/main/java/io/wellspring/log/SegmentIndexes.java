package io.wellspring.log;

import io.wellspring.batch.RecordBatch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * The offset and the time index of one segment, kept together: they get their rows at the same batches. Threads: one writer, any readers.
 */
final class SegmentIndexes {
    private final OffsetIndex offsets;
    private final TimeIndex times;

    /** The largest timestamp of the segment and the end of the first batch that has it. Written by the writer. */
    private volatile TimeIndex.Entry largest;

    /** Bytes since the last row; the writer's. */
    private long bytesSinceRow;

    /** Where the rows are complete up to; the writer's. */
    private long endPosition;

    private SegmentIndexes(OffsetIndex offsets, TimeIndex times, TimeIndex.Entry largest, long endPosition) {
        this.offsets = offsets;
        this.times = times;
        this.largest = largest;
        this.endPosition = endPosition;
    }

    /** Of a new segment: no files yet. */
    static SegmentIndexes empty(SegmentContext context, SegmentPaths paths) {
        return of(context, paths, 0, 0, TimeIndex.Entry.NONE, 0L);
    }

    /**
     * Of a segment on disk. The batches from {@link #endPosition}, that of the last row, on are to be added again: if that makes new rows
     * the files were not complete.
     *
     * @return null if a file is missing or cannot be true of this segment
     */
    static @Nullable SegmentIndexes load(SegmentContext context, SegmentPaths paths, long sizeBytes, long nextOffset)
            throws IOException {
        int offsetRows = rowCount(context, paths.offsetIndex(), OffsetIndex.ROW_SIZE_BYTES);
        int timeRows = rowCount(context, paths.timeIndex(), TimeIndex.ROW_SIZE_BYTES);
        if (offsetRows < 0 || timeRows < 0) {
            return null;
        }
        SegmentIndexes loaded = of(context, paths, offsetRows, timeRows, TimeIndex.Entry.NONE, 0L);
        boolean lacksTime = timeRows == 0 && sizeBytes > 0;
        if (lacksTime || !loaded.offsets.isPlausible(sizeBytes, nextOffset) || !loaded.times.isPlausible(nextOffset)) {
            loaded.discard();
            return null;
        }
        loaded.largest = loaded.times.lastEntry();
        loaded.endPosition = loaded.offsets.lastEntry().position();
        loaded.readCrcs();
        return loaded;
    }

    /**
     * Of a segment that was recovered: the rows up to the mark, if they are the ones that were there. The batches from the mark on are to
     * be added again.
     *
     * @return null if a file is missing or differs
     */
    static @Nullable SegmentIndexes loadMarked(SegmentContext context, SegmentPaths paths, Checkpoint checkpoint)
            throws IOException {
        IndexMark marked = checkpoint.indexes();
        if (marked == null
                || !hasRows(context, paths.offsetIndex(), marked.offsetRows() * (long) OffsetIndex.ROW_SIZE_BYTES)
                || !hasRows(context, paths.timeIndex(), marked.timeRows() * (long) TimeIndex.ROW_SIZE_BYTES)) {
            return null;
        }
        DurableMark mark = checkpoint.mark();
        SegmentIndexes loaded =
                of(context, paths, marked.offsetRows(), marked.timeRows(), marked.largest(), mark.endPosition());
        loaded.readCrcs();
        if (loaded.offsets.rows().crc() != marked.offsetCrc()
                || loaded.times.rows().crc() != marked.timeCrc()) {
            loaded.discard();
            return null;
        }
        loaded.bytesSinceRow = marked.bytesSinceRow();
        return loaded;
    }

    /** No file at all stands for no rows. */
    private static boolean hasRows(SegmentContext context, Path path, long sizeBytes) throws IOException {
        return sizeBytes == 0
                || (context.files().exists(path) && context.files().size(path) >= sizeBytes);
    }

    private void readCrcs() throws IOException {
        offsets.rows().readCrc();
        times.rows().readCrc();
    }

    /** Writes what is in memory, without a force, and tells what the files hold. Threads: the writer. */
    IndexMark mark() throws IOException {
        if (offsets.rows().rowCount() + times.rows().rowCount() > 0) {
            writeTails();
        }
        return new IndexMark(
                offsets.rows().rowCount(),
                offsets.rows().crc(),
                times.rows().rowCount(),
                times.rows().crc(),
                largest,
                bytesSinceRow);
    }

    /** Keeps what can be true of the rows below a position; {@link #endPosition} says from where on rows are to be added. */
    static SegmentIndexes beginAnew(
            SegmentContext context, SegmentPaths paths, long fromPosition, long sizeBytes, long nextOffset)
            throws IOException {
        if (fromPosition > 0) {
            SegmentIndexes loaded = load(context, paths, sizeBytes, nextOffset);
            if (loaded != null) {
                loaded.truncate(fromPosition);
                return loaded;
            }
        }
        SegmentIndexes fresh = empty(context, paths);
        fresh.offsets.rows().clear();
        fresh.times.rows().clear();
        return fresh;
    }

    private static SegmentIndexes of(
            SegmentContext context,
            SegmentPaths paths,
            int offsetRows,
            int timeRows,
            TimeIndex.Entry largest,
            long endPosition) {
        OffsetIndex offsets = new OffsetIndex(
                paths.baseOffset(),
                OffsetIndex.rows(context.files(), context.openFiles(), paths.offsetIndex(), offsetRows));
        TimeIndex times = new TimeIndex(
                paths.baseOffset(), TimeIndex.rows(context.files(), context.openFiles(), paths.timeIndex(), timeRows));
        return new SegmentIndexes(offsets, times, largest, endPosition);
    }

    private static int rowCount(SegmentContext context, Path path, int rowSizeBytes) throws IOException {
        if (!context.files().exists(path)) {
            return -1;
        }
        long size = context.files().size(path);
        return size % rowSizeBytes == 0 && size <= Integer.MAX_VALUE ? (int) (size / rowSizeBytes) : -1;
    }

    OffsetIndex offsets() {
        return offsets;
    }

    TimeIndex times() {
        return times;
    }

    TimeIndex.Entry largest() {
        return largest;
    }

    long endPosition() {
        return endPosition;
    }

    /** True if another row would make a file larger than allowed; one time row is kept for {@link #seal}. */
    boolean isFull(int indexBytes) {
        return offsets.rows().rowCount() >= indexBytes / OffsetIndex.ROW_SIZE_BYTES
                || times.rows().rowCount() >= indexBytes / TimeIndex.ROW_SIZE_BYTES - 1;
    }

    /** Takes note of a batch that was written at this position. Threads: the writer. */
    void add(RecordBatch batch, long position, int intervalBytes) throws IOException {
        if (batch.maxTimestamp() > largest.timestampMs()) {
            largest = new TimeIndex.Entry(batch.maxTimestamp(), batch.lastOffset());
        }
        if (bytesSinceRow > intervalBytes) {
            writeFullTails();
            offsets.append(batch.lastOffset(), Math.toIntExact(position));
            times.appendIfLarger(largest);
            bytesSinceRow = 0;
        }
        bytesSinceRow += batch.sizeBytes();
        endPosition = position + batch.sizeBytes();
    }

    /** Both together and the times first: rows of offsets on disk tell that the times up to them are there too. */
    private void writeFullTails() throws IOException {
        if (!offsets.rows().isTailFull()) {
            return;
        }
        try {
            writeTails();
        } catch (IOException failure) {
            if (!DiskFullException.isDiskFull(failure)) {
                throw failure;
            }
            // The batches are written and stay; the rows wait in memory until there is room. Appends are refused
            // meanwhile.
        }
    }

    /** Writes what is in memory to the files, with the largest timestamp as the last row. Threads: the writer. */
    void seal() throws IOException {
        times.appendIfLarger(largest);
        writeTails();
    }

    void writeTails() throws IOException {
        times.rows().writeTail();
        offsets.rows().writeTail();
    }

    void force() throws IOException {
        offsets.rows().force();
        times.rows().force();
    }

    /**
     * Keeps rows of batches below the position. Afterwards the batches from {@link #endPosition} on, which is the batch of the last row
     * that is kept, are to be {@link #add added} again: what came after that row is told by no row.
     */
    void truncate(long position) throws IOException {
        offsets.truncateToPosition(position);
        OffsetIndex.Entry last = offsets.lastEntry();
        times.truncateTo(last.lastOffset() + 1);
        largest = times.lastEntry();
        endPosition = last.position();
        // So that the batch of the last row, which is added again, does not get a second one.
        bytesSinceRow = 0;
    }

    void suspend(CountDownLatch done) {
        offsets.rows().suspend(done);
        times.rows().suspend(done);
    }

    void discard() {
        offsets.rows().discard();
        times.rows().discard();
    }
}
