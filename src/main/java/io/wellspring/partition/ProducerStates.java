package io.wellspring.partition;

import io.wellspring.batch.RecordBatch;
import io.wellspring.log.DerivedState;
import io.wellspring.log.ProducerSnapshot;
import io.wellspring.partition.Producer.KnownBatch;
import io.wellspring.support.Ticker;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The idempotent producers of one partition: which batch comes next, which ones are repetitions, which transactions are open.
 *
 * <p>Two layers: what is <em>written</em> in the log, and over it what is <em>assigned</em>, decided but on its way to the log. Checks
 * look at both, so that five batches in flight are judged in order; snapshots hold the lower one only, so that a crash
 * between the two leaves no producer with batches that the log does not have. A failed write is undone by forgetting the upper layer.
 *
 * <p>After a crash the state comes back from a snapshot file and the batches after it. A snapshot has one entry for each known batch,
 * the oldest first; Kafka writes only the newest, and reading ours it keeps the last one of each producer: the newest again. So all
 * batches in flight are recognized after a clean restart too.
 *
 * <p>Threads: the shard's owner (the one that opens the log before).
 */
final class ProducerStates implements DerivedState {
    private final int maxProducers;
    private final Ticker ticker;

    /** Least recently written first: that one goes when there are too many. */
    private final LinkedHashMap<Long, Producer> written = new LinkedHashMap<>();

    private final Map<Long, Producer> assigned = new HashMap<>();

    /** Batches of the write that is under way and that were not seen in the log yet. */
    private final ArrayDeque<RecordBatch> underWrite = new ArrayDeque<>();

    private final RefusedBatches refused = new RefusedBatches();

    private LongSupplier writtenUpTo = () -> 0L;

    /** Transactions that hold readers back, by first offset; decided ones stay until their marker is committed. */
    private final TreeMap<Long, Undecided> undecided = new TreeMap<>();

    /**
     * @param maxProducers most producers remembered; one more makes the least recently seen forgotten
     */
    ProducerStates(int maxProducers, Ticker ticker) {
        this.maxProducers = maxProducers;
        this.ticker = ticker;
    }

    /** @param markerOffset offset of the marker that decided it, -1: open */
    private record Undecided(long producerId, long markerOffset) {}

    /** What is to be done with the batches of an append. */
    sealed interface Verdict {
        /** They come next. */
        record Fresh() implements Verdict {}

        /**
         * They were assigned before.
         *
         * @param baseOffset from this offset on
         * @param timestampMs largest time of the first of them as it is stored
         */
        record Known(long baseOffset, long timestampMs) implements Verdict {}

        record Refused(AppendRefusal reason, String message) implements Verdict {}
    }

    private static final Verdict.Fresh FRESH = new Verdict.Fresh();

    /** Judges the batches of one append, in order: all are new, or all are repetitions, or they are refused. Changes nothing. */
    Verdict check(List<RecordBatch> batches) {
        if (batches.size() == 1) {
            RecordBatch only = batches.getFirst();
            return only.hasProducerId() ? check(only, current(only.producerId())) : FRESH;
        }
        Map<Long, Producer> ahead = new HashMap<>();
        Verdict first = FRESH;
        for (int i = 0; i < batches.size(); i++) {
            RecordBatch batch = batches.get(i);
            Producer producer =
                    batch.hasProducerId() ? ahead.getOrDefault(batch.producerId(), current(batch.producerId())) : null;
            Verdict verdict = check(batch, producer);
            if (verdict instanceof Verdict.Refused) {
                return verdict;
            }
            if (i == 0) {
                first = verdict;
            } else if (first.getClass() != verdict.getClass()) {
                return new Verdict.Refused(
                        AppendRefusal.OUT_OF_ORDER_SEQUENCE,
                        "some batches of the request are repetitions, some are not");
            }
            if (verdict instanceof Verdict.Fresh && batch.hasProducerId()) {
                Producer before = producer == null
                        ? Producer.unseen(batch.producerId(), batch.producerEpoch(), ticker.nanos())
                        : producer;
                ahead.put(batch.producerId(), before.afterData(batch, before.seenNanos()));
            }
        }
        return first;
    }

    /**
     * The batch was turned away before anybody judged its sequence, and will come again. Threads: any.
     *
     * @param batch its header is enough, and need not be true
     */
    void refused(RecordBatch batch) {
        refused.add(batch);
    }

