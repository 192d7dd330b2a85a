package io.wellspring.batch;

import static io.wellspring.batch.BatchValidatorTest.assertInvalid;
import static io.wellspring.batch.BatchValidatorTest.edited;
import static io.wellspring.batch.BatchValidatorTest.two;
import static io.wellspring.batch.BatchValidatorTest.valid;

import io.wellspring.batch.ValidationOutcome.Reason;
import io.wellspring.batch.compression.Compression;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each field of header and record, one at a time, made wrong; the CRC fits, so that the field itself is looked at. */
final class BatchValidatorFieldsTest {
    static final List<Compression> CODECS = KafkaBatches.DEFAULT_LEVELS;

    @ParameterizedTest
    @ValueSource(longs = {1, -1, Long.MAX_VALUE, Long.MIN_VALUE})
    void baseOffset(long value) {
        assertInvalid(edited(two(), b -> b.putLong(0, value)), Reason.INVALID_RECORD);
    }

    @ParameterizedTest
    @CsvSource({
        "-2147483648,CORRUPT",
        "-1,CORRUPT",
        "0,CORRUPT",
        "48,CORRUPT",
        "49,CORRUPT",
        "50,INVALID_RECORD",
        "1000,INVALID_RECORD",
        "2147483647,INVALID_RECORD"
    })
    void batchLength(int value, Reason reason) {
        ByteBuffer batch = two();
        batch.putInt(RecordBatch.LENGTH_POSITION, value);
        assertInvalid(batch, reason);
    }

    @ParameterizedTest
    @ValueSource(bytes = {-1, 3, 127, -128})
    void magic(byte value) {
        ByteBuffer batch = two();
        batch.put(RecordBatch.MAGIC_POSITION, value);
        assertInvalid(batch, Reason.CORRUPT);
    }

    @Test
    void everyBitUnderTheChecksumAndOfTheChecksum() {
        int size = two().remaining();
        for (int at = RecordBatch.CRC_POSITION; at < size; at++) {
            for (int bit = 0; bit < 8; bit++) {
                ByteBuffer batch = two();
                batch.put(at, (byte) (batch.get(at) ^ 1 << bit));
                assertInvalid(batch, Reason.CORRUPT);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "5,UNSUPPORTED_COMPRESSION",
        "6,UNSUPPORTED_COMPRESSION",
        "7,UNSUPPORTED_COMPRESSION",
        "1,INVALID_RECORD",
        "2,INVALID_RECORD",
        "3,INVALID_RECORD",
        "4,INVALID_RECORD",
        "8,INVALID_TIMESTAMP",
        "16,INVALID_RECORD",
        "32,INVALID_RECORD",
        "64,INVALID_RECORD"
    })
    void attributes(short value, Reason reason) {
        assertInvalid(edited(two(), b -> b.putShort(RecordBatch.ATTRIBUTES_POSITION, value)), reason);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2, -1, Integer.MAX_VALUE, Integer.MIN_VALUE})
    void lastOffsetDelta(int value) {
        assertInvalid(
                edited(two(), b -> b.putInt(RecordBatch.LAST_OFFSET_DELTA_POSITION, value)), Reason.INVALID_RECORD);
    }

    @ParameterizedTest
    @ValueSource(longs = {Long.MAX_VALUE, Long.MAX_VALUE - 10_000_000})
    void baseTimestamp(long value) {
        assertInvalid(
                edited(two(), b -> b.putLong(RecordBatch.BASE_TIMESTAMP_POSITION, value)), Reason.INVALID_TIMESTAMP);
    }

    @Test
    void baseTimestampOfLongAgo() {
        assertInvalid(
                edited(two(), b -> b.putLong(RecordBatch.BASE_TIMESTAMP_POSITION, Long.MIN_VALUE + 10)),
                Reason.INVALID_TIMESTAMP);
    }

    @ParameterizedTest
    @CsvSource({"-2,-1,-1", "-9223372036854775808,0,0", "7,-1,0", "7,0,-1", "7,-5,3", "7,3,-5"})
    void producer(long id, short epoch, int sequence) {
        assertInvalid(withProducer(id, epoch, sequence), Reason.INVALID_RECORD);
    }

