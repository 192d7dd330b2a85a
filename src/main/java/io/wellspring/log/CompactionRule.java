package io.wellspring.log;

import io.wellspring.batch.BatchThinner;
import io.wellspring.batch.RecordBatch;
import io.wellspring.batch.RecordCursor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of each batch of a log in one compaction, as Kafka does it: the last value of each key stays; a tombstone that is the last one gets a
 * delete horizon and stays until then (KIP-534); records of aborted transactions go; a marker stays while anything of its transaction does, and then until its
 * horizon; the last batch of a producer that is remembered stays, if need be without records, for its sequence. Threads: one; batches come in the order
 * of the log.
 */
final class CompactionRule {
    private final KeyOffsets keys;
    private final TransactionView transactions;
    private final long mappedTo;
    private final long nowMs;
    private final long newHorizonMs;

    /** Of each remembered producer: the last offset of its last batch, -1 if it left only a marker, and its epoch. */
    private final Map<Long, LastBatch> lastBatches = new HashMap<>();

    private long recordsRead;
    private long recordsKept;

    private record LastBatch(long lastOffset, short epoch) {}

    /** @param mappedTo what lies above is left as it is: its keys were not looked at */
    CompactionRule(
            KeyOffsets keys,
            TransactionView transactions,
            List<ProducerSnapshot.Entry> producers,
            long mappedTo,
            long nowMs,
            long deleteRetentionMs) {
        this.keys = keys;
        this.transactions = transactions;
        this.mappedTo = mappedTo;
        this.nowMs = nowMs;
        long horizonMs = nowMs + deleteRetentionMs;
        this.newHorizonMs = horizonMs < nowMs ? Long.MAX_VALUE : horizonMs;
        for (ProducerSnapshot.Entry entry : producers) {
            lastBatches.put(entry.producerId(), new LastBatch(entry.lastOffset(), entry.producerEpoch()));
        }
    }

    long recordsRead() {
        return recordsRead;
    }

    long recordsKept() {
        return recordsKept;
    }

    /** What is to be done to the next batch; null: it stays as it is. */
    BatchThinner.@Nullable Task next(RecordBatch batch) throws IOException {
        return batch.isControl() ? marker(batch) : data(batch);
    }

    private BatchThinner.@Nullable Task marker(RecordBatch batch) throws IOException {
        boolean endsNothing = transactions.endsNothing(batch);
        if (batch.baseOffset() >= mappedTo) {
            return untouched(batch);
        }
        boolean goes = endsNothing && batch.hasDeleteHorizon() && batch.deleteHorizonMs() <= nowMs;
        return new BatchThinner.Task(
                record -> counted(!goes), newHorizonMs, endsNothing && !batch.hasDeleteHorizon(), isLast(batch));
    }

    private BatchThinner.@Nullable Task data(RecordBatch batch) {
        boolean isAborted = transactions.isAborted(batch);
        if (batch.baseOffset() >= mappedTo) {
            return untouched(batch);
        }
        boolean isTombstoneKept = !batch.hasDeleteHorizon() || nowMs < batch.deleteHorizonMs();
        boolean isLastOfRound = batch.nextOffset() == mappedTo;
        // The keys of a batch that reaches further were not all looked at: its horizon waits for the next compaction.
        long horizonMs = batch.nextOffset() > mappedTo ? BatchThinner.NO_HORIZON : newHorizonMs;
        return new BatchThinner.Task(
                record -> counted(record.offset() >= mappedTo || (!isAborted && stays(record, isTombstoneKept))),
                horizonMs,
                false,
                isLastOfRound || isLast(batch));
    }

    private BatchThinner.@Nullable Task untouched(RecordBatch batch) {
        recordsRead += batch.recordCount();
        recordsKept += batch.recordCount();
        return null;
    }

    private boolean counted(boolean stays) {
        recordsRead++;
        if (stays) {
            recordsKept++;
        }
        return stays;
    }

    /** A record without a key cannot be told from any other: as in Kafka it goes. */
    private boolean stays(RecordCursor record, boolean isTombstoneKept) {
        ByteBuffer key = record.key();
        return key != null && (record.hasValue() || isTombstoneKept) && record.offset() >= keys.lastOffset(key);
    }

    private boolean isLast(RecordBatch batch) {
        LastBatch last = batch.hasProducerId() ? lastBatches.get(batch.producerId()) : null;
        if (last == null) {
            return false;
        }
        return last.lastOffset() >= 0
                ? batch.lastOffset() == last.lastOffset()
                : batch.isControl() && batch.producerEpoch() == last.epoch();
    }
}
