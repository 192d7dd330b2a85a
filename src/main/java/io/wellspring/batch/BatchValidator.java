package io.wellspring.batch;

import io.wellspring.batch.ValidationOutcome.Invalid;
import io.wellspring.batch.ValidationOutcome.Reason;
import io.wellspring.batch.ValidationOutcome.Valid;
import io.wellspring.batch.compression.Compression;
import io.wellspring.batch.compression.DecompressionBounds;
import io.wellspring.model.TimestampType;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Checks what is to be appended as Kafka's broker does, and brings it into the form that is stored: the broker's time,
 * the true largest timestamp, the topic's codec. Every record's structure is walked, in compressed batches too, because
 * what is stored must be readable; keys and values are skipped (docs/decisions/0001). Threads: any; the caller owns the
 * buffer meanwhile.
 */
public final class BatchValidator {
    /** More records at fault are not listed: a client must not make the answer larger than its request. */
    public static final int MAX_RECORD_ERRORS = 1_000;

    private final DecompressionBounds bounds;

    /** @param bounds the broker's own, whatever a topic allows */
    public BatchValidator(DecompressionBounds bounds) {
        this.bounds = bounds;
    }

    /**
     * Checks the bytes of one partition. An incomplete batch after the whole ones is left out, as Kafka does.
     *
     * @param records position to limit; moved only while this runs. Header fields (times, CRC) may be written in place, only if all is well
     * @param nowMs the broker's time
     */
    public ValidationOutcome validate(ByteBuffer records, ValidationRules rules, long nowMs) {
        List<RecordBatch> batches = new ArrayList<>(1);
        // One more than a client may send is enough to refuse it, however many follow.
        int maxCount = rules.origin() == RecordOrigin.CLIENT ? 2 : Integer.MAX_VALUE;
        Batches.Ending ending = Batches.forEach(records, maxCount, batches::add);
        Invalid invalid = checkCount(batches.size(), ending, rules);
        if (invalid != null) {
            return invalid;
        }
        CheckedBatch[] checked = new CheckedBatch[batches.size()];
        int recordCount = 0;
        for (int i = 0; i < checked.length; i++) {
            RecordBatch batch = batches.get(i);
            Invalid wrong = HeaderCheck.check(batch, rules);
            if (wrong != null) {
                return wrong;
            }
            switch (checkRecords(batch, rules, nowMs, recordCount)) {
                case CheckedBatch good -> checked[i] = good;
                case Wrong(Invalid why) -> {
                    return why;
                }
            }
            recordCount += batch.recordCount();
        }
        ByteBuffer whole = ending.position() == records.limit()
                ? records
                : records.duplicate().limit(ending.position());
        return accept(whole, batches, checked, rules, nowMs, recordCount);
    }

    private static @Nullable Invalid checkCount(int count, Batches.Ending ending, ValidationRules rules) {
        if (ending instanceof Batches.Ending.Malformed malformed) {
            return Invalid.of(
                    malformed.olderFormat() ? Reason.INVALID_RECORD : Reason.CORRUPT,
                    "Not a record batch: " + malformed.message());
        }
        if (count == 0) {
            return Invalid.of(Reason.INVALID_RECORD, "There is no whole record batch");
        }
        if (count > 1 && rules.origin() == RecordOrigin.CLIENT) {
            return Invalid.of(
                    Reason.INVALID_RECORD, "A produce request carries exactly one record batch per partition");
        }
        return null;
    }

    /** How the look at one batch ended. */
    private sealed interface BatchCheck permits CheckedBatch, Wrong {}

    /** @param rewritten the batch in the topic's codec, null if it stays as it is */
    private record CheckedBatch(
            RecordBatch batch,
            long maxTimestampMs,
            @Nullable GrowingOutput rewritten) implements BatchCheck {}

    private record Wrong(Invalid why) implements BatchCheck {}

