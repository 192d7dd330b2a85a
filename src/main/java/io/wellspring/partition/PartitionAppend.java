package io.wellspring.partition;

import io.wellspring.batch.RecordBatch;
import io.wellspring.model.TopicId;
import io.wellspring.model.TopicPartition;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Batches on their way into one partition, and what became of them. Its fate goes one way: waiting, then assigned or known (a
 * repetition), then committed; or refused, from anywhere before the commit. Threads: made by any, then the shard's owner; {@link #answer} any.
 */
public final class PartitionAppend implements ShardQueue.Work {
    private final TopicPartition partition;
    private final TopicId topicId;
    private final List<RecordBatch> batches;
    private long logAppendTimeMs;
    private final int sizeBytes;
    private final int recordCount;
    private final CompletableFuture<AppendOutcome> answer = new CompletableFuture<>();

    /** Made only for those who ask; most wait for the commit alone. */
    private @Nullable CompletableFuture<Long> written;

    private Fate fate = Fate.WAITING;
    private long baseOffset = -1L;
    private long logStartOffset = -1L;
    private AppendOutcome.@Nullable Refused refusal;
    private long queuedNanos;

    /**
     * @param topicId whose partition it is: another topic may have the name by the time this comes to its turn
     * @param batches validated, in order, at least one; written to
     * @param logAppendTimeMs the time the broker gave the records, -1: the producer's
     */
    public PartitionAppend(TopicPartition partition, TopicId topicId, List<RecordBatch> batches, long logAppendTimeMs) {
        this.partition = partition;
        this.topicId = topicId;
        this.batches = batches;
        this.logAppendTimeMs = logAppendTimeMs;
        int size = 0;
        int records = 0;
        for (int i = 0; i < batches.size(); i++) {
            RecordBatch batch = batches.get(i);
            size += batch.sizeBytes();
            records += batch.recordCount();
        }
        this.sizeBytes = size;
        this.recordCount = records;
    }

    public TopicPartition partition() {
        return partition;
    }

    public TopicId topicId() {
        return topicId;
    }

    public List<RecordBatch> batches() {
        return batches;
    }

    @Override
    public int sizeBytes() {
        return sizeBytes;
    }

    int recordCount() {
        return recordCount;
    }

    /** Completes after the commit, or with a refusal; never exceptionally. */
    public CompletionStage<AppendOutcome> answer() {
        return answer;
    }

    /**
     * Completes when the batches are in the log, not yet committed and perhaps not durable, with the offset after their last record;
     * with -1 if the append is refused before that (then {@link #answer} tells why). To be asked for before the append is queued.
     */
    CompletionStage<Long> written() {
        CompletableFuture<Long> asked = written;
        if (asked == null) {
            asked = new CompletableFuture<>();
            written = asked;
        }
        return asked;
    }

    /** True if its batches have their offsets and go into the log. */
    boolean isAssigned() {
        return fate == Fate.ASSIGNED;
    }

    boolean isRefused() {
        return fate == Fate.REFUSED;
    }

    AppendOutcome.@Nullable Refused refusal() {
        return refusal;
    }

    void assign(long firstOffset) {
        fate = Fate.ASSIGNED;
        baseOffset = firstOffset;
    }

    /**
     * A repetition: the answer is that of the first time, but not before this entry's own commit.
     *
     * @param timestampMs largest time of the stored batch: the broker's where the topic has the broker's times
     */
    void recognize(long firstOffset, long timestampMs) {
        fate = Fate.KNOWN;
        baseOffset = firstOffset;
        if (logAppendTimeMs != RecordBatch.NO_TIMESTAMP) {
            logAppendTimeMs = timestampMs;
        }
    }

    /** The log has it, if it was to be written. */
    void wrote() {
        if (fate == Fate.ASSIGNED) {
            wrote(batches.getLast().nextOffset());
        }
    }

    private void wrote(long nextOffset) {
        if (written != null) {
            written.complete(nextOffset);
        }
    }

    /** Does nothing after the commit: what is committed cannot be refused any more. */
    void refuse(AppendRefusal reason, String message) {
        if (fate != Fate.COMMITTED && fate != Fate.REFUSED) {
            fate = Fate.REFUSED;
            refusal = AppendOutcome.Refused.of(reason, message);
        }
    }

    void commit(long startOffset) {
        if (fate == Fate.ASSIGNED || fate == Fate.KNOWN) {
            fate = Fate.COMMITTED;
            logStartOffset = startOffset;
        }
    }

    /** Answers, if there is something to answer. */
    void complete() {
        if (refusal != null) {
            wrote(-1L);
            answer.complete(refusal);
        } else if (fate == Fate.COMMITTED) {
            // A repetition was never written: this is when it counts as that.
            wrote(baseOffset + recordCount);
            answer.complete(new AppendOutcome.Appended(baseOffset, logAppendTimeMs, logStartOffset));
        }
    }

    long queuedNanos() {
        return queuedNanos;
    }

    void queuedAt(long nanos) {
        queuedNanos = nanos;
    }

    private enum Fate {
        WAITING,
        ASSIGNED,
        KNOWN,
        COMMITTED,
        REFUSED
    }
}
