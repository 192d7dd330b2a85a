package io.wellspring.partition;

/** An active producer of a partition, for DescribeProducers. */
public record ProducerStatus(
        long producerId,
        int producerEpoch,
        int lastSequence,
        long lastTimestampMs,
        int coordinatorEpoch,
        long currentTransactionStartOffset) {}