    /** kafkajs and sarama leave zeros where there is no producer. */
    @ParameterizedTest
    @CsvSource({"-1,-1,-1", "-1,0,0", "-1,-1,0", "0,0,0", "7,32767,2147483647"})
    void producersThatAreThere(long id, short epoch, int sequence) {
        valid(withProducer(id, epoch, sequence), ValidationRules.defaults());
    }

    private static ByteBuffer withProducer(long id, short epoch, int sequence) {
        return edited(
                two(),
                b -> b.putLong(RecordBatch.PRODUCER_ID_POSITION, id)
                        .putShort(RecordBatch.PRODUCER_EPOCH_POSITION, epoch)
                        .putInt(RecordBatch.BASE_SEQUENCE_POSITION, sequence));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3, -1, -2, Integer.MAX_VALUE, Integer.MIN_VALUE})
    void recordCount(int value) {
        assertInvalid(edited(two(), b -> b.putInt(RecordBatch.RECORD_COUNT_POSITION, value)), Reason.INVALID_RECORD);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3, 1000})
    void recordCountThatFitsTheLastOffset(int value) {
        assertInvalid(
                edited(
                        two(),
                        b -> b.putInt(RecordBatch.RECORD_COUNT_POSITION, value)
                                .putInt(RecordBatch.LAST_OFFSET_DELTA_POSITION, value - 1)),
                Reason.INVALID_RECORD);
    }

    /**
     * One record "k" to "v" with the header "h" to "x" is {@code 18 00 00 00 02 6b 02 76 02 02 68 02 78}, of 12 bytes after
     * the length; here each of its numbers is wrong, in every codec.
     */
    @ParameterizedTest
    @FieldSource("CODECS")
    void recordFields(Compression codec) {
        valid(records(codec, "18000000026b027602026802" + "78"), ValidationRules.defaults());
        List<String> wrong = List.of(
                "1600000002" + "6b027602026802" + "78",
                "1a000000026b02760202680278",
                "01000000026b02760202680278",
                "feffffff0f000000026b02760202680278",
                "1800000202" + "6b02760202680278",
                "1800000102" + "6b02760202680278",
                "18000000036b02760202680278",
                "18000000006b02760202680278",
                "180000007e6b02760202680278",
                "18000000026b03760202680278",
                "18000000026b7e760202680278",
                "18000000026b02760102680278",
                "18000000026b02760402680278",
                "18000000026b02767e02680278",
                "18000000026b02760201680278",
                "18000000026b02760203680278",
                "18000000026b0276027e680278",
                "18000000026b02760202680378",
                "18000000026b02760202687e78",
                "18000000026b0276020268027800",
                "18000000026b027602026802",
                "");
        for (String hex : wrong) {
            assertInvalid(records(codec, hex), ValidationRules.defaults(), Reason.INVALID_RECORD);
        }
    }

    @ParameterizedTest
    @FieldSource("CODECS")
    void recordTimestamp(Compression codec) {
        ByteBuffer batch = records(codec, "2a00feffffffffffffffff0100026b02760202680278");
        assertInvalid(batch, ValidationRules.defaults(), Reason.INVALID_TIMESTAMP);
    }

    /** A batch of one record, base timestamp 0, with these bytes instead of the record's, and everything else right. */
    private static ByteBuffer records(Compression codec, String hex) {
        byte[] bytes = HexFormat.of().parseHex(hex);
        ByteBuffer plain = ByteBuffer.allocate(RecordBatch.HEADER_SIZE_BYTES + bytes.length);
        plain.put(0, new BatchBuilder().append(0, new byte[1], new byte[1]).build(), 0, RecordBatch.HEADER_SIZE_BYTES);
        plain.putInt(RecordBatch.LENGTH_POSITION, plain.capacity() - RecordBatch.LENGTH_OVERHEAD_BYTES);
        plain.put(RecordBatch.HEADER_SIZE_BYTES, bytes);
        RecordBatch batch = RecordBatch.at(edited(plain, b -> {}), 0);
        if (codec.equals(Compression.NONE)) {
            return batch.bytes();
        }
        try (BatchRewriter rewriter = new BatchRewriter(batch, codec, Integer.MAX_VALUE)) {
            return Objects.requireNonNull(rewriter.finish()).buffer();
        }
    }
}
