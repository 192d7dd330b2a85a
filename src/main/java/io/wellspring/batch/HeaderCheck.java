package io.wellspring.batch;

import io.wellspring.batch.ValidationOutcome.Invalid;
import io.wellspring.batch.ValidationOutcome.Reason;
import io.wellspring.model.CompressionType;
import org.jspecify.annotations.Nullable;

/** What a batch's header must say before anyone looks at its records. Threads: any. */
final class HeaderCheck {
    private HeaderCheck() {}

    /** Null if all is well. The batch's buffer is used by nobody else. */
    static @Nullable Invalid check(RecordBatch batch, ValidationRules rules) {
        boolean client = rules.origin() == RecordOrigin.CLIENT;
        if (client && batch.baseOffset() != 0) {
            return invalid("The base offset of a batch in a produce request must be 0, not " + batch.baseOffset());
        }
        if (batch.sizeBytes() > rules.maxBatchBytes()) {
            return tooLarge(batch.sizeBytes(), rules);
        }
        if (!batch.isOwnedCrcValid()) {
            return Invalid.of(Reason.CORRUPT, "The batch is corrupt: its checksum is not " + batch.crc());
        }
        if (batch.compressionId() > CompressionType.ZSTD.id()) {
            return Invalid.of(Reason.UNSUPPORTED_COMPRESSION, "No codec has the number " + batch.compressionId());
        }
        if (batch.recordCount() <= 0 || batch.lastOffsetDelta() != batch.recordCount() - 1) {
            return invalid("The batch declares " + batch.recordCount() + " records and the last offset delta "
                    + batch.lastOffsetDelta());
        }
        return client ? checkClient(batch) : null;
    }

    private static @Nullable Invalid checkClient(RecordBatch batch) {
        if (batch.isControl()) {
            return invalid("Clients may not write control records");
        }
        if (batch.hasDeleteHorizon()) {
            return invalid("Clients may not set a delete horizon");
        }
        if (batch.producerId() < RecordBatch.NO_PRODUCER_ID) {
            return invalid("No producer has the id " + batch.producerId());
        }
        // Without a producer id, epoch and sequence mean nothing: several clients leave zeros there.
        if (batch.hasProducerId() && (batch.producerEpoch() < 0 || batch.baseSequence() < 0)) {
            return invalid("Producer " + batch.producerId() + " has the epoch " + batch.producerEpoch()
                    + " and the sequence " + batch.baseSequence());
        }
        if (batch.isTransactional() && !batch.hasProducerId()) {
            return invalid("A transactional batch must have a producer id");
        }
        return null;
    }

    static Invalid tooLarge(int sizeBytes, ValidationRules rules) {
        return Invalid.of(
                Reason.RECORD_TOO_LARGE,
                "The batch has " + sizeBytes + " bytes, the topic allows " + rules.maxBatchBytes());
    }

    private static Invalid invalid(String message) {
        return Invalid.of(Reason.INVALID_RECORD, message);
    }
}
