package io.wellspring.log;

import io.wellspring.batch.RecordBatch;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One segment of a log: a {@code .log} file of batches with growing offsets and its indexes, which are loaded at first use and made anew
 * from the batches if they are missing or cannot be true.
 *
 * <p>Threads: one writer (append, truncate, seal, close); readers any, without a lock. What survives a crash: bytes up to the last
 * {@link #flush}; indexes as {@link IndexRows} says.
 */
final class Segment {
    private static final Logger LOG = LoggerFactory.getLogger(Segment.class);

    private final SegmentContext context;
    private final SegmentPaths paths;
    private final LazyFile<LogFile> file;
    private final long createdMs;

    /** Written by the writer after the bytes. */
    private volatile End end;

    /** Once one was appended or walked over. */
    private volatile @Nullable LastBatch lastBatch;

    /** Held during a flush, by nobody who reads or writes. */
    private final Object flushing = new Object();

    /** Guarded by {@link #flushing}: why no other force would mean anything. Two threads may wait when the first one fails. */
    private @Nullable Throwable brokenForce;

    private volatile long flushedPosition;
    private volatile boolean preallocated;
    private volatile @Nullable SegmentIndexes indexes;
    private volatile @Nullable RecentBatches recent;

    private static final long UNKNOWN = Long.MIN_VALUE;

    /**
     * Where a segment ends: one value, so that readers never see a size that belongs to another offset.
     *
     * @param nextOffset the offset after the last record; the base offset if the segment is empty
     * @param sizeBytes where valid batches end; a preallocated file is larger
     */
    record End(long nextOffset, long sizeBytes) {}

    /**
     * @param position where the last batch begins
     * @param crc its stored CRC, unsigned
     */
    record LastBatch(long position, long crc) {}

    /** Known once asked for or once a batch was appended; max timestamp of the first batch. */
    private volatile long firstTimestampMs = UNKNOWN;

    /** What was marked of the indexes on disk; null: nothing. */
    private final @Nullable Checkpoint found;

    private Segment(SegmentContext context, SegmentPaths paths, End end, @Nullable Checkpoint found) {
        this.context = context;
        this.paths = paths;
        this.file = new LazyFile<>(
                paths.log().toString(),
                context.openFiles(),
                () -> context.files().open(paths.log()));
        this.createdMs = context.clock().millis();
        this.end = end;
        this.found = found;
        this.flushedPosition = end.sizeBytes();
    }

    /** Makes a new empty segment. Its name is not durable before the directory is synced. */
    static Segment create(SegmentContext context, SegmentPaths paths) throws IOException {
        LogSettings settings = context.settings().get();
        SegmentFiles.create(context.files(), paths, settings);
        Segment segment = new Segment(context, paths, new End(paths.baseOffset(), 0L), null);
        segment.preallocated = settings.preallocate();
        segment.indexes = SegmentIndexes.empty(context, paths);
        return segment;
    }

    /**
     * A segment that lies on disk; touches no file.
     *
     * @param end of valid batches; its offset may be the next segment's base offset
     * @param found what was marked of this segment; null if the mark lies elsewhere
     */
    static Segment open(SegmentContext context, SegmentPaths paths, End end, @Nullable Checkpoint found) {
        return new Segment(context, paths, end, found);
    }

    SegmentPaths paths() {
        return paths;
    }

    long baseOffset() {
        return paths.baseOffset();
    }

    End end() {
        return end;
    }

    long nextOffset() {
        return end.nextOffset();
    }

    long sizeBytes() {
        return end.sizeBytes();
    }

    /** Null if the segment is empty, or if nothing was appended, cut or rebuilt since it was opened. Threads: the writer. */
    @Nullable
    LastBatch lastBatch() {
        return lastBatch;
    }

    boolean isEmpty() {
        return end.sizeBytes() == 0;
    }

    boolean isFlushed() {
        return flushedPosition == end.sizeBytes();
    }

    long createdMs() {
        return createdMs;
    }

    @Nullable
    RecentBatches recent() {
        return recent;
    }

    /** The open {@code .log} file; the caller gives the lease back. */
    LazyFile.Lease<LogFile> acquire() throws IOException {
        return file.acquire();
    }

    /** True if the last offset of the batch can be told relative to the base offset. */
    boolean reaches(long lastOffset) {
        return lastOffset - baseOffset() <= Integer.MAX_VALUE;
    }

    /** Max timestamp of the first batch, ms; negative if there is none. */
    long firstTimestampMs() throws IOException {
        long known = firstTimestampMs;
        if (known == UNKNOWN && !isEmpty()) {
            known = SegmentSearch.firstTimestampMs(this);
            firstTimestampMs = known;
        }
        return known == UNKNOWN ? -1L : known;
    }

    /**
     * Writes batches at the end with one gathering write. If that fails for want of room the file is as before.
     *
     * @param batches offsets assigned, growing, within reach of the base offset
     */
    void append(List<RecordBatch> batches) throws IOException {
        SegmentIndexes rows = indexes();
        long start = sizeBytes();
        LazyFile.Lease<LogFile> lease = pinned();
        try {
            BatchGathering.write(lease.value(), batches, start, !preallocated);
        } finally {
            lease.release();
        }
        if (start == 0) {
            firstTimestampMs = batches.getFirst().maxTimestamp();
        }
        RecentBatches ring = recent;
        if (ring == null) {
            ring = new RecentBatches();
            recent = ring;
        }
        long position = start;
        for (int i = 0; i < batches.size(); i++) {
            RecordBatch batch = batches.get(i);
            rows.add(batch, position, context.settings().get().indexIntervalBytes());
            ring.add(batch, position);
            position += batch.sizeBytes();
        }
        RecordBatch last = batches.getLast();
        lastBatch = new LastBatch(position - last.sizeBytes(), last.crc());
        end = new End(last.nextOffset(), position);
    }

    private LazyFile.Lease<LogFile> pinned() throws IOException {
        file.pin();
        return file.acquire();
    }

    /** Makes all bytes durable that were appended before the call; does nothing if they are. Threads: any. */
    void flush() throws IOException {
        synchronized (flushing) {
            long wanted = sizeBytes();
            if (flushedPosition >= wanted) {
                return;
            }
            if (brokenForce != null) {
                throw new IOException("after a failed force another would mean nothing: " + paths.log(), brokenForce);
            }
            long startNanos = context.ticker().nanos();
            LazyFile.Lease<LogFile> lease = acquire();
            try {
                lease.value().force();
            } catch (IOException | RuntimeException | Error failure) {
                brokenForce = failure;
                throw failure;
            } finally {
                lease.release();
            }
            context.metrics().flushed(context.ticker().nanos() - startNanos);
            flushedPosition = wanted;
            file.unpin();
        }
    }

    /** Ends appending: the index rows are written to their files, a preallocated file is trimmed. Flushing is the caller's. */
    void seal() throws IOException {
        indexes().seal();
        if (preallocated) {
            LazyFile.Lease<LogFile> lease = pinned();
            try {
                lease.value().resize(sizeBytes());
            } finally {
                lease.release();
            }
            preallocated = false;
        }
        recent = null;
    }

    /** Makes the index files durable; call after {@link #seal}. */
    void forceIndexes() throws IOException {
        indexes().force();
    }

    /** True while the file is longer than its batches. */
    boolean isPreallocated() {
        return preallocated;
    }

    /** Writes the index rows to their files, without a force, and tells what is there. Threads: the writer. */
    IndexMark markIndexes() throws IOException {
        return indexes().mark();
    }

    /** The indexes, loaded or made anew if this is the first use. */
    SegmentIndexes indexes() throws IOException {
        SegmentIndexes known = indexes;
        return known != null ? known : loadIndexes();
    }

    private synchronized SegmentIndexes loadIndexes() throws IOException {
        file.refuseGone();
        SegmentIndexes known = indexes;
        if (known != null) {
            return known;
        }
        known = found == null ? null : SegmentIndexes.loadMarked(context, paths, found);
        if (known != null) {
            addRows(known);
            indexes = known;
            return known;
        }
        known = isEmpty() ? null : SegmentIndexes.load(context, paths, sizeBytes(), nextOffset());
        if (isEmpty()) {
            known = rebuilt(0L);
        } else if (known == null || !isComplete(known)) {
            LOG.warn("Indexes are missing or wrong and are made anew: segment={}", paths.log());
            known = rebuilt(0L);
        }
        indexes = known;
        return known;
    }

    /** The files are as good as the last row and what follows it: there the row's batch begins, and no further row is due. */
    private boolean isComplete(SegmentIndexes loaded) throws IOException {
        OffsetIndex.Entry row = loaded.offsets().lastEntry();
        if (row.lastOffset() >= 0) {
            LazyFile.Lease<LogFile> lease = acquire();
            try {
                RecordBatch batch =
                        new BatchScan(lease.value(), row.position(), sizeBytes(), RecordBatch.HEADER_SIZE_BYTES).next();
                if (batch == null || batch.lastOffset() != row.lastOffset()) {
                    return false;
                }
            } finally {
                lease.release();
            }
        }
        addRows(loaded);
        return row.equals(loaded.offsets().lastEntry());
    }

    /** A reader found that an index row does not lie where it says. */
    synchronized void distrustIndexes(SegmentIndexes wrong) throws IOException {
        file.refuseGone();
        if (indexes == wrong) {
            LOG.warn("An index row points to no batch, the indexes are made anew: segment={}", paths.log());
            indexes = rebuilt(0L);
        }
    }

    /** Makes index rows anew for all batches from this position on; rows below are kept if the files can be true. Threads: the writer. */
    synchronized void rebuildIndexes(long fromPosition) throws IOException {
        indexes = rebuilt(fromPosition);
    }

    private SegmentIndexes rebuilt(long fromPosition) throws IOException {
        SegmentIndexes rows = SegmentIndexes.beginAnew(context, paths, fromPosition, sizeBytes(), nextOffset());
        addRows(rows);
        rows.writeTails();
        context.metrics().indexesRebuilt();
        return rows;
    }

    private void addRows(SegmentIndexes rows) throws IOException {
        int interval = context.settings().get().indexIntervalBytes();
        SegmentScan scan = scan(rows.endPosition(), SegmentScan.Depth.HEADERS, (batch, position) -> {
            rows.add(batch, position, interval);
            lastBatch = new LastBatch(position, batch.crc());
        });
        if (scan.problem() != null) {
            throw new IOException("damaged segment: file=" + paths.log() + " position=" + scan.validPosition() + " "
                    + scan.problem());
        }
    }

    /** Walks over the batches from a batch boundary to {@link #sizeBytes}. Reads the disk; {@code CRC} reads every byte. */
    SegmentScan scan(long fromPosition, SegmentScan.Depth depth, SegmentScan.Visitor visitor) throws IOException {
        LazyFile.Lease<LogFile> lease = acquire();
        try {
            BatchScan batches = new BatchScan(lease.value(), fromPosition, sizeBytes(), BatchScan.LARGE_WINDOW_BYTES);
            return SegmentScan.run(batches, baseOffset(), baseOffset(), depth, visitor);
        } finally {
            lease.release();
        }
    }

    /**
     * Cuts the file. Durable when it returns, the index files excepted. Threads: the writer.
     *
     * @param position a batch boundary
     * @param nextOffset the offset after the last record that is kept
     */
    void truncate(long position, long nextOffset) throws IOException {
        SegmentIndexes rows = indexes();
        rows.truncate(position);
        recent = null;
        lastBatch = null;
        end = new End(nextOffset, position);
        flushedPosition = Math.min(flushedPosition, position);
        LazyFile.Lease<LogFile> lease = pinned();
        try {
            lease.value().resize(position);
            lease.value().force();
        } finally {
            lease.release();
        }
        preallocated = false;
        flushedPosition = position;
        file.unpin();
        if (position == 0) {
            firstTimestampMs = UNKNOWN;
        }
        addRows(rows);
    }

    /** From now on nothing of it is opened by name: who would waits until {@code done}, and finds it gone. What is open stays so. */
    synchronized void suspend(CountDownLatch done) {
        file.suspend(done);
        SegmentIndexes known = indexes;
        if (known != null) {
            known.suspend(done);
        }
    }

    /** Gives files and mappings back as soon as no reader is in them; nothing is written. Readers that come later get a {@link SegmentGoneException}. */
    void discard() {
        file.discard();
        SegmentIndexes known = indexes;
        if (known != null) {
            known.discard();
        }
    }

    @Override
    public String toString() {
        return "Segment[" + paths.log() + ", " + sizeBytes() + " bytes]";
    }
}
