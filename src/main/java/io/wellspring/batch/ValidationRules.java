package io.wellspring.batch;

import io.wellspring.batch.compression.Compression;
import io.wellspring.model.TimestampType;
import org.jspecify.annotations.Nullable;

/**
 * What a topic asks of the batches appended to it. Threads: any.
 *
 * @param origin who made the batches
 * @param maxBatchBytes {@code max.message.bytes}
 * @param timestampType {@code message.timestamp.type}
 * @param timestampBeforeMaxMs {@code message.timestamp.before.max.ms}
 * @param timestampAfterMaxMs {@code message.timestamp.after.max.ms}
 * @param targetCompression {@code compression.type} with its level; null: the producer's codec is kept
 * @param compacted every record must have a key
 * @param maxDecompressedRecordBytes {@code max.decompressed.message.bytes}: the largest record that may come out of a
 *     compressed batch; the broker bounds whole batches besides
 */
public record ValidationRules(
        RecordOrigin origin,
        int maxBatchBytes,
        TimestampType timestampType,
        long timestampBeforeMaxMs,
        long timestampAfterMaxMs,
        @Nullable Compression targetCompression,
        boolean compacted,
        int maxDecompressedRecordBytes) {
    /** Kafka's defaults for a produce request. */
    public static ValidationRules defaults() {
        return new ValidationRules(
                RecordOrigin.CLIENT,
                1_048_588,
                TimestampType.CREATE_TIME,
                Long.MAX_VALUE,
                3_600_000,
                null,
                false,
                Integer.MAX_VALUE - 8);
    }
}