    private Verdict check(RecordBatch batch, @Nullable Producer producer) {
        // A producer nobody remembers (expired, or its records were deleted) may go on where it is: it could not do
        // anything else
        // (KIP-360). Only a known one can be out of order.
        if (producer == null) {
            return refused.isOvertakenBy(batch)
                    ? new Verdict.Refused(
                            AppendRefusal.OUT_OF_ORDER_SEQUENCE,
                            "producer " + batch.producerId() + " sends sequence " + batch.baseSequence()
                                    + " before one that was turned away and must come first")
                    : FRESH;
        }
        if (batch.producerEpoch() < producer.epoch()) {
            return new Verdict.Refused(
                    AppendRefusal.INVALID_PRODUCER_EPOCH,
                    "producer " + batch.producerId() + " has epoch " + batch.producerEpoch() + ", the newest one is "
                            + producer.epoch());
        }
        if (batch.isControl() || batch.baseSequence() == RecordBatch.NO_SEQUENCE) {
            // The broker's own: markers and offsets committed in a transaction have an epoch but no sequence.
            return FRESH;
        }
        KnownBatch known = producer.repeated(batch);
        if (known != null) {
            return new Verdict.Known(known.firstOffset(), known.timestampMs());
        }
        boolean isNext = batch.producerEpoch() == producer.epoch()
                ? producer.isNext(batch.baseSequence())
                : batch.baseSequence() == 0;
        return isNext
                ? FRESH
                : new Verdict.Refused(
                        AppendRefusal.OUT_OF_ORDER_SEQUENCE,
                        "producer " + batch.producerId() + " epoch " + batch.producerEpoch() + " sends sequence "
                                + batch.baseSequence() + " after " + producer.lastSequence() + " of epoch "
                                + producer.epoch());
    }

    private @Nullable Producer current(long producerId) {
        Producer ahead = assigned.get(producerId);
        return ahead != null ? ahead : written.get(producerId);
    }

    /** Takes note of a batch whose offset is assigned and that is on its way to the log. */
    void assigned(RecordBatch batch) {
        if (batch.hasProducerId()) {
            refused.taken(batch);
            Producer before = current(batch.producerId());
            assigned.put(batch.producerId(), after(before, batch));
        }
    }

    /**
     * These batches are being written now. A long run may make the log close a segment in the middle and ask for a {@link #snapshot}:
     * it then holds what lies before, and nothing of what follows.
     *
     * @param logEndOffset what the log holds at any moment of the write
     */
    void writing(List<RecordBatch> batches, LongSupplier logEndOffset) {
        underWrite.addAll(batches);
        writtenUpTo = logEndOffset;
    }

    /** The write is over; what is in the log by now counts. */
    void written() {
        takeWritten();
        underWrite.clear();
    }

    private void takeWritten() {
        while (!underWrite.isEmpty() && underWrite.getFirst().nextOffset() <= writtenUpTo.getAsLong()) {
            replay(underWrite.removeFirst());
        }
    }

    /** Nothing of what is assigned and not written will be written. */
    void forgetAssigned() {
        assigned.clear();
    }

    /** A batch is in the log: at start, after it was written, or from another broker. */
    @Override
    public void replay(RecordBatch batch) {
        if (!batch.hasProducerId()) {
            return;
        }
        long id = batch.producerId();
        // Taken out and put in again: the map keeps the order of writing.
        Producer before = written.remove(id);
        Producer after = after(before, batch);
        written.put(id, after);
        Producer ahead = assigned.get(id);
        if (ahead != null && ahead.lastOffset() <= batch.lastOffset()) {
            assigned.remove(id);
        }
        trackTransaction(before, after, batch);
        evict();
    }

    private Producer after(@Nullable Producer before, RecordBatch batch) {
        long now = ticker.nanos();
        Producer producer = before == null ? Producer.unseen(batch.producerId(), batch.producerEpoch(), now) : before;
        return batch.isControl() ? producer.afterMarker(batch, now) : producer.afterData(batch, now);
    }

    private void trackTransaction(@Nullable Producer before, Producer after, RecordBatch batch) {
        long openedAt = before == null ? Producer.NONE : before.transactionFirstOffset();
        if (openedAt != Producer.NONE && !after.hasOpenTransaction()) {
            undecided.put(openedAt, new Undecided(after.id(), batch.lastOffset()));
        } else if (openedAt == Producer.NONE && after.hasOpenTransaction()) {
            undecided.put(after.transactionFirstOffset(), new Undecided(after.id(), Producer.NONE));
        }
    }

