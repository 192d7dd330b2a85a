package io.wellspring.batch;

import io.wellspring.batch.ValidationOutcome.Invalid;
import io.wellspring.batch.ValidationOutcome.Reason;
import io.wellspring.batch.ValidationOutcome.RecordError;
import io.wellspring.model.TimestampType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the records of one batch must be; makes no object for a good record. Threads: one. */
final class RecordCheck {
    private final ValidationRules rules;
    private final int firstIndex;
    private final boolean checksTime;
    private final long oldestMs;
    private final long youngestMs;
    private List<RecordError> errors = List.of();
    private Reason reason = Reason.INVALID_RECORD;
    private long maxTimestampMs = RecordBatch.NO_TIMESTAMP;
    private int errorCount;

    /**
     * @param nowMs the broker's time
     * @param firstIndex place of the batch's first record in everything that is appended together
     */
    RecordCheck(ValidationRules rules, long nowMs, int firstIndex) {
        this.rules = rules;
        this.firstIndex = firstIndex;
        this.checksTime = rules.timestampType() == TimestampType.CREATE_TIME;
        long oldest = nowMs - rules.timestampBeforeMaxMs();
        long youngest = nowMs + rules.timestampAfterMaxMs();
        // The time is positive and the ranges are not negative: only these two sums can leave the type.
        this.oldestMs = oldest > nowMs ? Long.MIN_VALUE : oldest;
        this.youngestMs = youngest < nowMs ? Long.MAX_VALUE : youngest;
    }

    /** Null if all is well. */
    @Nullable
    Invalid walk(RecordBatch batch, RecordCursor cursor) throws UnreadableRecordsException {
        boolean brokersTime = batch.timestampType() == TimestampType.LOG_APPEND_TIME;
        long baseTimestampMs = batch.baseTimestamp();
        for (int index = 0; cursor.next(); index++) {
            if (cursor.offsetDelta() != index) {
                throw RecordInput.malformed("record " + index + " has the offset delta " + cursor.offsetDelta());
            }
            long timestampMs = baseTimestampMs + cursor.timestampDelta();
            if (rules.compacted() && !cursor.hasKey()) {
                add(index, Reason.INVALID_RECORD, "A compacted topic takes no record without a key");
            } else if (brokersTime) {
                add(index, Reason.INVALID_TIMESTAMP, "A producer must not set the timestamp type LogAppendTime");
            } else if (checksTime
                    && timestampMs != RecordBatch.NO_TIMESTAMP
                    && (timestampMs < oldestMs || timestampMs > youngestMs)) {
                add(
                        index,
                        Reason.INVALID_TIMESTAMP,
                        "The timestamp " + timestampMs + " is not within [" + oldestMs + ", " + youngestMs + "]");
            }
            maxTimestampMs = Math.max(maxTimestampMs, timestampMs);
        }
        return errorCount == 0
                ? null
                : new Invalid(
                        reason,
                        errorCount + " of " + batch.recordCount() + " records are refused, the first because: "
                                + errors.getFirst().message(),
                        List.copyOf(errors));
    }

    private void add(int index, Reason why, String message) {
        if (errorCount == 0) {
            reason = why;
            errors = new ArrayList<>();
        }
        errorCount++;
        if (errors.size() < BatchValidator.MAX_RECORD_ERRORS) {
            errors.add(new RecordError(firstIndex + index, message));
        }
    }

    /** Largest time of the records walked, -1 if none has one. */
    long maxTimestampMs() {
        return maxTimestampMs;
    }
}
