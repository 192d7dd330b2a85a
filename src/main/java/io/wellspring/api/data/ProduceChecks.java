package io.wellspring.api.data;

import io.wellspring.batch.RecordBatch;
import io.wellspring.model.CompressionType;
import java.nio.ByteBuffer;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.BaseRecords;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.jspecify.annotations.Nullable;

/**
 * What Kafka asks of the records of a produce request before it looks at the partition: exactly one batch of magic 2, whole, and zstd
 * only from clients that say they know it (KIP-110). Threads: any.
 */
final class ProduceChecks {
    private static final short FIRST_VERSION_WITH_ZSTD = 7;

    private ProduceChecks() {}

    /** How the check ended. */
    sealed interface Checked {}

    /** @param records one whole batch, position to limit, shared with the request */
    record Sound(ByteBuffer records, boolean isTransactional) implements Checked {}

    record Unsound(Errors error, String message) implements Checked {}

    static Checked check(short apiVersion, @Nullable BaseRecords records) {
        if (!(records instanceof MemoryRecords inMemory)) {
            return new Unsound(Errors.INVALID_RECORD, "The request has no records for this partition.");
        }
        ByteBuffer buffer = inMemory.buffer();
        if (!buffer.hasRemaining()) {
            return new Unsound(Errors.INVALID_RECORD, "The request has no record batch for this partition.");
        }
        if (buffer.remaining() < RecordBatch.HEADER_SIZE_BYTES) {
            return new Unsound(
                    Errors.CORRUPT_MESSAGE, "No record batch is as small as " + buffer.remaining() + " bytes.");
        }
        RecordBatch batch = RecordBatch.at(buffer, buffer.position());
        if (batch.magic() != RecordBatch.MAGIC) {
            return new Unsound(
                    Errors.INVALID_RECORD,
                    "Produce takes record batches of magic 2, and this has " + batch.magic() + ".");
        }
        if (!batch.isComplete()) {
            return new Unsound(
                    Errors.CORRUPT_MESSAGE,
                    "The record batch says it has " + batch.sizeBytes() + " bytes, and " + buffer.remaining()
                            + " are there.");
        }
        if (batch.sizeBytes() != buffer.remaining()) {
            return new Unsound(Errors.INVALID_RECORD, "Produce takes exactly one record batch for each partition.");
        }
        if (batch.compressionId() == CompressionType.ZSTD.id() && apiVersion < FIRST_VERSION_WITH_ZSTD) {
            return new Unsound(
                    Errors.UNSUPPORTED_COMPRESSION_TYPE,
                    "Produce takes zstd from version " + FIRST_VERSION_WITH_ZSTD + " on.");
        }
        return new Sound(buffer, batch.isTransactional());
    }
}
