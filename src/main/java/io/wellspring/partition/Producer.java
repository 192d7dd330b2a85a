package io.wellspring.partition;

import io.wellspring.batch.RecordBatch;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a partition knows of one idempotent producer (KIP-98). Immutable.
 *
 * @param epoch its newest epoch
 * @param batches its last batches of that epoch, at most {@value #KNOWN_BATCHES_MOST}, oldest first
 * @param timestampMs max timestamp of its last batch, -1: none
 * @param coordinatorEpoch epoch of the last transaction marker, -1: none
 * @param transactionFirstOffset first offset of its open transaction, -1: none
 * @param seenNanos when it wrote last, by the monotonic clock: a jump of the wall clock must not forget producers
 */
record Producer(
        long id,
        short epoch,
        List<KnownBatch> batches,
        long timestampMs,
        int coordinatorEpoch,
        long transactionFirstOffset,
        long seenNanos) {
    /** Kafka's clients keep at most five requests in flight with idempotence on: any of them may come again. */
    static final int KNOWN_BATCHES_MOST = 5;

    static final long NONE = -1L;

    Producer {
        batches = List.copyOf(batches);
    }

    /**
     * A batch that may be repeated.
     *
     * @param lastSequence sequence of its last record
     * @param offsetDelta records, less one
     * @param lastOffset offset of its last record
     */
    record KnownBatch(int lastSequence, int offsetDelta, long lastOffset, long timestampMs) {
        /** Sequences wrap from Integer.MAX_VALUE to 0. */
        int firstSequence() {
            return lastSequence >= offsetDelta
                    ? lastSequence - offsetDelta
                    : Integer.MAX_VALUE - (offsetDelta - lastSequence) + 1;
        }

        long firstOffset() {
            return lastOffset - offsetDelta;
        }
    }

    /** A producer before its first batch. */
    static Producer unseen(long id, short epoch, long nowNanos) {
        return new Producer(id, epoch, List.of(), RecordBatch.NO_TIMESTAMP, -1, NONE, nowNanos);
    }

    int lastSequence() {
        return batches.isEmpty() ? RecordBatch.NO_SEQUENCE : batches.getLast().lastSequence();
    }

    /** Offset of the last record known, -1: none. */
    long lastOffset() {
        return batches.isEmpty() ? NONE : batches.getLast().lastOffset();
    }

    boolean hasOpenTransaction() {
        return transactionFirstOffset != NONE;
    }

    /** The batch of which this one is a repetition, null: it is new. */
    @Nullable
    KnownBatch repeated(RecordBatch batch) {
        if (batch.producerEpoch() != epoch || batch.baseSequence() == RecordBatch.NO_SEQUENCE) {
            return null;
        }
        for (KnownBatch known : batches) {
            if (known.lastSequence() == batch.lastSequence() && known.firstSequence() == batch.baseSequence()) {
                return known;
            }
        }
        return null;
    }

    /** True if a batch of this epoch that begins with this sequence comes right after the last one. */
    boolean isNext(int baseSequence) {
        int last = lastSequence();
        return last == Integer.MAX_VALUE ? baseSequence == 0 : baseSequence == last + 1;
    }

    /** After a data batch whose offsets are assigned; an older or newer epoch is taken as it comes, checks are made before. */
    Producer afterData(RecordBatch batch, long nowNanos) {
        List<KnownBatch> known = new ArrayList<>(KNOWN_BATCHES_MOST);
        if (batch.producerEpoch() == epoch) {
            int surplus = Math.max(0, batches.size() + 1 - KNOWN_BATCHES_MOST);
            known.addAll(batches.subList(surplus, batches.size()));
        }
        known.add(new KnownBatch(
                batch.lastSequence(), batch.lastOffsetDelta(), batch.lastOffset(), batch.maxTimestamp()));
        long first =
                !batch.isTransactional() ? NONE : hasOpenTransaction() ? transactionFirstOffset : batch.baseOffset();
        return new Producer(id, batch.producerEpoch(), known, batch.maxTimestamp(), coordinatorEpoch, first, nowNanos);
    }

    /** After a transaction marker: nothing is open, and a new epoch (KIP-890) begins with sequence 0. */
    Producer afterMarker(RecordBatch marker, long nowNanos) {
        List<KnownBatch> known = marker.producerEpoch() == epoch ? batches : List.of();
        return new Producer(id, marker.producerEpoch(), known, marker.maxTimestamp(), coordinatorEpoch, NONE, nowNanos);
    }
}
