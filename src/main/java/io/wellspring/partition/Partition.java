package io.wellspring.partition;

import io.wellspring.batch.RecordBatch;
import io.wellspring.batch.RecordOrigin;
import io.wellspring.batch.ValidationOutcome;
import io.wellspring.log.LeaderEpochs;
import io.wellspring.log.SegmentDescription;
import io.wellspring.log.TimestampAndOffset;
import io.wellspring.model.IsolationLevel;
import io.wellspring.model.TopicId;
import io.wellspring.model.TopicPartition;
import io.wellspring.topic.TopicSettings;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One partition as this broker serves it. Readers see what is committed and nothing else; appends are answered when they are. Threads:
 * any; none of these methods blocks unless it says so.
 */
public final class Partition {
    private static final Logger LOG = LoggerFactory.getLogger(Partition.class);
    private static final short ACKS_ALL = -1;

    private final PartitionReplica replica;
    private final ShardId shard;
    private final PartitionServices services;
    private final PartitionReads reads;
    private volatile AppendRules rules;
    private volatile boolean isPaused;

    Partition(PartitionReplica replica, ShardId shard, TopicSettings settings, PartitionServices services) {
        this.replica = replica;
        this.shard = shard;
        this.rules = AppendRules.of(settings);
        this.services = services;
        this.reads = new PartitionReads(this);
    }

    public TopicPartition id() {
        return replica.partition();
    }

    public TopicId topicId() {
        return replica.topicId();
    }

    public TopicSettings settings() {
        return rules.settings();
    }

    /** Takes new settings; they count from the next append on. */
    void configure(TopicSettings newSettings) {
        rules = AppendRules.of(newSettings);
        replica.log().configure(newSettings.logSettings());
    }

    PartitionReplica replica() {
        return replica;
    }

    /** True while an operator has stopped clients' appends; forgotten when the broker stops. */
    public boolean isPaused() {
        return isPaused;
    }

    void pause(boolean stopsClients) {
        isPaused = stopsClients;
    }

    /** Completes when all that was asked of this partition's shard before is committed or refused; fails if too much waits there. */
    public CompletionStage<Void> settled() {
        return services.engine().barrier(shard);
    }

    ShardId shard() {
        return shard;
    }

    public boolean isLeader() {
        return replica.leadership().isLeader();
    }

    /** Why the log takes no writes and no reads, null if it does. */
    public @Nullable String offlineReason() {
        String reason = replica.offlineReason();
        return reason == null && services.engine().state(shard).role() == ShardState.Role.FAILED
                ? "its thread has stopped after a fault, the broker's log says which"
                : reason;
    }

    public int leaderEpoch() {
        return replica.leadership().epoch();
    }

    public long logStartOffset() {
        return replica.log().startOffset();
    }

    public long logEndOffset() {
        return replica.log().endOffset();
    }

    /** Everything below is committed and visible. */
    public long highWatermark() {
        return replica.committed().highWatermark();
    }

    /** Everything below is decided: no open transaction begins before it. At most the high watermark. */
    public long lastStableOffset() {
        return replica.committed().lastStableOffset();
    }

    public long sizeBytes() {
        return replica.log().sizeBytes();
    }

    public int segmentCount() {
        return replica.log().segmentCount();
    }

    /** Everything below is known to be on disk. */
    public long flushedOffset() {
        return replica.log().flushedOffset();
    }

    /** Where its files lie. */
    public Path directory() {
        return replica.log().directory();
    }

    /** Its segments, oldest first. Blocks on the disk. */
    public List<SegmentDescription> segments() throws IOException {
        return SegmentDescription.of(replica.log());
    }

    /**
     * Validates the batches of a produce request by the topic's settings and queues them; their place in the partition's order is settled
     * when this returns.
     *
     * @param records whole batches, position to limit, moved while this runs; written to (offsets, epoch, perhaps times) until the stage
     *     completes
     * @param acks Kafka's: 0, 1 or -1 (all)
     * @return completes when committed, by every {@code acks} (an engine's acknowledgement is never taken back), or when refused; never
     *     exceptionally
     */
    public CompletionStage<AppendOutcome> append(ByteBuffer records, short acks) {
        return append(records, acks, RecordOrigin.CLIENT);
    }

