package io.wellspring.partition;

import java.util.List;

/** How an append ended. */
public sealed interface AppendOutcome {
    /**
     * Committed, or known already (a repeated batch of an idempotent producer gets the answer of the first).
     *
     * @param baseOffset offset of the first record
     * @param logAppendTimeMs the time the broker gave the records, -1 if they keep the producer's
     * @param logStartOffset first offset of the log
     */
    record Appended(long baseOffset, long logAppendTimeMs, long logStartOffset) implements AppendOutcome {}

    /**
     * Nothing was written.
     *
     * @param message one sentence for the client
     * @param recordErrors the records at fault, where single ones are
     */
    record Refused(AppendRefusal reason, String message, List<RecordError> recordErrors) implements AppendOutcome {
        public static Refused of(AppendRefusal reason, String message) {
            return new Refused(reason, message, List.of());
        }
    }

    /**
     * @param index place of the record in the batches of the request, from 0
     * @param message what is wrong with it
     */
    record RecordError(int index, String message) {}
}
