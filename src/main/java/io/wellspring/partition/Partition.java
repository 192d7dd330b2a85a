package io.wellspring.partition;

import io.wellspring.log.LeaderEpochs;
import io.wellspring.log.TimestampAndOffset;
import io.wellspring.model.IsolationLevel;
import io.wellspring.model.TopicId;
import io.wellspring.model.TopicPartition;
import io.wellspring.topic.TopicSettings;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** One partition as this broker serves it. Threads: any; none of these methods blocks unless it says so. */
public final class Partition {
    Partition() {}

    public TopicPartition id() {
        throw new UnsupportedOperationException("skeleton");
    }

    public TopicId topicId() {
        throw new UnsupportedOperationException("skeleton");
    }

    public TopicSettings settings() {
        throw new UnsupportedOperationException("skeleton");
    }

    public boolean isLeader() {
        throw new UnsupportedOperationException("skeleton");
    }

    /** Why the log takes no writes and no reads, null if it does. */
    public @Nullable String offlineReason() {
        throw new UnsupportedOperationException("skeleton");
    }

    public int leaderEpoch() {
        throw new UnsupportedOperationException("skeleton");
    }

    public long logStartOffset() {
        throw new UnsupportedOperationException("skeleton");
    }

    public long logEndOffset() {
        throw new UnsupportedOperationException("skeleton");
    }

    /** Everything below is committed and visible. */
    public long highWatermark() {
        throw new UnsupportedOperationException("skeleton");
    }

    /** Everything below is decided: no open transaction begins before it. At most the high watermark. */
    public long lastStableOffset() {
        throw new UnsupportedOperationException("skeleton");
    }

    public long sizeBytes() {
        throw new UnsupportedOperationException("skeleton");
    }

    public int segmentCount() {
        throw new UnsupportedOperationException("skeleton");
    }

    /**
     * Validates the batches of a produce request by the topic's settings and queues them; their place in the partition's order is settled
     * when this returns.
     *
     * @param records whole batches, position to limit; shared, and written to (offsets, epoch, perhaps times) until the stage completes
     * @param acks Kafka's: 0, 1 or -1 (all)
     * @return completes when committed (acks -1), written by this broker (1, 0), or refused; never exceptionally
     */
    public CompletionStage<AppendOutcome> append(ByteBuffer records, short acks) {
        throw new UnsupportedOperationException("skeleton");
    }

    /** True if a read there touches only what was written lately; else call {@link #read} on a thread that may block, and warm what it gives. */
    public boolean isRecent(long fetchOffset) {
        throw new UnsupportedOperationException("skeleton");
    }

    /** Finds records to send; see {@link #isRecent}. */
    public ReadOutcome read(ReadRequest request) {
        throw new UnsupportedOperationException("skeleton");
    }

    /**
     * Bytes that a reader at this offset would find, about; for {@code min.bytes}.
     */
    public long bytesAvailable(long fetchOffset, IsolationLevel isolation) {
        throw new UnsupportedOperationException("skeleton");
    }

    /**
     * Calls the waiter, once per change, after the high watermark or last stable offset has moved, the leader changed, the log went
     * offline or the partition was deleted. The waiter must return at once (it hands on to an executor).
     *
     * @return takes the waiter out
     */
    public Runnable whenChanged(Runnable waiter) {
        throw new UnsupportedOperationException("skeleton");
    }

    /** Blocks on the disk. @return null if no record is that young */
    public @Nullable TimestampAndOffset firstAtOrAfter(long timestampMs, IsolationLevel isolation)
            throws java.io.IOException {
        throw new UnsupportedOperationException("skeleton");
    }

    /** Blocks on the disk. The record with the largest timestamp, null if the log is empty. */
    public @Nullable TimestampAndOffset largestTimestamp(IsolationLevel isolation) throws java.io.IOException {
        throw new UnsupportedOperationException("skeleton");
    }

    public LeaderEpochs leaderEpochs() {
        throw new UnsupportedOperationException("skeleton");
    }

    /**
     * Moves the log's start up to this offset (-1: the high watermark).
     *
     * @return the new start, or why not (OFFSET_OUT_OF_RANGE above the high watermark)
     */
    public CompletionStage<DeleteRecordsOutcome> deleteRecords(long beforeOffset) {
        throw new UnsupportedOperationException("skeleton");
    }

    /** How a delete-records ended. */
    public sealed interface DeleteRecordsOutcome {
        record Deleted(long logStartOffset) implements DeleteRecordsOutcome {}

        record Refused(ReadRefusal reason) implements DeleteRecordsOutcome {}
    }

    /** The producers known to be active. */
    public CompletionStage<List<ProducerStatus>> producers() {
        throw new UnsupportedOperationException("skeleton");
    }
}