    /**
     * Appends what a client or this broker made; see {@link #append(ByteBuffer, short)}.
     *
     * @param origin the broker's own batches may be transactional and have control records, and they are written to a nearly full disk
     */
    public CompletionStage<AppendOutcome> append(ByteBuffer records, short acks, RecordOrigin origin) {
        AppendRules current = rules;
        AppendOutcome.Refused early = refuseEarly(current.settings(), acks, origin);
        if (early != null) {
            comesAgain(records);
            return refused(early);
        }
        return switch (services.validator()
                .validate(records, current.of(origin), services.clock().millis())) {
            case ValidationOutcome.Valid valid -> append(valid, acks, origin, current.settings());
            case ValidationOutcome.Invalid invalid -> refused(AppendRules.refusal(invalid));
        };
    }

    /**
     * Appends what a coordinator of this broker made, whose state is ahead of the log: it goes on when the records are written and answers
     * its clients when they are committed.
     *
     * @param records whole batches, position to limit; written to, and not to be touched until {@code committed} completes
     */
    public WrittenThenCommitted appendOwn(ByteBuffer records) {
        AppendRules current = rules;
        AppendOutcome.Refused early = refuseEarly(current.settings(), ACKS_ALL, RecordOrigin.BROKER);
        if (early != null) {
            return WrittenThenCommitted.refused(refused(early));
        }
        return switch (services.validator()
                .validate(records, current.broker(), services.clock().millis())) {
            case ValidationOutcome.Valid valid -> {
                PartitionAppend append = new PartitionAppend(id(), topicId(), valid.batches(), valid.logAppendTimeMs());
                CompletionStage<Long> written = append.written();
                yield new WrittenThenCommitted(written, services.engine().append(shard, append, ACKS_ALL));
            }
            case ValidationOutcome.Invalid invalid ->
                WrittenThenCommitted.refused(refused(AppendRules.refusal(invalid)));
        };
    }

    private AppendOutcome.@Nullable Refused refuseEarly(TopicSettings current, short acks, RecordOrigin origin) {
        if (offlineReason() != null) {
            return AppendOutcome.Refused.of(AppendRefusal.LOG_OFFLINE, id() + " is offline: " + offlineReason());
        }
        if (!isLeader()) {
            return AppendOutcome.Refused.of(AppendRefusal.NOT_LEADER, "this broker does not lead " + id());
        }
        if (isPaused && origin == RecordOrigin.CLIENT) {
            return AppendOutcome.Refused.of(AppendRefusal.PAUSED, "writes to " + id() + " are paused by an operator");
        }
        int inSync = services.engine().state(shard).inSyncReplicaCount();
        if (acks == ACKS_ALL && origin == RecordOrigin.CLIENT && inSync < current.minInsyncReplicas()) {
            return AppendOutcome.Refused.of(
                    AppendRefusal.NOT_ENOUGH_REPLICAS,
                    id() + " has " + inSync + " replicas in sync, min.insync.replicas is "
                            + current.minInsyncReplicas());
        }
        if (!services.disk().acceptsWrites(replica.log(), origin == RecordOrigin.BROKER)) {
            return AppendOutcome.Refused.of(AppendRefusal.DISK_FULL, "too little space is left on the broker's disk");
        }
        return null;
    }

    private CompletionStage<AppendOutcome> append(
            ValidationOutcome.Valid valid, short acks, RecordOrigin origin, TopicSettings current) {
        int sizeBytes = valid.bytes().remaining();
        int segmentBytes = current.logSettings().segmentBytes();
        if (sizeBytes > segmentBytes) {
            return refused(AppendOutcome.Refused.of(
                    AppendRefusal.BATCHES_TOO_LARGE,
                    "the batches have " + sizeBytes + " bytes, segment.bytes is " + segmentBytes));
        }
        if (origin == RecordOrigin.CLIENT && valid.hasTransactional()) {
            // Nobody here could ever decide the transaction: it would hold readers back for good.
            return refused(AppendOutcome.Refused.of(
                    AppendRefusal.INVALID_TRANSACTION_STATE, "no transaction was begun for " + id()));
        }
        CompletionStage<AppendOutcome> answer = services.engine()
                .append(shard, new PartitionAppend(id(), topicId(), valid.batches(), valid.logAppendTimeMs()), acks);
        if (answer.toCompletableFuture().getNow(null) instanceof AppendOutcome.Refused refusal
                && refusal.reason() == AppendRefusal.QUEUE_FULL) {
            valid.batches().forEach(replica.producers()::refused);
        }
        return answer;
    }

