package io.wellspring.bench.load;

import java.nio.ByteBuffer;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MemoryRecordsBuilder;

/**
 * What a batch looks like. Its size is that on the wire, as {@code batch.size} of Kafka's producer means it: a compressed batch holds more records.
 *
 * @param codec of the whole batch
 * @param sizeBytes aimed at; batches come out a few percent off
 * @param recordSizeBytes of each value
 */
public record BatchShape(Codec codec, int sizeBytes, int recordSizeBytes) {
    /** A batch that holds one record. */
    public static BatchShape single(int recordSizeBytes) {
        return new BatchShape(Codec.NONE, 1, recordSizeBytes);
    }

    /** A batch and what is in it. */
    record Batch(MemoryRecords records, int recordCount) {}

    /** How many records make a batch of the size aimed at. */
    int recordCount() {
        int uncompressed = Math.max(1, sizeBytes / recordSizeBytes);
        if (codec == Codec.NONE) {
            return uncompressed;
        }
        int compressedSize = build(uncompressed, 0).sizeInBytes();
        return Math.max(1, (int) ((long) uncompressed * sizeBytes / compressedSize));
    }

    /** The same seed makes the same batch. */
    Batch batch(int recordCount, long seed) {
        return new Batch(build(recordCount, seed), recordCount);
    }

    private MemoryRecords build(int recordCount, long seed) {
        EventText text = new EventText(seed);
        long now = System.currentTimeMillis();
        ByteBuffer buffer = ByteBuffer.allocate(recordCount * (recordSizeBytes + 32) + 1024);
        try (MemoryRecordsBuilder builder =
                MemoryRecords.builder(buffer, codec.compression(), TimestampType.CREATE_TIME, 0)) {
            for (int i = 0; i < recordCount; i++) {
                builder.append(now + i % 10, null, text.next(recordSizeBytes));
            }
            return builder.build();
        }
    }
}
