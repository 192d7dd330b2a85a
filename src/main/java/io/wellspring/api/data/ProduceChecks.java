package io.wellspring.api.data;

import io.wellspring.batch.RecordBatch;
import io.wellspring.model.CompressionType;
import java.nio.ByteBuffer;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.BaseRecords;
import org.apache.kafka.common.record.internal.LegacyRecord;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.Records;
import org.jspecify.annotations.Nullable;

/**
 * What Kafka asks of the records of a produce request before it looks at the partition: exactly one batch of magic 2, whole, and zstd
 * only from clients that say they know it (KIP-110). Threads: any.
 */
final class ProduceChecks {
    private static final short FIRST_VERSION_WITH_ZSTD = 7;

    /** A message of magic 0 without key and value. */
    private static final int SMALLEST_LENGTH_OF_ANY_MAGIC = LegacyRecord.RECORD_OVERHEAD_V0;

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
        if (buffer.remaining() < Records.HEADER_SIZE_UP_TO_MAGIC) {
            return new Unsound(Errors.INVALID_RECORD, "The request has no record batch for this partition.");
        }
        Unsound unsound = checkBeginning(buffer);
        if (unsound != null) {
            return unsound;
        }
        RecordBatch batch = RecordBatch.at(buffer, buffer.position());
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

    /**
     * What can be told before the buffer is known to hold a batch of magic 2: older formats are shorter than its header. The order
     * decides between an error that clients take for passing (a corrupt message) and a final one, so it is Kafka's.
     */
    private static @Nullable Unsound checkBeginning(ByteBuffer buffer) {
        int length = buffer.getInt(buffer.position() + Records.SIZE_OFFSET);
        byte magic = buffer.get(buffer.position() + Records.MAGIC_OFFSET);
        if (length < SMALLEST_LENGTH_OF_ANY_MAGIC) {
            return new Unsound(Errors.CORRUPT_MESSAGE, "No record batch has the length " + length + ".");
        }
        if (magic < 0 || magic > RecordBatch.MAGIC) {
            return new Unsound(Errors.CORRUPT_MESSAGE, "No record batch has the magic " + magic + ".");
        }
        if (length > buffer.remaining() - Records.LOG_OVERHEAD) {
            return new Unsound(
                    Errors.INVALID_RECORD,
                    "The record batch says it has " + ((long) length + Records.LOG_OVERHEAD) + " bytes, and "
                            + buffer.remaining() + " are there.");
        }
        if (magic != RecordBatch.MAGIC) {
            return new Unsound(
                    Errors.INVALID_RECORD, "Produce takes record batches of magic 2, and this has " + magic + ".");
        }
        return length < RecordBatch.HEADER_SIZE_BYTES - Records.LOG_OVERHEAD
                ? new Unsound(Errors.CORRUPT_MESSAGE, "No record batch of magic 2 has the length " + length + ".")
                : null;
    }
}
