package io.wellspring.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wellspring.batch.KafkaBatches.Entry;
import io.wellspring.batch.compression.Compression;
import io.wellspring.model.CompressionType;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.ControlRecordType;
import org.apache.kafka.common.record.internal.EndTransactionMarker;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.Record;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class BatchBuilderTest {
    static List<Compression> everyLevel() {
        List<Compression> levels = new ArrayList<>();
        levels.add(Compression.NONE);
        levels.add(Compression.of(CompressionType.SNAPPY));
        levels.add(Compression.of(CompressionType.GZIP));
        for (int level = 1; level <= 9; level++) {
            levels.add(new Compression(CompressionType.GZIP, level));
        }
        for (int level = 1; level <= 17; level++) {
            levels.add(new Compression(CompressionType.LZ4, level));
        }
        for (int level : new int[] {-131_072, -100, -5, -1, 0, 1, 3, 9, 15, 19, 22}) {
            levels.add(new Compression(CompressionType.ZSTD, level));
        }
        return levels;
    }

    @Test
    void uncompressedBytesAreTheOnesKafkaWrites() {
        for (long seed = 1; seed <= 200; seed++) {
            List<Entry> entries = KafkaBatches.mixed(seed, (int) (seed % 40) + 1, 3_000);
            assertThat(KafkaBatches.ours(Compression.NONE, entries).build())
                    .as("seed %d", seed)
                    .isEqualTo(KafkaBatches.write(Compression.NONE, entries));
        }
    }

    @Test
    void producerAndTransactionBytesAreTheOnesKafkaWrites() {
        List<Entry> entries = KafkaBatches.mixed(7, 5, 100);
        ByteBuffer kafkas = KafkaBatches.write(Compression.NONE, entries, 4711L, (short) 3, 99, true);
        BatchBuilder ours = KafkaBatches.ours(Compression.NONE, entries)
                .producer(4711L, (short) 3, 99)
                .transactional();
        assertThat(ours.build()).isEqualTo(kafkas);
    }

    @Test
    void transactionMarkerBytesAreTheOnesKafkaWrites() {
        MemoryRecords kafkas = MemoryRecords.withEndTransactionMarker(
                17L, 1_700_000_000_000L, 5, 4711L, (short) 3, new EndTransactionMarker(ControlRecordType.COMMIT, 42));
        BatchBuilder ours = new BatchBuilder()
                .baseOffset(17)
                .leaderEpoch(5)
                .producer(4711L, (short) 3, RecordBatch.NO_SEQUENCE)
                .appendEndOfTransaction(1_700_000_000_000L, true, 42);
        assertThat(ours.build()).isEqualTo(kafkas.buffer());
    }

    /** The layout, byte for byte, so that a change of both sides at once is seen. */
    @Test
    void goldenBytes() {
        ByteBuffer batch = new BatchBuilder()
                .baseOffset(1)
                .leaderEpoch(2)
                .producer(3, (short) 4, 5)
                .append(6, "k".getBytes(java.nio.charset.StandardCharsets.UTF_8), new byte[] {7})
                .append(8, (byte[]) null, null)
                .build();
        byte[] bytes = new byte[batch.remaining()];
        batch.get(bytes);
        assertThat(HexFormat.of().formatHex(bytes))
                .isEqualTo("0000000000000001" + "00000041" + "00000002" + "02" + "62056cca" + "0000" + "00000001"
                        + "0000000000000006" + "0000000000000008" + "0000000000000003" + "0004" + "00000005"
                        + "00000002" + "10000000026b020700" + "0c000402010100");
    }

    @ParameterizedTest
    @MethodSource("everyLevel")
    void kafkaReadsWhatWeCompressAndWeReadWhatKafkaCompresses(Compression compression) throws Exception {
        List<Entry> entries = KafkaBatches.mixed(compression.level() + 1_000_000L, 60, 60_000);
        ByteBuffer ours = KafkaBatches.ours(compression, entries).build();
        ByteBuffer kafkas = KafkaBatches.write(compression, entries);

        MutableRecordBatch read = MemoryRecords.readableRecords(ours.duplicate())
                .batches()
                .iterator()
                .next();
        read.ensureValid();
        List<Record> byKafka = new ArrayList<>();
        read.iterator().forEachRemaining(byKafka::add);
        RecordCursorTest.assertSame(byKafka, entries);
        RecordCursorTest.assertSameRecords(kafkas, entries);
        RecordCursorTest.assertSameRecords(ours, entries);
    }

    @Test
    void brokersTimeStandsInTheHeader() {
        ByteBuffer built = new BatchBuilder()
                .logAppendTime(500)
                .append(7, new byte[1], new byte[1])
                .build();
        MutableRecordBatch read =
                MemoryRecords.readableRecords(built).batches().iterator().next();
        read.ensureValid();
        assertThat(read.timestampType()).isEqualTo(TimestampType.LOG_APPEND_TIME);
        assertThat(read.iterator().next().timestamp()).isEqualTo(500);
    }

    @Test
    void compactedBatchKeepsItsOffsetsAndHorizon() {
        ByteBuffer built = new BatchBuilder()
                .baseOffset(100)
                .deleteHorizon(9_000)
                .appendAt(103, 50, null, ByteBuffer.wrap(new byte[1]), List.of())
                .lastOffset(110)
                .build();
        MutableRecordBatch read =
                MemoryRecords.readableRecords(built).batches().iterator().next();
        read.ensureValid();
        assertThat(read.baseOffset()).isEqualTo(100);
        assertThat(read.lastOffset()).isEqualTo(110);
        assertThat(read.deleteHorizonMs()).hasValue(9_000);
        Record record = read.iterator().next();
        assertThat(record.offset()).isEqualTo(103);
        assertThat(record.timestamp()).isEqualTo(50);
    }

    @Test
    void emptyBatchThatCoversOffsetsIsReadByKafka() {
        ByteBuffer built = new BatchBuilder()
                .baseOffset(5)
                .producer(1, (short) 0, 3)
                .lastOffset(9)
                .build();
        MutableRecordBatch read =
                MemoryRecords.readableRecords(built).batches().iterator().next();
        read.ensureValid();
        assertThat(read.lastSequence()).isEqualTo(7);
        assertThat(read.iterator()).isExhausted();
    }

    @Test
    void batchWithoutRecordsIsNotBuilt() {
        assertThatThrownBy(() -> new BatchBuilder().build()).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void offsetsMustGrow() {
        BatchBuilder builder = new BatchBuilder().append(0, new byte[1], new byte[1]);
        assertThatThrownBy(() -> builder.appendAt(0, 0, null, null, List.of()))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