    private BatchCheck checkRecords(RecordBatch batch, ValidationRules rules, long nowMs, int firstIndex) {
        Compression target = rules.targetCompression();
        if (target == null || target.type() == batch.compression() || batch.isControl()) {
            // Only another codec makes a rewrite, not another level of the same; control batches stay as they are.
            RecordCheck check = new RecordCheck(rules, nowMs, firstIndex);
            Invalid wrong = walk(batch, check, rules, null);
            return wrong == null ? new CheckedBatch(batch, check.maxTimestampMs(), null) : new Wrong(wrong);
        }
        try (BatchRewriter rewriter = new BatchRewriter(batch, target, rules.maxBatchBytes())) {
            RecordCheck check = new RecordCheck(rules, nowMs, firstIndex);
            Invalid wrong = walk(batch, check, rules, rewriter::accept);
            if (wrong != null) {
                return new Wrong(wrong);
            }
            GrowingOutput rewritten = rewriter.finish();
            return rewritten == null
                    ? new Wrong(Invalid.of(
                            Reason.RECORD_TOO_LARGE,
                            "The batch has more bytes in the topic's codec than the " + rules.maxBatchBytes()
                                    + " that the topic allows"))
                    : new CheckedBatch(batch, check.maxTimestampMs(), rewritten);
        }
    }

    private @Nullable Invalid walk(
            RecordBatch batch, RecordCheck check, ValidationRules rules, @Nullable Consumer<ByteBuffer> tee) {
        try (RecordCursor cursor = RecordCursor.structure(batch, bounds, rules.maxDecompressedRecordBytes(), tee)) {
            return check.walk(batch, cursor);
        } catch (UnreadableRecordsException e) {
            Reason reason = switch (e.reason()) {
                case MALFORMED, CORRUPT_COMPRESSION -> Reason.INVALID_RECORD;
                case UNKNOWN_CODEC -> Reason.UNSUPPORTED_COMPRESSION;
                case BOUND_EXCEEDED -> Reason.RECORD_TOO_LARGE;
            };
            return Invalid.of(reason, "The records cannot be read: " + e.getMessage());
        }
    }

    /** @param given what was checked, in {@code bytes} */
    private static Valid accept(
            ByteBuffer bytes,
            List<RecordBatch> given,
            CheckedBatch[] checked,
            ValidationRules rules,
            long nowMs,
            int recordCount) {
        boolean rewritten = isRewritten(checked);
        boolean brokersTime = rules.timestampType() == TimestampType.LOG_APPEND_TIME;
        ByteBuffer stored = rewritten ? join(checked) : bytes;
        List<RecordBatch> batches = rewritten ? Batches.list(stored) : given;
        long maxTimestampMs = RecordBatch.NO_TIMESTAMP;
        for (int i = 0; i < batches.size(); i++) {
            long batchMaxMs = brokersTime ? nowMs : checked[i].maxTimestampMs;
            batches.get(i).assignTimestamp(rules.timestampType(), batchMaxMs);
            maxTimestampMs = Math.max(maxTimestampMs, batchMaxMs);
        }
        long logAppendTimeMs = brokersTime ? nowMs : RecordBatch.NO_TIMESTAMP;
        return new Valid(batches, stored, recordCount, maxTimestampMs, logAppendTimeMs, rewritten);
    }

    private static boolean isRewritten(CheckedBatch[] checked) {
        for (CheckedBatch each : checked) {
            if (each.rewritten != null) {
                return true;
            }
        }
        return false;
    }

    private static ByteBuffer join(CheckedBatch[] checked) {
        if (checked.length == 1 && checked[0].rewritten != null) {
            return checked[0].rewritten.buffer();
        }
        GrowingOutput joined = new GrowingOutput(RecordBatch.HEADER_SIZE_BYTES);
        for (CheckedBatch each : checked) {
            joined.write(each.rewritten == null ? each.batch.bytes() : each.rewritten.buffer());
        }
        return joined.buffer();
    }
}
