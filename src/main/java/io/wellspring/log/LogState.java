package io.wellspring.log;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What readers of a log see, each value swapped as a whole. The start is never above the end; what lies below the end is in the
 * segments. Threads: written by the log's owner thread (going offline and swapping compacted segments: any), read by any.
 */
final class LogState {
    private static final Logger LOG = LoggerFactory.getLogger(LogState.class);

    private final LogOpening opening;
    private final LogMetrics metrics;
    private final AtomicInteger truncations = new AtomicInteger();
    private volatile SegmentList segments;
    private volatile long startOffset;
    private volatile long endOffset;
    private volatile @Nullable String offlineReason;

    /** Guarded by this object's monitor for writing. */
    private volatile DurableMark mark;

    /** Guarded as {@link #mark}; never above it. */
    private volatile Checkpoint checkpoint;

    LogState(LogOpening opening, LogMetrics metrics) {
        this.opening = opening;
        this.metrics = metrics;
        this.segments = SegmentList.of(opening.segments());
        this.startOffset = opening.startOffset();
        this.endOffset = segments.active().nextOffset();
        this.offlineReason = opening.offlineReason();
        this.mark = opening.mark();
        this.checkpoint = opening.checkpoint();
    }

    LogOpening opening() {
        return opening;
    }

    SegmentList segments() {
        return segments;
    }

    synchronized void replaceSegments(SegmentList next) {
        segments = next;
    }

    /** A new active segment; another thread may be swapping older ones. */
    synchronized void addSegment(Segment active) {
        segments = segments.with(active);
    }

    /** One segment takes the place of others, which are all there; the owner may be adding one. */
    synchronized void swapSegments(List<Segment> replaced, Segment replacement) {
        segments = segments.swapped(replaced, replacement);
    }

    /** How often the end was cut; compaction looks whether it was meanwhile. */
    int truncationCount() {
        return truncations.get();
    }

    /** True if these segments are there, one after the other, and the end was not cut since. */
    boolean holds(List<Segment> run, int truncationsBefore) {
        return truncations.get() == truncationsBefore && segments.holds(run);
    }

    void countTruncation() {
        truncations.incrementAndGet();
    }

    long startOffset() {
        return startOffset;
    }

    void moveStart(long offset) {
        startOffset = offset;
    }

    long endOffset() {
        return endOffset;
    }

    void moveEnd(long offset) {
        endOffset = offset;
    }

    DurableMark mark() {
        return mark;
    }

    /** What is on disk has grown up to this mark; one that another thread has overtaken is left aside. */
    synchronized void raiseMark(DurableMark next) {
        if (next.endOffset() >= mark.endOffset()) {
            mark = next;
        }
    }

    /** After a cut: the mark as it is now. The indexes that were marked may not be there any more. */
    synchronized void resetMark(DurableMark next) {
        mark = next;
        checkpoint = new Checkpoint(next, null);
    }

    /** The mark to write down. */
    Checkpoint checkpoint() {
        return checkpoint;
    }

    /** What belongs to this mark is written; one that is overtaken is left aside. */
    synchronized void raiseCheckpoint(Checkpoint next) {
        if (next.mark().endOffset() >= checkpoint.mark().endOffset()
                && next.mark().endOffset() <= mark.endOffset()) {
            checkpoint = next;
        }
    }

    /** The mark has moved on, or its indexes are not marked. */
    boolean isCheckpointDue() {
        Checkpoint last = checkpoint;
        DurableMark now = mark;
        return last.mark().endOffset() < now.endOffset() || (now.hasBatch() && last.indexes() == null);
    }

    boolean isOffline() {
        return offlineReason != null;
    }

    @Nullable
    String offlineReason() {
        return offlineReason;
    }

    /** Every write ends here from now on; the first reason stays. @return true for the first */
    synchronized boolean goOffline(String reason, @Nullable Throwable cause) {
        if (offlineReason != null) {
            return false;
        }
        offlineReason = reason;
        metrics.wentOffline();
        LOG.error("A log goes offline: partition={} reason={}", opening.place().partition(), reason, cause);
        return true;
    }

    void requireOnline() throws IOException {
        String reason = offlineReason;
        if (reason != null) {
            throw new IOException("the log of " + opening.place().partition() + " is offline: " + reason);
        }
    }
}
