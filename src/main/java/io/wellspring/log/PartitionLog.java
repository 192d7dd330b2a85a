package io.wellspring.log;

import io.wellspring.batch.RecordBatch;
import io.wellspring.model.TopicId;
import io.wellspring.model.TopicPartition;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One append-only log on disk: a sorted row of segments. One thread writes (the owner of the partition's shard); readers see an
 * immutable array of segments that is swapped atomically, so they never wait.
 *
 * <p>Errors: an {@link IOException} out of a writing method means that the disk failed. It is never retried: from then on
 * {@link #isOffline} is true, every write throws, and health names the log.
 */
public final class PartitionLog implements AutoCloseable {
    PartitionLog() {}

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
        throw new UnsupportedOperationException("skeleton");
    }

    /** A log that recovery refused: offline from the first, touches no file. */
    static PartitionLog damaged(
            LogSurroundings surroundings, LogPlace place, LogSettings settings, DerivedState state, String reason) {
        throw new UnsupportedOperationException("skeleton");
    }

    /**
     * What is known to be on disk: after each flush, roll, truncation; lowered before {@link LogKeeper#truncating} is called, so that the keeper
     * need only write it. Null if the log is damaged. Threads: any.
     */
    @Nullable
    DurableMark durableMark() {
        throw new UnsupportedOperationException("skeleton");
    }

    /** The segments as of now, oldest first; for the scrubber. Threads: any. */
    List<Segment> segments() {
        throw new UnsupportedOperationException("skeleton");
    }

    /** Refuses everything from now on, with this reason unless there is one; tells keeper and metrics once. Threads: any. */
    void takeOffline(String reason) {
        throw new UnsupportedOperationException("skeleton");
    }

    public TopicPartition partition() {
        throw new UnsupportedOperationException("skeleton");
    }

    public TopicId topicId() {
        throw new UnsupportedOperationException("skeleton");
    }

    /** The directory {@code topic-partition}. */
    public Path directory() {
        throw new UnsupportedOperationException("skeleton");
    }

    public LogSettings settings() {
        throw new UnsupportedOperationException("skeleton");
    }

    /** Takes new settings; they count from the next append, roll and retention on. Threads: any. */
    public void configure(LogSettings settings) {
        throw new UnsupportedOperationException("skeleton");
    }

    /** First offset that readers may ask for. Threads: any. */
    public long startOffset() {
        throw new UnsupportedOperationException("skeleton");
    }

    /** Offset that the next record will get. Threads: any. */
    public long endOffset() {
        throw new UnsupportedOperationException("skeleton");
    }

    /** Everything below this offset is known to be on disk (fsynced). Threads: any. */
    public long flushedOffset() {
        throw new UnsupportedOperationException("skeleton");
    }

    /** Bytes of all segments' {@code .log} files. Threads: any. */
    public long sizeBytes() {
        throw new UnsupportedOperationException("skeleton");
    }

    public int segmentCount() {
        throw new UnsupportedOperationException("skeleton");
    }

    /** True after a failed write or flush, or when recovery refused the files: nothing is written or read any more. Threads: any. */
    public boolean isOffline() {
        throw new UnsupportedOperationException("skeleton");
    }

    /** Why the log is offline: one sentence; null if it is not. Threads: any. */
    public @Nullable String offlineReason() {
        throw new UnsupportedOperationException("skeleton");
    }

    /** Threads: reads any. */
    public LeaderEpochs leaderEpochs() {
        throw new UnsupportedOperationException("skeleton");
    }

    /**
     * Writes batches at the end with one gathering write, rolling before them if the segment is full or too old. Their base
     * offsets and leader epochs are assigned, the first begins at {@link #endOffset} or later (a hole is allowed: compaction, recovery of a
     * copy), each at or after the end of the one before. Not durable until {@link #flush}. Threads: owner.
     */
    public void append(List<RecordBatch> batches) throws IOException {
        throw new UnsupportedOperationException("skeleton");
    }

    /** Makes everything appended so far durable (fdatasync). Threads: owner. */
    public void flush() throws IOException {
        throw new UnsupportedOperationException("skeleton");
    }

    /** Closes the active segment and begins a new one at the end offset; does nothing if the active one is empty. Threads: owner. */
    public void roll() throws IOException {
        throw new UnsupportedOperationException("skeleton");
    }

    /** Removes everything from this offset on, durably, and rebuilds the derived state. Threads: owner. */
    public void truncateTo(long offset) throws IOException {
        throw new UnsupportedOperationException("skeleton");
    }

    /**
     * Moves the start of the log up (delete-records). Durable when it returns; whole segments below go with the next retention.
     *
     * @param offset at most {@link #endOffset}; a lower one than {@link #startOffset} does nothing
     */
    public void advanceStartOffset(long offset) throws IOException {
        throw new UnsupportedOperationException("skeleton");
    }

    /**
     * Takes out segments that retention by time, by size or a moved start offset lets go; files are deleted later by the log store.
     * Only whole segments below {@code limit}; the active one goes only after it was rolled. Threads: owner.
     *
     * @param limit segments whose end lies above are kept (the high watermark)
     * @return number of segments taken out
     */
    public int applyRetention(long limit) throws IOException {
        throw new UnsupportedOperationException("skeleton");
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
        throw new UnsupportedOperationException("skeleton");
    }

    /** True if a read at this offset touches only what was written lately, so that it is in the page cache in all likelihood. Threads: any. */
    public boolean isRecent(long offset) {
        throw new UnsupportedOperationException("skeleton");
    }

    /**
     * The first record below {@code endOffset} whose timestamp is {@code timestampMs} or later. Reads the disk. Threads: any that may block.
     *
     * @return null if there is none
     */
    public @Nullable TimestampAndOffset firstAtOrAfter(long timestampMs, long endOffset) throws IOException {
        throw new UnsupportedOperationException("skeleton");
    }

    /** The record with the largest timestamp below {@code endOffset} (the first of equals). Reads the disk. @return null if there is none */
    public @Nullable TimestampAndOffset largestTimestamp(long endOffset) throws IOException {
        throw new UnsupportedOperationException("skeleton");
    }

    /** Bytes between two offsets by the index, about; for {@code min.bytes}. Threads: any. */
    public long bytesBetween(long startOffset, long endOffset) {
        throw new UnsupportedOperationException("skeleton");
    }

    /** Flushes, writes the producer snapshot and closes the files; readers that hold slices finish in peace. Threads: owner, or any after the owner has stopped. */
    @Override
    public void close() throws IOException {
        throw new UnsupportedOperationException("skeleton");
    }
}
