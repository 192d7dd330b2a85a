package io.wellspring.batch;

import java.nio.ByteBuffer;
import java.util.List;

/** What {@link BatchValidator} found. */
public sealed interface ValidationOutcome {
    /**
     * May be appended.
     *
     * @param batches views into {@code bytes}, in order
     * @param bytes whole batches, position to limit: the given buffer's own bytes, or new ones
     * @param recordCount records in all batches
     * @param maxTimestampMs largest time a consumer sees; -1 if no record has one
     * @param logAppendTimeMs the broker's time if the records got it, -1 if they keep the producer's
     * @param rewritten true if {@code bytes} is a new buffer (recompressed)
     */
    record Valid(
            List<RecordBatch> batches,
            ByteBuffer bytes,
            int recordCount,
            long maxTimestampMs,
            long logAppendTimeMs,
            boolean rewritten)
            implements ValidationOutcome {
        /** True if one of the batches belongs to a transaction. */
        public boolean hasTransactional() {
            for (int i = 0; i < batches.size(); i++) { // by index, as in all that each request goes through
                if (batches.get(i).isTransactional()) {
                    return true;
                }
            }
            return false;
        }
    }

    /**
     * Must not be appended; nothing was written to the given buffer.
     *
     * @param message one sentence for the client
     * @param recordErrors the records at fault where single ones are, at most {@link BatchValidator#MAX_RECORD_ERRORS}
     */
    record Invalid(Reason reason, String message, List<RecordError> recordErrors) implements ValidationOutcome {
        static Invalid of(Reason reason, String message) {
            return new Invalid(reason, message, List.of());
        }
    }

    /** @param index place of the record in the batches, from 0 */
    record RecordError(int index, String message) {}

    /** Why; the names are those of Kafka's errors where it has one. */
    enum Reason {
        CORRUPT,
        INVALID_RECORD,
        INVALID_TIMESTAMP,
        RECORD_TOO_LARGE,
        UNSUPPORTED_COMPRESSION
    }
}
