package io.wellspring.batch;

import io.wellspring.batch.compression.DecompressionBounds;
import java.nio.ByteBuffer;

/**
 * Checks what is to be appended as Kafka's broker does, and brings it into the form that is stored: the broker's time,
 * the true largest timestamp, the topic's codec. Threads: any; the caller owns the buffer meanwhile.
 */
public final class BatchValidator {
    /** More records at fault are not listed: a client must not make the answer larger than its request. */
    public static final int MAX_RECORD_ERRORS = 1_000;

    /** @param bounds the broker's own, whatever a topic allows */
    public BatchValidator(DecompressionBounds bounds) {
        java.util.Objects.requireNonNull(bounds);
    }

    /**
     * Checks the bytes of one partition.
     *
     * @param records position to limit, not moved. Header fields (times, CRC) may be written in place, only if all is well
     */
    public ValidationOutcome validate(ByteBuffer records, ValidationRules rules) {
        throw new UnsupportedOperationException("skeleton");
    }
}
