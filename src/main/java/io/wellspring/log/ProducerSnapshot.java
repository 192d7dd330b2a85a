package io.wellspring.log;

/** Kafka's {@code .snapshot} file: the state of idempotent producers as of an offset. */
public final class ProducerSnapshot {
    private ProducerSnapshot() {}

    /**
     * One producer (Kafka's {@code ProducerSnapshot} schema, version 1).
     *
     * @param producerId its id
     * @param producerEpoch its epoch
     * @param lastSequence sequence of its last record, -1: none
     * @param lastOffset offset of its last record, -1: none
     * @param offsetDelta records of its last batch, less one
     * @param timestampMs max timestamp of its last batch
     * @param coordinatorEpoch epoch of the last transaction marker, -1: none
     * @param currentTransactionFirstOffset first offset of its open transaction, -1: none
     */
    public record Entry(
            long producerId,
            short producerEpoch,
            int lastSequence,
            long lastOffset,
            int offsetDelta,
            long timestampMs,
            int coordinatorEpoch,
            long currentTransactionFirstOffset) {}
}
