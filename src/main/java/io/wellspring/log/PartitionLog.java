package io.wellspring.log;

import io.wellspring.batch.RecordBatch;
import io.wellspring.model.TopicId;
import io.wellspring.model.TopicPartition;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One append-only log on disk: a sorted row of segments. One thread writes (the owner of the partition's shard); readers see an
 * immutable array of segments that is swapped atomically, so they never wait.
 *
 * <p>Errors: a {@link DiskFullException} means that there was no room: nothing has changed, and the same call may succeed later. Any other
 * {@link IOException} out of a writing method means that the disk failed. It is never retried: from then on {@link #isOffline} is true,
 * every write throws, and health names the log.
 */
public final class PartitionLog implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PartitionLog.class);

    private final SegmentContext context;
    private final LogState state;
    private final LogKeeper keeper;
    private final StateSnapshots snapshots;
    private final LogWriter writer;
    private final LogTrimmer trimmer;
    private final LogReader reader;
    private final LogTimes times;
    private final SegmentSwap swap;

    /** Held while another thread forces sealed segments and raises the mark: a truncation must not lower it meanwhile. */
    private final Object sealing = new Object();

    /** Held while a compacted segment takes the place of others, and by whoever takes segments out meanwhile; never by appends. */
    private final ReentrantLock swapping = new ReentrantLock();
    /** Written under {@link #swapping}. */
    private volatile boolean isClosed;

    PartitionLog(SegmentContext context, LogKeeper keeper, LogOpening opening) {
        this.context = context;
        this.keeper = keeper;
        this.state = new LogState(opening, context.metrics());
        this.snapshots = new StateSnapshots(context.files(), opening.place().directory(), opening.derived());
        this.writer = new LogWriter(this, context, state, keeper, snapshots);
        this.trimmer = new LogTrimmer(this, context, state, keeper, snapshots, writer);
        this.reader = new LogReader(state, writer.recent());
        this.times = new LogTimes(state, context.bounds());
        this.swap = new SegmentSwap(context, state, keeper);
    }

    /** Brings the derived state up to the end, once after opening. Threads: the owner, or any before the log is handed out. */
    void restoreDerivedState() throws IOException {
        boolean[] isBehind = new boolean[1];
        change(() -> isBehind[0] = snapshots.rebuild(state.segments(), state.startOffset(), state.endOffset()));
        if (isBehind[0]) {
            writeIfRoom(() -> snapshots.writeAtMark(state.endOffset()));
        }
    }

    /** Makes rolled segments durable, so that the durable mark moves on although nobody flushes. Threads: any that may block. */
    void flushSealed() throws IOException {
        synchronized (sealing) {
            change(writer::flushSealed);
        }
    }

    /** True if what is on disk has grown since the mark was made fit to be written down: {@link #checkpoint} is due. Threads: any. */
    public boolean isCheckpointDue() {
        return !state.isOffline() && state.isCheckpointDue();
    }

    /**
     * Brings what a start after a crash needs up to the durable mark, so that it reads only what lies above; the mark is written down with
     * {@link LogStore#writeMarksSoon}. Cheap: small writes, no force. Threads: owner.
     */
    public void checkpoint() throws IOException {
        writeIfRoom(writer::takeCheckpoint);
    }

    private void writeIfRoom(Change step) throws IOException {
        try {
            changeIfRoom(step);
        } catch (DiskFullException full) {
            LOG.debug("No room for a checkpoint, the next start reads more: partition={}", partition(), full);
        }
    }

    /** The mark as it is to be written down. Threads: any. */
    Checkpoint writtenMark() {
        return state.checkpoint();
    }

    /** Gives all files back without writing anything: the log is deleted, or its disk failed. Threads: owner. */
    void discard() {
        swapping.lock();
        try {
            isClosed = true;
        } finally {
            swapping.unlock();
        }
        state.segments().asList().forEach(Segment::discard);
    }

    /**
     * A log as recovery left it. Its files exist, are on disk and are right; {@code state} holds the derived state as of the end already.
     * {@link #durableMark} is what recovery said.
     */
    static PartitionLog whole(
            LogSurroundings surroundings,
            LogPlace place,
            LogSettings settings,
            DerivedState state,
            RecoveredLog.Whole found) {
        return new LogOpener(surroundings).open(place, settings, found, state);
    }

    /** A log that recovery refused: offline from the first, touches no file. */
    static PartitionLog damaged(
            LogSurroundings surroundings, LogPlace place, LogSettings settings, DerivedState state, String reason) {
        return new LogOpener(surroundings).offline(place, settings, reason, state);
    }

    /**
     * What is known to be on disk: after each flush, roll, truncation; lowered before {@link LogKeeper#truncating} is called, so that the keeper
     * need only write it. Null if the log is damaged. Threads: any.
     */
    @Nullable
    DurableMark durableMark() {
        return state.opening().offlineReason() == null ? state.mark() : null;
    }

    /** The segments as of now, oldest first; for the scrubber. Threads: any. */
    List<Segment> segments() {
        return state.segments().asList();
    }

    SegmentContext context() {
        return context;
    }

    /** True once the log was closed or deleted. Threads: any. */
    boolean isClosed() {
        return isClosed;
    }

    int truncationCount() {
        return state.truncationCount();
    }

    /**
     * Puts a compacted segment in the place of those it was made of. Threads: any that may block.
     *
     * @param truncations {@link #truncationCount} before they were read: a segment that was cut is the same, and holds something else
     * @throws CompactionStoppedException if they are not all there any more as they were, or the log was closed: nothing has changed
     */
    void swapIn(List<Segment> group, CleanedSegment cleaned, int truncations) throws IOException {
        swapping.lock();
        try {
            if (isClosed || !state.holds(group, truncations)) {
                throw new CompactionStoppedException("the segments of " + partition() + " have changed");
            }
            changeIfRoom(() -> swap.decide(group, cleaned));
            change(() -> swap.carryOut(group, cleaned));
        } finally {
            swapping.unlock();
        }
    }

    /** Refuses everything from now on, with this reason unless there is one; tells keeper and metrics once. Threads: any. */
    void takeOffline(String reason) {
        if (state.goOffline(reason, null)) {
            keeper.wentOffline(this, reason);
        }
    }

    public TopicPartition partition() {
        return state.opening().place().partition();
    }

    public TopicId topicId() {
        return state.opening().place().topicId();
    }

    /** The directory {@code topic-partition}. */
    public Path directory() {
        return state.opening().place().directory();
    }

    public LogSettings settings() {
        return context.settings().get();
    }
    /** Takes new settings; they count from the next append, roll and retention on. Threads: any. */
    public void configure(LogSettings settings) {
        context.settings().set(settings);
    }

    /** First offset that readers may ask for. Threads: any. */
    public long startOffset() {
        return state.startOffset();
    }

    /** Offset that the next record will get. Threads: any. */
    public long endOffset() {
        return state.endOffset();
    }

    /** Everything below this offset is known to be on disk (fsynced). Threads: any. */
    public long flushedOffset() {
        return Math.min(state.mark().endOffset(), state.endOffset());
    }

    /** Bytes of all segments' {@code .log} files. Threads: any. */
    public long sizeBytes() {
        return state.segments().sizeBytes();
    }

    public int segmentCount() {
        return state.segments().count();
    }

    /** True after a failed write or flush, or when recovery refused the files: nothing is written or read any more. Threads: any. */
    public boolean isOffline() {
        return state.isOffline();
    }

    /** One sentence; null if the log is not offline. Threads: any. */
    public @Nullable String offlineReason() {
        return state.offlineReason();
    }

    /** Threads: reads any. */
    public LeaderEpochs leaderEpochs() {
        return state.opening().epochs();
    }

    /**
     * Writes batches at the end with one gathering write, rolling before them if the segment is full or too old. Their base
     * offsets and leader epochs are assigned, the first begins at {@link #endOffset} or later (a hole is allowed: compaction, recovery of a
     * copy), each at or after the end of the one before. Not durable until {@link #flush}. Threads: owner.
     */
    public void append(List<RecordBatch> batches) throws IOException {
        if (!batches.isEmpty()) {
            changeIfRoom(() -> writer.append(batches));
        }
    }

    /** Forces the active segment's file ahead of {@link #flush}, which tells what failed. Threads: any, while the owner waits for it. */
    public void forceAhead() {
        writer.forceAhead();
    }

    /** Makes everything appended so far durable (fdatasync). Threads: owner. */
    public void flush() throws IOException {
        change(writer::flush);
    }

    /** Closes the active segment and begins a new one at the end offset; does nothing if the active one is empty. Threads: owner. */
    public void roll() throws IOException {
        changeIfRoom(() -> writer.rollAt(state.endOffset()));
    }

    /** Removes everything from this offset on, durably, and rebuilds the derived state. Threads: owner. */
    public void truncateTo(long offset) throws IOException {
        swapping.lock();
        try {
            synchronized (sealing) {
                change(() -> trimmer.truncateTo(offset));
            }
        } finally {
            swapping.unlock();
        }
    }

    /**
     * Moves the start of the log up (delete-records). Durable when it returns; whole segments below go with the next retention.
     *
     * @param offset at most {@link #endOffset}; a lower one than {@link #startOffset} does nothing
     */
    public void advanceStartOffset(long offset) throws IOException {
        changeIfRoom(() -> trimmer.advanceStartOffset(offset));
    }

    /**
     * Takes out segments that retention by time, by size or a moved start offset lets go; files are deleted later by the log store.
     * Only whole segments below {@code limit}; the active one goes only after it was rolled. Threads: owner.
     *
     * @param limit segments whose end lies above are kept (the high watermark)
     * @return number of segments taken out
     */
    public int applyRetention(long limit) throws IOException {
        if (!swapping.tryLock()) {
            return 0; // A compacted segment is being put in its place. Retention has time.
        }
        try {
            int[] count = new int[1];
            changeIfRoom(() -> count[0] = trimmer.applyRetention(limit));
            return count[0];
        } finally {
            swapping.unlock();
        }
    }

    /**
     * Finds whole batches from the one that holds {@code offset} on, in one segment. Cheap: indexes only, except that the
     * position inside an index interval is found by reading batch headers. Threads: any.
     *
     * @param offset {@link #startOffset} to {@link #endOffset}, else the result has no slice
     * @param endOffset no batch that ends above this offset (exclusive) is given
     * @param maxBytes allowance
     * @param atLeastOne gives the first batch even if it is larger than the allowance
     */
    public LogRead read(long offset, long endOffset, int maxBytes, boolean atLeastOne) throws IOException {
        return reader.read(offset, endOffset, maxBytes, atLeastOne);
    }

    /** True if a read at this offset touches only what was written lately, so that it is in the page cache in all likelihood. Threads: any. */
    public boolean isRecent(long offset) {
        return offset >= writer.recent().offset();
    }

    /**
     * The first record below {@code endOffset} whose timestamp is {@code timestampMs} or later. Reads the disk. Threads: any that may block.
     *
     * @return null if there is none
     */
    public @Nullable TimestampAndOffset firstAtOrAfter(long timestampMs, long endOffset) throws IOException {
        return times.firstAtOrAfter(timestampMs, endOffset);
    }

    /** The record with the largest timestamp below {@code endOffset} (the first of equals). Reads the disk. @return null if there is none */
    public @Nullable TimestampAndOffset largestTimestamp(long endOffset) throws IOException {
        return times.largestTimestamp(endOffset);
    }

    /** Bytes between two offsets by the index, about; for {@code min.bytes}. Threads: any. */
    public long bytesBetween(long startOffset, long endOffset) {
        try {
            return reader.bytesBetween(startOffset, endOffset);
        } catch (IOException failure) {
            // Only an estimate was asked for; the read that follows tells what is wrong.
            return 0;
        }
    }

    /** Flushes, writes the producer snapshot and closes the files; readers that hold slices finish in peace. Threads: owner, or any after the owner has stopped. */
    @Override
    public void close() throws IOException {
        if (isClosed) {
            return;
        }
        try {
            if (!state.isOffline()) {
                change(writer::close);
            }
        } finally {
            discard();
        }
    }

    /** A step that writes. */
    @FunctionalInterface
    private interface Change {
        void run() throws IOException;
    }

    /** A step that leaves the log as it was if there is no room: it may be done again later. */
    private void changeIfRoom(Change step) throws IOException {
        change(() -> {
            try {
                step.run();
            } catch (DiskFullException full) {
                throw full;
            } catch (IOException failure) {
                throw DiskFullException.isDiskFull(failure)
                        ? new DiskFullException("no room for the log of " + partition(), failure)
                        : failure;
            }
        });
    }

    /** After any failure but plain want of room the log goes offline: what is on disk is not known any more. */
    private void change(Change step) throws IOException {
        state.requireOnline();
        try {
            step.run();
        } catch (DiskFullException full) {
            throw full;
        } catch (IOException failure) {
            String reason = failure.getClass().getSimpleName() + ": " + failure.getMessage();
            if (state.goOffline(reason, failure)) {
                keeper.wentOffline(this, reason);
            }
            throw failure;
        }
    }
}