    private void evict() {
        // More than one too many: a snapshot of a time with a higher limit was restored.
        Iterator<Producer> oldestFirst = written.values().iterator();
        while (written.size() > maxProducers && oldestFirst.hasNext()) {
            Producer producer = oldestFirst.next();
            // An open transaction holds readers back until its marker comes: who wrote it must stay known.
            if (!producer.hasOpenTransaction() && !assigned.containsKey(producer.id())) {
                oldestFirst.remove();
            }
        }
    }

    /** Forgets producers that wrote nothing for so long. */
    void expire(long idleNanos) {
        long now = ticker.nanos();
        written.values()
                .removeIf(producer -> now - producer.seenNanos() >= idleNanos
                        && !producer.hasOpenTransaction()
                        && !assigned.containsKey(producer.id()));
    }

    /**
     * The first offset below the high watermark that no marker has decided; {@link Long#MAX_VALUE} if there is none. A marker counts
     * once it is committed itself.
     */
    long firstUndecidedOffset(long highWatermark) {
        if (undecided.isEmpty()) {
            return Long.MAX_VALUE;
        }
        undecided
                .values()
                .removeIf(transaction ->
                        transaction.markerOffset() != Producer.NONE && transaction.markerOffset() < highWatermark);
        return undecided.isEmpty() ? Long.MAX_VALUE : undecided.firstKey();
    }

    @Override
    public void restore(long offset, List<ProducerSnapshot.Entry> entries) {
        written.clear();
        assigned.clear();
        undecided.clear();
        underWrite.clear();
        long now = ticker.nanos();
        for (ProducerSnapshot.Entry entry : entries) {
            Producer before = written.get(entry.producerId());
            List<KnownBatch> batches = new ArrayList<>();
            if (before != null && before.epoch() == entry.producerEpoch()) {
                batches.addAll(before.batches());
            }
            if (entry.lastOffset() >= 0) {
                batches.add(new KnownBatch(
                        entry.lastSequence(), entry.offsetDelta(), entry.lastOffset(), entry.timestampMs()));
            }
            int surplus = Math.max(0, batches.size() - Producer.KNOWN_BATCHES_MOST);
            written.put(
                    entry.producerId(),
                    new Producer(
                            entry.producerId(),
                            entry.producerEpoch(),
                            batches.subList(surplus, batches.size()),
                            entry.timestampMs(),
                            entry.coordinatorEpoch(),
                            entry.currentTransactionFirstOffset(),
                            now));
            if (entry.currentTransactionFirstOffset() != Producer.NONE) {
                undecided.put(entry.currentTransactionFirstOffset(), new Undecided(entry.producerId(), Producer.NONE));
            }
        }
    }

    @Override
    public List<ProducerSnapshot.Entry> snapshot() {
        takeWritten();
        List<ProducerSnapshot.Entry> entries = new ArrayList<>(written.size());
        for (Producer producer : written.values()) {
            if (producer.batches().isEmpty()) {
                entries.add(entry(producer, new KnownBatch(RecordBatch.NO_SEQUENCE, 0, -1L, producer.timestampMs())));
            }
            for (KnownBatch batch : producer.batches()) {
                entries.add(entry(producer, batch));
            }
        }
        return entries;
    }

    private static ProducerSnapshot.Entry entry(Producer producer, KnownBatch batch) {
        return new ProducerSnapshot.Entry(
                producer.id(),
                producer.epoch(),
                batch.lastSequence(),
                batch.lastOffset(),
                batch.offsetDelta(),
                batch.timestampMs(),
                producer.coordinatorEpoch(),
                producer.transactionFirstOffset());
    }

    /** The producers in the log, for DescribeProducers. */
    List<ProducerStatus> statuses() {
        List<ProducerStatus> statuses = new ArrayList<>(written.size());
        for (Producer producer : written.values()) {
            statuses.add(new ProducerStatus(
                    producer.id(),
                    producer.epoch(),
                    producer.lastSequence(),
                    producer.timestampMs(),
                    producer.coordinatorEpoch(),
                    producer.transactionFirstOffset()));
        }
        return statuses;
    }

    int count() {
        return written.size();
    }
}