    /** What is refused unread is remembered by its header, true or not: nothing of its producer may overtake it. */
    private void comesAgain(ByteBuffer records) {
        if (records.remaining() >= RecordBatch.HEADER_SIZE_BYTES) {
            RecordBatch batch = RecordBatch.at(records, records.position());
            if (batch.magic() == RecordBatch.MAGIC) {
                replica.producers().refused(batch);
            }
        }
    }

    private CompletionStage<AppendOutcome> refused(AppendOutcome.Refused refusal) {
        services.metrics().refused(refusal.reason());
        return CompletableFuture.completedFuture(refusal);
    }

    /** True if a read there touches only what was written lately; else call {@link #read} on a thread that may block, and warm what it gives. */
    public boolean isRecent(long fetchOffset) {
        return replica.log().isRecent(fetchOffset);
    }

    /** Finds records to send; see {@link #isRecent}. */
    public ReadOutcome read(ReadRequest request) {
        return reads.read(request);
    }

    /**
     * Bytes that a reader at this offset would find, about; for {@code min.bytes}.
     */
    public long bytesAvailable(long fetchOffset, IsolationLevel isolation) {
        long limit = replica.committed().visibleTo(isolation);
        return fetchOffset >= limit ? 0L : replica.log().bytesBetween(fetchOffset, limit);
    }

    /**
     * Calls the waiter, once per change, after the high watermark or last stable offset has moved, the leader changed, the log went
     * offline or the partition was deleted. The waiter must return at once (it hands on to an executor).
     *
     * <p>No change is lost if the waiter is registered first and the partition looked at then.
     *
     * @return takes the waiter out
     */
    public Runnable whenChanged(Runnable waiter) {
        return replica.waiters().add(waiter);
    }

    /** Blocks on the disk. @return null if no record is that young */
    public @Nullable TimestampAndOffset firstAtOrAfter(long timestampMs, IsolationLevel isolation) throws IOException {
        return replica.log().firstAtOrAfter(timestampMs, replica.committed().visibleTo(isolation));
    }

    /** Blocks on the disk. The record with the largest timestamp, null if the log is empty. */
    public @Nullable TimestampAndOffset largestTimestamp(IsolationLevel isolation) throws IOException {
        return replica.log().largestTimestamp(replica.committed().visibleTo(isolation));
    }

    /** The epochs of the log, this broker's own among them as soon as it leads. For reading only. */
    public LeaderEpochs leaderEpochs() {
        PartitionReplica.Leadership now = replica.leadership();
        LeaderEpochs written = replica.log().leaderEpochs();
        return now.isLeader() ? written.with(new LeaderEpochs.Entry(now.epoch(), now.startOffset())) : written;
    }

    /**
     * Moves the log's start up to this offset (-1: the high watermark).
     *
     * @return the new start, or why not (OFFSET_OUT_OF_RANGE above the high watermark)
     */
    public CompletionStage<DeleteRecordsOutcome> deleteRecords(long beforeOffset) {
        return services.engine().execute(shard, () -> deleteNow(beforeOffset)).exceptionally(failure -> {
            LOG.warn("Delete-records failed: partition={} offset={}", id(), beforeOffset, failure);
            // A full queue passes: the client looks for the leader and tries again.
            return new DeleteRecordsOutcome.Refused(
                    offlineReason() != null ? ReadRefusal.LOG_OFFLINE : ReadRefusal.NOT_LEADER);
        });
    }

    private DeleteRecordsOutcome deleteNow(long beforeOffset) throws IOException {
        long highWatermark = replica.committed().highWatermark();
        long target = beforeOffset == -1L ? highWatermark : beforeOffset;
        ReadRefusal refusal = reads.refusal(-1);
        if (refusal != null) {
            return new DeleteRecordsOutcome.Refused(refusal);
        }
        if (target < 0 || target > highWatermark) {
            return new DeleteRecordsOutcome.Refused(ReadRefusal.OFFSET_OUT_OF_RANGE);
        }
        if (target > logStartOffset()) {
            replica.log().advanceStartOffset(target);
        }
        return new DeleteRecordsOutcome.Deleted(logStartOffset());
    }

    /** The producers known to be active. Fails with RejectedExecutionException if the shard has too much to do. */
    public CompletionStage<List<ProducerStatus>> producers() {
        return services.engine().execute(shard, () -> replica.producers().statuses());
    }

    @Override
    public String toString() {
        return id().toString();
    }
}
