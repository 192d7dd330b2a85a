package io.wellspring.batch;

import static org.assertj.core.api.Assertions.assertThat;

import io.wellspring.batch.KafkaBatches.Entry;
import io.wellspring.batch.ValidationOutcome.Invalid;
import io.wellspring.batch.ValidationOutcome.Reason;
import io.wellspring.batch.ValidationOutcome.RecordError;
import io.wellspring.batch.ValidationOutcome.Valid;
import io.wellspring.batch.compression.Compression;
import io.wellspring.batch.compression.DecompressionBounds;
import io.wellspring.model.CompressionType;
import io.wellspring.model.TimestampType;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class BatchValidatorTest {
    static final long NOW_MS = 1_700_000_000_000L;
    static final BatchValidator VALIDATOR = new BatchValidator(DecompressionBounds.DEFAULT);
    private static final List<Entry> TWO = List.of(Entry.of(NOW_MS, "a", "1"), Entry.of(NOW_MS - 5, "b", "2"));

    @ParameterizedTest
    @EnumSource(CompressionType.class)
    void batchOfKafkasProducerStaysByteForByte(CompressionType type) {
        ByteBuffer batch = KafkaBatches.write(Compression.of(type), KafkaBatches.mixed(3, 50, 1_000));
        byte[] before = copy(batch);
        Valid valid = valid(batch, ValidationRules.defaults());
        assertThat(copy(valid.bytes())).isEqualTo(before);
        assertThat(valid.rewritten()).isFalse();
        assertThat(valid.recordCount()).isEqualTo(50);
        assertThat(valid.logAppendTimeMs()).isEqualTo(-1);
        assertThat(valid.batches()).hasSize(1);
        assertThat(valid.maxTimestampMs()).isEqualTo(RecordBatch.at(batch, 0).maxTimestamp());
    }

    @Test
    void nothingIsRefusedAsNoBatch() {
        assertInvalid(ByteBuffer.allocate(0), Reason.INVALID_RECORD);
        assertInvalid(two().limit(two().limit() - 1), Reason.INVALID_RECORD);
    }

    @Test
    void incompleteBatchAfterTheFirstIsLeftOut() {
        ByteBuffer more = joined(two(), two().limit(70));
        Valid valid = valid(more, ValidationRules.defaults());
        assertThat(valid.bytes()).isEqualTo(two());
    }

    @Test
    void secondBatchOfAClientIsRefused() {
        assertInvalid(joined(two(), two()), Reason.INVALID_RECORD);
    }

    @Test
    void brokerAppendsSeveralBatchesAndMarkers() {
        ByteBuffer marker = new BatchBuilder()
                .producer(7, (short) 1, -1)
                .appendEndOfTransaction(NOW_MS, false, 3)
                .build();
        Valid valid = valid(joined(two(), marker), rules(RecordOrigin.BROKER, null, 1 << 20));
        assertThat(valid.batches()).hasSize(2);
        assertThat(valid.recordCount()).isEqualTo(3);
        assertThat(valid.batches().get(1).isControl()).isTrue();
        assertInvalid(marker, Reason.INVALID_RECORD);
    }

    @ParameterizedTest
    @ValueSource(bytes = {0, 1})
    void olderFormatsAreRefusedAsKafkaDoes(byte magic) {
        ByteBuffer old = MemoryRecords.withRecords(
                        magic,
                        org.apache.kafka.common.compress.Compression.NONE,
                        new org.apache.kafka.common.record.internal.SimpleRecord(NOW_MS, new byte[60]))
                .buffer();
        assertInvalid(old, Reason.INVALID_RECORD);
        assertInvalid(edited(two(), b -> b.put(RecordBatch.MAGIC_POSITION, (byte) 3)), Reason.CORRUPT);
    }

    @Test
    void batchAtTheSizeLimitPassesAndOneByteMoreDoesNot() {
        int size = two().remaining();
        valid(two(), rules(RecordOrigin.CLIENT, null, size));
        assertInvalid(two(), rules(RecordOrigin.CLIENT, null, size - 1), Reason.RECORD_TOO_LARGE);
    }

    @Test
    void sizeIsLookedAtBeforeTheChecksum() {
        ByteBuffer damaged = two();
        damaged.put(damaged.limit() - 1, (byte) 99);
        assertInvalid(damaged, rules(RecordOrigin.CLIENT, null, 10), Reason.RECORD_TOO_LARGE);
        assertInvalid(damaged, Reason.CORRUPT);
    }

    @Test
    void wrongMaxTimestampIsPutRight() {
        ByteBuffer wrong = edited(two(), b -> b.putLong(RecordBatch.MAX_TIMESTAMP_POSITION, NOW_MS + 77));
        Valid valid = valid(wrong, ValidationRules.defaults());
        assertThat(valid.maxTimestampMs()).isEqualTo(NOW_MS);
        assertThat(valid.bytes()).isEqualTo(two());
    }

    @ParameterizedTest
    @EnumSource(CompressionType.class)
    void brokersTimeIsStampedInPlaceAndReadByKafka(CompressionType type) {
        ByteBuffer batch = KafkaBatches.write(Compression.of(type), TWO);
        ValidationRules rules = withTime(TimestampType.LOG_APPEND_TIME, Long.MAX_VALUE, 0);
        Valid valid = valid(batch, rules, NOW_MS + 999);
        assertThat(valid.logAppendTimeMs()).isEqualTo(NOW_MS + 999);
        assertThat(valid.maxTimestampMs()).isEqualTo(NOW_MS + 999);
        var read = MemoryRecords.readableRecords(batch).batches().iterator().next();
        read.ensureValid();
        assertThat(read.iterator().next().timestamp()).isEqualTo(NOW_MS + 999);
    }

    @Test
    void timestampsAtTheLimitsPassAndOneMillisecondMoreDoesNot() {
        ValidationRules rules = withTime(TimestampType.CREATE_TIME, 100, 50);
        valid(single(NOW_MS - 100), rules);
        valid(single(NOW_MS + 50), rules);
        valid(single(RecordBatch.NO_TIMESTAMP), rules);
        Invalid old = assertInvalid(single(NOW_MS - 101), rules, Reason.INVALID_TIMESTAMP);
        assertThat(old.recordErrors()).extracting(RecordError::index).containsExactly(0);
        assertInvalid(single(NOW_MS + 51), rules, Reason.INVALID_TIMESTAMP);
        assertInvalid(single(Long.MAX_VALUE), ValidationRules.defaults(), Reason.INVALID_TIMESTAMP);
        assertInvalid(
                single(Long.MAX_VALUE),
                withTime(TimestampType.CREATE_TIME, Long.MAX_VALUE, 3_600_000),
                Reason.INVALID_TIMESTAMP);
        valid(single(Long.MAX_VALUE), withTime(TimestampType.CREATE_TIME, Long.MAX_VALUE, Long.MAX_VALUE));
    }

    @Test
    void producerMustNotSetTheBrokersTime() {
        ByteBuffer batch = edited(two(), b -> b.putShort(RecordBatch.ATTRIBUTES_POSITION, (short) 8));
        Invalid invalid = assertInvalid(batch, Reason.INVALID_TIMESTAMP);
        assertThat(invalid.recordErrors()).hasSize(2);
    }

    @ParameterizedTest
    @EnumSource(CompressionType.class)
    void compactedTopicNamesEveryRecordWithoutKey(CompressionType type) {
        ByteBuffer batch = KafkaBatches.write(
                Compression.of(type),
                List.of(Entry.of(NOW_MS, null, "1"), Entry.of(NOW_MS, "k", null), Entry.of(NOW_MS, null, "3")));
        ValidationRules rules =
                new ValidationRules(RecordOrigin.CLIENT, 1000, TimestampType.CREATE_TIME, 100, 100, null, true, 1000);
        Invalid invalid = assertInvalid(batch, rules, Reason.INVALID_RECORD);
        assertThat(invalid.recordErrors()).extracting(RecordError::index).containsExactly(0, 2);
    }

    @Test
    void recordErrorsAreBounded() {
        List<Entry> many = IntStream.range(0, BatchValidator.MAX_RECORD_ERRORS + 1)
                .mapToObj(i -> Entry.of(1, null, "v"))
                .toList();
        Invalid invalid = assertInvalid(
                KafkaBatches.write(Compression.NONE, many),
                withTime(TimestampType.CREATE_TIME, 5, 5),
                Reason.INVALID_TIMESTAMP);
        assertThat(invalid.recordErrors()).hasSize(BatchValidator.MAX_RECORD_ERRORS);
    }

    @Test
    void decompressedRecordAtTheLimitPassesAndOneByteMoreDoesNot() {
        ByteBuffer batch = KafkaBatches.write(
                Compression.of(CompressionType.ZSTD),
                List.of(new Entry(NOW_MS, null, ByteBuffer.allocate(10_000), List.of())));
        valid(batch, maxRecord(10_000 + 8));
        assertInvalid(batch, maxRecord(10_000 + 7), Reason.INVALID_RECORD);
    }

    @ParameterizedTest
    @EnumSource(value = CompressionType.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void batchThatIsABombIsTooLarge(CompressionType type) {
        BatchValidator strict = new BatchValidator(new DecompressionBounds(9_999, 1_000, 100_000));
        ByteBuffer batch = KafkaBatches.write(
                Compression.of(type), List.of(new Entry(NOW_MS, null, ByteBuffer.allocate(10_000), List.of())));
        ValidationOutcome outcome = strict.validate(batch, ValidationRules.defaults(), NOW_MS);
        assertThat(outcome)
                .isInstanceOfSatisfying(
                        Invalid.class, why -> assertThat(why.reason()).isEqualTo(Reason.RECORD_TOO_LARGE));
    }

    static Valid valid(ByteBuffer records, ValidationRules rules) {
        return valid(records, rules, NOW_MS);
    }

    static Valid valid(ByteBuffer records, ValidationRules rules, long nowMs) {
        ValidationOutcome outcome = VALIDATOR.validate(records, rules, nowMs);
        assertThat(outcome).isInstanceOf(Valid.class);
        return (Valid) outcome;
    }

    static Invalid assertInvalid(ByteBuffer records, Reason reason) {
        return assertInvalid(records, ValidationRules.defaults(), reason);
    }

    static Invalid assertInvalid(ByteBuffer records, ValidationRules rules, Reason reason) {
        byte[] before = copy(records);
        ValidationOutcome outcome = VALIDATOR.validate(records, rules, NOW_MS);
        assertThat(outcome).isInstanceOf(Invalid.class);
        Invalid invalid = (Invalid) outcome;
        assertThat(invalid.reason()).as(invalid.message()).isEqualTo(reason);
        assertThat(copy(records)).as("what is refused stays untouched").isEqualTo(before);
        return invalid;
    }

    static ByteBuffer two() {
        return KafkaBatches.write(Compression.NONE, TWO);
    }

    /** The batch with header fields changed and a CRC that fits. */
    static ByteBuffer edited(ByteBuffer batch, Consumer<ByteBuffer> change) {
        change.accept(batch);
        RecordBatch.at(batch, 0).assignCrc();
        return batch;
    }

    private static ByteBuffer single(long timestampMs) {
        return new BatchBuilder().append(timestampMs, new byte[1], new byte[1]).build();
    }

    private static ByteBuffer joined(ByteBuffer first, ByteBuffer second) {
        return ByteBuffer.allocate(first.remaining() + second.remaining())
                .put(first)
                .put(second)
                .flip();
    }

    static byte[] copy(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(buffer.position(), bytes);
        return bytes;
    }

    static ValidationRules rules(RecordOrigin origin, @Nullable Compression target, int maxBatchBytes) {
        return new ValidationRules(
                origin, maxBatchBytes, TimestampType.CREATE_TIME, 1L << 50, 3_600_000, target, false, 1 << 30);
    }

    private static ValidationRules maxRecord(int bytes) {
        return new ValidationRules(RecordOrigin.CLIENT, 1 << 20, TimestampType.CREATE_TIME, 5, 5, null, false, bytes);
    }

    private static ValidationRules withTime(TimestampType type, long beforeMs, long afterMs) {
        return new ValidationRules(RecordOrigin.CLIENT, 1 << 20, type, beforeMs, afterMs, null, false, 1 << 30);
    }
}
