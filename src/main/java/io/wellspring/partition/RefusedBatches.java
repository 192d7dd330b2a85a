package io.wellspring.partition;

import io.wellspring.batch.RecordBatch;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Batches that were turned away for want of room and will come again: what their producers sent after them must not be taken before.
 * A producer that the partition knows is held to its order by its sequences. One that it does not know may begin anywhere (KIP-360), and of
 * five requests in flight the second would begin where the first was turned away.
 *
 * <p>Keeps the earliest such batch of a producer; of more than {@value #PRODUCERS_MOST} producers the longest known is forgotten. A crash
 * forgets all: its clients send what is not answered in order. Threads: any; the lock is held for a look into a map.
 */
final class RefusedBatches {
    static final int PRODUCERS_MOST = 1_000;

    private final Map<Long, Refused> byProducer = new LinkedHashMap<>();

    /** Read without the lock: there is hardly ever anything to look for. */
    private volatile boolean isEmpty = true;

    private record Refused(short epoch, int baseSequence) {}

    /** The batch was turned away; its header is enough. */
    synchronized void add(RecordBatch batch) {
        if (!batch.hasProducerId() || batch.baseSequence() < 0) {
            return;
        }
        Refused known = byProducer.get(batch.producerId());
        if (known == null || known.epoch() < batch.producerEpoch() || isBehind(known, batch)) {
            byProducer.put(batch.producerId(), new Refused(batch.producerEpoch(), batch.baseSequence()));
            if (byProducer.size() > PRODUCERS_MOST) {
                byProducer.remove(byProducer.keySet().iterator().next());
            }
            isEmpty = false;
        }
    }

    private static boolean isBehind(Refused known, RecordBatch batch) {
        return known.epoch() == batch.producerEpoch() && isBefore(batch.baseSequence(), known.baseSequence());
    }

    /** True if this batch comes before one that its producer sent earlier. */
    boolean isOvertakenBy(RecordBatch batch) {
        if (isEmpty) {
            return false;
        }
        synchronized (this) {
            Refused known = byProducer.get(batch.producerId());
            return known != null
                    && known.epoch() == batch.producerEpoch()
                    && isBefore(known.baseSequence(), batch.baseSequence());
        }
    }

    /** The batch is taken: the partition knows its producer from now on. */
    void taken(RecordBatch batch) {
        if (!isEmpty) {
            synchronized (this) {
                byProducer.remove(batch.producerId());
                isEmpty = byProducer.isEmpty();
            }
        }
    }

    /** By the shorter way round, because sequences wrap from Integer.MAX_VALUE to 0. */
    private static boolean isBefore(int sequence, int other) {
        int ahead = (other - sequence) & Integer.MAX_VALUE;
        return ahead > 0 && ahead < 1 << 30;
    }
}
