package io.wellspring.log;

import io.wellspring.batch.RecordBatch;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Appends, rolls and flushes one log. What survives a crash: after {@link #flush} everything appended before it. Threads: the log's
 * owner thread; {@link #flushSealed} any.
 */
final class LogWriter {
    private static final Logger LOG = LoggerFactory.getLogger(LogWriter.class);

    private final SegmentContext context;
    private final LogState state;
    private final LogKeeper keeper;
    private final StateSnapshots snapshots;
    private final PartitionLog log;

    /** Held while rolled segments are forced: by the owner, or by the thread that writes the marks. */
    private final Object forcing = new Object();

    /** Guarded by {@link #forcing}. */
    private @Nullable IOException failedForce;

    private long activeJitterMs;
    private final RecentAppends recent;

    /** A checkpoint was asked for while something was not forced. The owner's. */
    private boolean isCheckpointWanted;

    LogWriter(PartitionLog log, SegmentContext context, LogState state, LogKeeper keeper, StateSnapshots snapshots) {
        this.log = log;
        this.context = context;
        this.state = state;
        this.keeper = keeper;
        this.snapshots = snapshots;
        this.recent = new RecentAppends(context.ticker(), state.endOffset());
        this.activeJitterMs = jitterMs();
    }

    /** What was appended lately. Threads: any. */
    RecentAppends recent() {
        return recent;
    }

    void append(List<RecordBatch> batches) throws IOException {
        requireRising(batches);
        int from = 0;
        while (from < batches.size()) {
            RecordBatch first = batches.get(from);
            if (mustRoll(first)) {
                rollAt(first.baseOffset());
            }
            Segment active = state.segments().active();
            int to = runEnd(active, batches, from);
            // Nearly always all of them: no view is needed then.
            write(active, to - from == batches.size() ? batches : batches.subList(from, to));
            from = to;
        }
    }

    private void requireRising(List<RecordBatch> batches) {
        long expected = state.endOffset();
        for (int i = 0; i < batches.size(); i++) {
            RecordBatch batch = batches.get(i);
            if (batch.baseOffset() < expected || batch.lastOffsetDelta() < 0) {
                throw new IllegalArgumentException("offsets do not rise: log "
                        + state.opening().place().partition() + " expects " + expected + " or more, got " + batch);
            }
            expected = batch.nextOffset();
        }
    }

    /** The batches that fit into the active segment; the first one goes there in any case. */
    private int runEnd(Segment active, List<RecordBatch> batches, int from) {
        int segmentBytes = context.settings().get().segmentBytes();
        long size = active.sizeBytes() + batches.get(from).sizeBytes();
        int to = from + 1;
        while (to < batches.size()) {
            RecordBatch next = batches.get(to);
            if (size + next.sizeBytes() > segmentBytes || !active.reaches(next.lastOffset())) {
                break;
            }
            size += next.sizeBytes();
            to++;
        }
        return to;
    }

    private void write(Segment active, List<RecordBatch> run) throws IOException {
        long before = active.sizeBytes();
        long records = 0;
        for (int i = 0; i < run.size(); i++) { // by index, as in all that each request goes through
            RecordBatch batch = run.get(i);
            records += batch.recordCount();
            // On disk before a batch of the new epoch is, or a crash would leave the batch to no epoch.
            state.opening().epochs().assign(batch.leaderEpoch(), batch.baseOffset());
        }
        recent.appending(run.getFirst().baseOffset());
        active.append(run);
        long bytes = active.sizeBytes() - before;
        state.moveEnd(active.nextOffset());
        recent.appended(run.getFirst().baseOffset(), bytes);
        snapshots.grown(bytes);
        context.metrics().appended(bytes, run.size(), records);
    }

    /** Kafka's rules: size, age by the records' own time, fullness of an index, reach of relative offsets. */
    private boolean mustRoll(RecordBatch batch) throws IOException {
        Segment active = state.segments().active();
        if (!active.reaches(batch.lastOffset())) {
            return true;
        }
        if (active.isEmpty()) {
            return false;
        }
        LogSettings settings = context.settings().get();
        return active.sizeBytes() + batch.sizeBytes() > settings.segmentBytes()
                || ageMs(active, batch.maxTimestamp()) > settings.segmentMs() - activeJitterMs
                || active.indexes().isFull(settings.indexBytes());
    }

    /** From the first batch's time to the new one's; by the clock if the records have no time. */
    private long ageMs(Segment active, long timestampMs) throws IOException {
        long firstMs = active.firstTimestampMs();
        return firstMs >= 0 ? timestampMs - firstMs : context.clock().millis() - active.createdMs();
    }

    /** Does nothing if the active segment is empty and begins at this offset. */
    void rollAt(long offset) throws IOException {
        SegmentList before = state.segments();
        Segment sealed = before.active();
        long base = Math.max(offset, state.endOffset());
        if (sealed.isEmpty() && sealed.baseOffset() == base) {
            return;
        }
        sealed.seal();
        snapshots.write(base);
        SegmentPaths paths = new SegmentPaths(state.opening().place().directory(), base);
        Segment active = Segment.create(context, paths);
        makeNameDurable(paths);
        state.addSegment(active);
        state.moveEnd(base);
        activeJitterMs = jitterMs();
        context.metrics().rolled();
        keeper.rolled(log);
    }

    /** A segment that cannot be used goes again: the next try makes it anew, and a name that is taken would take the log offline. */
    private void makeNameDurable(SegmentPaths paths) throws IOException {
        try {
            context.files().syncDirectory(paths.directory());
        } catch (IOException failure) {
            try {
                context.files().delete(paths.log());
            } catch (IOException stays) {
                failure.addSuppressed(stays);
            }
            throw failure;
        }
    }

    /**
     * Everything durable, the derived state too, as a clean stop wants it. A log whose mark is written and to which nothing was added since is left
     * alone.
     */
    void close() throws IOException {
        Segment active = state.segments().active();
        if (state.mark().endOffset() >= state.endOffset() && !state.isCheckpointDue() && !active.isPreallocated()) {
            return;
        }
        flush();
        active.seal();
        active.forceIndexes();
        snapshots.write(state.endOffset());
        state.raiseCheckpoint(new Checkpoint(state.mark(), active.markIndexes()));
    }

    /**
     * Makes the newest mark fit to be written down: see {@link Checkpoint}. If something is not forced yet that happens right after the next
     * flush.
     */
    void takeCheckpoint() throws IOException {
        DurableMark mark = state.mark();
        if (!state.isCheckpointDue()) {
            return;
        }
        isCheckpointWanted = mark.endOffset() < state.endOffset();
        if (isCheckpointWanted) {
            return;
        }
        IndexMark indexes = state.segments().active().markIndexes();
        snapshots.writeAtMark(mark.endOffset());
        state.raiseCheckpoint(new Checkpoint(mark, indexes));
    }

    /** Spread by the partition and the segment instead of by chance: partitions that were made together do not roll together. */
    private long jitterMs() {
        LogSettings settings = context.settings().get();
        long most = Math.min(settings.segmentJitterMs(), settings.segmentMs());
        long seed = 31L * state.opening().place().partition().hashCode()
                + state.segments().active().baseOffset();
        long mixed = (seed ^ (seed >>> 32)) * 0x9E3779B97F4A7C15L;
        return most <= 0 ? 0 : Math.floorMod(mixed ^ (mixed >>> 29), most);
    }

    /** Leaves a failure to {@link #flush}, which comes next and meets it again. Threads: any, while the owner waits. */
    void forceAhead() {
        Segment active = state.segments().active();
        try {
            active.flush();
        } catch (IOException failure) {
            LOG.debug(
                    "a force failed ahead of its flush: log={}",
                    state.opening().place().partition(),
                    failure);
        }
    }

    void flush() throws IOException {
        if (state.mark().endOffset() >= state.endOffset()) {
            return;
        }
        SegmentList segments = state.segments();
        flushSealed(segments);
        Segment active = segments.active();
        active.flush();
        Segment.LastBatch last = active.lastBatch();
        if (last != null) {
            state.raiseMark(new DurableMark(
                    state.startOffset(),
                    active.nextOffset(),
                    active.baseOffset(),
                    last.position(),
                    last.crc(),
                    active.sizeBytes(),
                    sealedOf(segments)));
            if (isCheckpointWanted) {
                takeCheckpoint();
            }
        }
    }

    /** Makes the segments durable that were rolled; the active one is left alone. */
    void flushSealed() throws IOException {
        flushSealed(state.segments());
    }

    private void flushSealed(SegmentList segments) throws IOException {
        long active = segments.active().baseOffset();
        if (state.mark().segmentBaseOffset() >= active) {
            return;
        }
        synchronized (forcing) {
            // The other thread may have failed while this one waited: what failed is not forced again. The log is taken
            // offline only after this lock is given back, so the failure is remembered here.
            if (failedForce != null) {
                throw new IOException("an earlier force failed, another one would mean nothing", failedForce);
            }
            state.requireOnline();
            forceSealed(segments);
            DurableMark mark = DurableMark.atStartOf(active, state.startOffset(), sealedOf(segments));
            state.raiseMark(mark);
            // The roll has written a snapshot, and there are no rows yet.
            state.raiseCheckpoint(new Checkpoint(mark, null));
        }
    }

    private void forceSealed(SegmentList segments) throws IOException {
        try {
            for (int i = 0; i < segments.count() - 1; i++) {
                Segment sealed = segments.get(i);
                if (segments.endOffset(i) >= state.mark().endOffset() || !sealed.isFlushed()) {
                    sealed.flush();
                    sealed.forceIndexes();
                }
            }
        } catch (IOException failure) {
            failedForce = failure;
            throw failure;
        }
    }

    /** The list of a mark changes with the segments only. */
    private List<DurableMark.Sealed> sealedOf(SegmentList segments) {
        List<DurableMark.Sealed> known = state.mark().sealed();
        int count = segments.count() - 1;
        boolean isSame = known.size() == count
                && (count == 0
                        || (known.getFirst().baseOffset() == segments.get(0).baseOffset()
                                && known.getLast().baseOffset()
                                        == segments.get(count - 1).baseOffset()));
        return isSame ? known : segments.sealed(count);
    }
}
