package io.wellspring.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wellspring.batch.KafkaBatches.Entry;
import io.wellspring.batch.compression.Compression;
import io.wellspring.batch.compression.DecompressionBounds;
import io.wellspring.model.CompressionType;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.record.internal.Record;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class RecordCursorTest {
    static void assertSameRecords(ByteBuffer batch, List<Entry> entries) throws UnreadableRecordsException {
        RecordBatch view = RecordBatch.at(batch, batch.position());
        assertThat(view.isCrcValid()).isTrue();
        List<BatchRecord> records = RecordCursor.records(view, DecompressionBounds.DEFAULT);
        assertThat(records).hasSameSizeAs(entries);
        for (int i = 0; i < entries.size(); i++) {
            Entry entry = entries.get(i);
            BatchRecord record = records.get(i);
            assertThat(record.offset()).isEqualTo(view.baseOffset() + i);
            assertThat(record.timestampMs()).isEqualTo(entry.timestampMs());
            assertThat(record.key()).isEqualTo(entry.key());
            assertThat(record.value()).isEqualTo(entry.value());
            assertThat(record.headers()).isEqualTo(entry.headers());
        }
    }

    static void assertSame(List<Record> records, List<Entry> entries) {
        assertThat(records).hasSameSizeAs(entries);
        for (int i = 0; i < entries.size(); i++) {
            Entry entry = entries.get(i);
            Record record = records.get(i);
            assertThat(record.offset()).isEqualTo(i);
            assertThat(record.timestamp()).isEqualTo(entry.timestampMs());
            assertThat(record.key()).isEqualTo(entry.key());
            assertThat(record.value()).isEqualTo(entry.value());
            List<RecordHeader> headers = new ArrayList<>();
            for (Header header : record.headers()) {
                headers.add(new RecordHeader(
                        header.key(), header.value() == null ? null : ByteBuffer.wrap(header.value())));
            }
            assertThat(headers).isEqualTo(entry.headers());
        }
    }

    @ParameterizedTest
    @EnumSource(CompressionType.class)
    void recordsOfOneByteToOneMebibyteAreRead(CompressionType type) throws Exception {
        List<Entry> entries = new ArrayList<>();
        for (int size = 1; size <= 1 << 20; size *= 4) {
            byte[] value = new byte[size];
            new Random(size).nextBytes(value);
            entries.add(new Entry(1_000 + size, ByteBuffer.allocate(1), ByteBuffer.wrap(value), List.of()));
        }
        assertSameRecords(KafkaBatches.write(Compression.of(type), entries), entries);
    }

    @ParameterizedTest
    @EnumSource(CompressionType.class)
    void anyKindOfBufferIsRead(CompressionType type) throws Exception {
        List<Entry> entries = KafkaBatches.mixed(11, 300, 2_000);
        ByteBuffer heap = KafkaBatches.write(Compression.of(type), entries);
        ByteBuffer direct = ByteBuffer.allocateDirect(heap.remaining() + 7).position(7);
        direct.put(heap.duplicate()).flip().position(7);
        ByteBuffer offset = ByteBuffer.allocate(heap.remaining() + 9).position(5);
        offset.put(heap.duplicate()).flip().position(5);
        assertSameRecords(heap, entries);
        assertSameRecords(heap.asReadOnlyBuffer(), entries);
        assertSameRecords(direct, entries);
        assertSameRecords(direct.asReadOnlyBuffer(), entries);
        assertSameRecords(offset.slice(), entries);
        assertSameRecords(offset, entries);
    }

    @ParameterizedTest
    @EnumSource(CompressionType.class)
    void accessorsGiveSizesSequencesAndOffsets(CompressionType type) throws Exception {
        ByteBuffer bytes = new BatchBuilder()
                .compression(Compression.of(type))
                .baseOffset(40)
                .producer(9, (short) 1, Integer.MAX_VALUE)
                .append(100, "key".getBytes(StandardCharsets.UTF_8), null)
                .append(107, null, ByteBuffer.wrap(new byte[5]), List.of(RecordHeader.of("a", "b")))
                .build();
        try (RecordCursor cursor = RecordCursor.over(RecordBatch.at(bytes, 0), DecompressionBounds.DEFAULT)) {
            assertThat(cursor.next()).isTrue();
            assertThat(cursor.offset()).isEqualTo(40);
            assertThat(cursor.sequence()).isEqualTo(Integer.MAX_VALUE);
            assertThat(cursor.hasKey()).isTrue();
            assertThat(cursor.keySizeBytes()).isEqualTo(3);
            assertThat(cursor.hasValue()).isFalse();
            assertThat(cursor.sizeBytes()).isEqualTo(10);
            assertThat(cursor.next()).isTrue();
            assertThat(cursor.offset()).isEqualTo(41);
            assertThat(cursor.sequence()).isZero();
            assertThat(cursor.timestampDelta()).isEqualTo(7);
            assertThat(cursor.key()).isNull();
            assertThat(cursor.valueSizeBytes()).isEqualTo(5);
            assertThat(cursor.headerCount()).isEqualTo(1);
            assertThat(cursor.headers()).containsExactly(RecordHeader.of("a", "b"));
            assertThat(cursor.next()).isFalse();
        }
    }

    @Test
    void numberOfSixBytesIsRefused() {
        assertThatThrownBy(() -> walk("ffffffffff7f")).isInstanceOf(UnreadableRecordsException.class);
    }

    @Test
    void numberOfMoreThanThirtyTwoBitsIsRefused() {
        assertThatThrownBy(() -> walk("ffffffff1f"))
                .isInstanceOf(UnreadableRecordsException.class)
                .hasMessageContaining("32 bits");
    }

    @Test
    void timestampOfMoreThanSixtyFourBitsIsRefused() {
        assertThatThrownBy(() -> walk("2600ffffffffffffffffff02" + "0001010000000000"))
                .isInstanceOf(UnreadableRecordsException.class)
                .hasMessageContaining("64 bits");
    }

    @Test
    void bytesAfterTheDeclaredRecordsAreRefused() {
        assertThatThrownBy(() -> walk("0c000000010100" + "00"))
                .isInstanceOf(UnreadableRecordsException.class)
                .hasMessageContaining("more than");
        assertThat(catchWalk("0c000000010100")).isNull();
    }

    @Test
    void recordThatIsNotAsLongAsItSaysIsRefused() {
        assertThatThrownBy(() -> walk("0e000000010100" + "00"))
                .isInstanceOf(UnreadableRecordsException.class)
                .hasMessageContaining("not as long");
    }

    private static @Nullable Throwable catchWalk(String hex) {
        return org.assertj.core.api.Assertions.catchThrowable(() -> walk(hex));
    }

    /** Walks a batch that declares one record and has these bytes. */
    private static void walk(String hex) throws UnreadableRecordsException {
        byte[] records = HexFormat.of().parseHex(hex);
        ByteBuffer batch = ByteBuffer.allocate(RecordBatch.HEADER_SIZE_BYTES + records.length);
        batch.putInt(RecordBatch.LENGTH_POSITION, batch.capacity() - RecordBatch.LENGTH_OVERHEAD_BYTES);
        batch.putInt(RecordBatch.RECORD_COUNT_POSITION, 1);
        batch.put(RecordBatch.HEADER_SIZE_BYTES, records);
        try (RecordCursor cursor = RecordCursor.over(RecordBatch.at(batch, 0), DecompressionBounds.DEFAULT)) {
            while (cursor.next()) {
                assertThat(cursor.offsetDelta()).isZero();
            }
        }
    }
}
