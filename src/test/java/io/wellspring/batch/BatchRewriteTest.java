package io.wellspring.batch;

import static org.assertj.core.api.Assertions.assertThat;

import io.wellspring.batch.KafkaBatches.Entry;
import io.wellspring.batch.ValidationOutcome.Reason;
import io.wellspring.batch.ValidationOutcome.Valid;
import io.wellspring.batch.compression.Compression;
import io.wellspring.model.CompressionType;
import io.wellspring.model.TimestampType;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.Record;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Topics whose {@code compression.type} is not the producer's. */
final class BatchRewriteTest {
    static List<Arguments> everyPair() {
        List<Arguments> pairs = new ArrayList<>();
        for (Compression source : KafkaBatches.DEFAULT_LEVELS) {
            for (Compression target : KafkaBatches.DEFAULT_LEVELS) {
                pairs.add(Arguments.of(source, target));
            }
        }
        return pairs;
    }

    @ParameterizedTest
    @MethodSource("everyPair")
    void batchIsStoredInTheTopicsCodecAndReadByKafka(Compression source, Compression target) throws Exception {
        List<Entry> entries = KafkaBatches.mixed(5, 200, 5_000);
        ByteBuffer batch = KafkaBatches.write(source, entries, 12L, (short) 2, 77, true);
        byte[] before = BatchValidatorTest.copy(batch);
        Valid valid = BatchValidatorTest.valid(
                batch.asReadOnlyBuffer(), BatchValidatorTest.rules(RecordOrigin.CLIENT, target, 1 << 22));

        assertThat(valid.rewritten()).isEqualTo(source.type() != target.type());
        assertThat(BatchValidatorTest.copy(batch)).isEqualTo(before);
        RecordBatch stored = valid.batches().getFirst();
        assertThat(stored.compression()).isEqualTo(target.type());
        assertThat(stored.bytes()).isEqualTo(valid.bytes());
        assertThat(stored.producerId()).isEqualTo(12);
        assertThat(stored.producerEpoch()).isEqualTo((short) 2);
        assertThat(stored.baseSequence()).isEqualTo(77);
        assertThat(stored.isTransactional()).isTrue();
        RecordCursorTest.assertSameRecords(valid.bytes(), entries);
        List<Record> byKafka = new ArrayList<>();
        MemoryRecords.readableRecords(valid.bytes()).records().forEach(byKafka::add);
        RecordCursorTest.assertSame(byKafka, entries);
    }

    @Test
    void anotherLevelOfTheSameCodecIsNoReason() {
        ByteBuffer batch = KafkaBatches.write(Compression.of(CompressionType.ZSTD), KafkaBatches.mixed(5, 9, 500));
        Compression target = new Compression(CompressionType.ZSTD, 19);
        assertThat(BatchValidatorTest.valid(batch, BatchValidatorTest.rules(RecordOrigin.CLIENT, target, 1 << 20))
                        .rewritten())
                .isFalse();
    }

    @Test
    void rewrittenBatchAtTheSizeLimitPassesAndOneByteMoreDoesNot() {
        ByteBuffer batch = KafkaBatches.write(
                Compression.of(CompressionType.ZSTD),
                List.of(new Entry(BatchValidatorTest.NOW_MS, null, ByteBuffer.allocate(5_000), List.of())));
        int size = RecordBatch.HEADER_SIZE_BYTES + 2 + 5_000 + 7;
        Valid valid =
                BatchValidatorTest.valid(batch, BatchValidatorTest.rules(RecordOrigin.CLIENT, Compression.NONE, size));
        assertThat(valid.bytes().remaining()).isEqualTo(size);
        BatchValidatorTest.assertInvalid(
                batch,
                BatchValidatorTest.rules(RecordOrigin.CLIENT, Compression.NONE, size - 1),
                Reason.RECORD_TOO_LARGE);
    }

    @Test
    void brokersTimeIsStampedIntoTheRewrittenBatch() {
        List<Entry> entries = List.of(Entry.of(5, "k", "v"));
        ByteBuffer batch = KafkaBatches.write(Compression.NONE, entries);
        ValidationRules rules = new ValidationRules(
                RecordOrigin.CLIENT,
                1 << 20,
                TimestampType.LOG_APPEND_TIME,
                0,
                0,
                Compression.of(CompressionType.LZ4),
                false,
                1 << 20);
        Valid valid = BatchValidatorTest.valid(batch, rules, 1_000);
        assertThat(valid.maxTimestampMs()).isEqualTo(1_000);
        RecordBatch stored = valid.batches().getFirst();
        assertThat(stored.isCrcValid()).isTrue();
        assertThat(stored.timestampType()).isEqualTo(TimestampType.LOG_APPEND_TIME);
        assertThat(stored.maxTimestamp()).isEqualTo(1_000);
    }

    @Test
    void markersStayUncompressedBesideRewrittenBatches() {
        ByteBuffer marker = new BatchBuilder()
                .producer(7, (short) 1, -1)
                .appendEndOfTransaction(BatchValidatorTest.NOW_MS, true, 3)
                .build();
        ByteBuffer both = ByteBuffer.allocate(1_000)
                .put(marker.duplicate())
                .put(BatchValidatorTest.two())
                .flip();
        Valid valid = BatchValidatorTest.valid(
                both, BatchValidatorTest.rules(RecordOrigin.BROKER, Compression.of(CompressionType.GZIP), 1 << 20));
        assertThat(valid.rewritten()).isTrue();
        assertThat(valid.batches())
                .extracting(RecordBatch::compression)
                .containsExactly(CompressionType.NONE, CompressionType.GZIP);
        assertThat(valid.batches().getFirst().bytes()).isEqualTo(marker);
        assertThat(valid.batches().get(1).isCrcValid()).isTrue();
    }
}
