package io.wellspring.batch;

import io.wellspring.batch.compression.Compression;
import io.wellspring.model.CompressionType;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MemoryRecordsBuilder;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.jspecify.annotations.Nullable;

/** Batches as Kafka's own classes write them, and records to put in. */
final class KafkaBatches {
    private KafkaBatches() {}

    /** What goes into a batch. */
    record Entry(
            long timestampMs,
            @Nullable ByteBuffer key,
            @Nullable ByteBuffer value,
            List<RecordHeader> headers) {
        static Entry of(long timestampMs, @Nullable String key, @Nullable String value) {
            return new Entry(timestampMs, utf8(key), utf8(value), List.of());
        }

        private static @Nullable ByteBuffer utf8(@Nullable String text) {
            return text == null ? null : ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
        }
    }

    static org.apache.kafka.common.compress.Compression kafkas(Compression ours) {
        return switch (ours.type()) {
            case NONE -> org.apache.kafka.common.compress.Compression.NONE;
            case GZIP ->
                org.apache.kafka.common.compress.Compression.gzip()
                        .level(ours.level())
                        .build();
            case SNAPPY -> org.apache.kafka.common.compress.Compression.snappy().build();
            case LZ4 ->
                org.apache.kafka.common.compress.Compression.lz4()
                        .level(ours.level())
                        .build();
            case ZSTD ->
                org.apache.kafka.common.compress.Compression.zstd()
                        .level(ours.level())
                        .build();
        };
    }

    /** One batch, base offset 0, no producer. */
    static ByteBuffer write(Compression compression, List<Entry> entries) {
        return write(compression, entries, -1L, (short) -1, -1, false);
    }

    static ByteBuffer write(
            Compression compression, List<Entry> entries, long producerId, short epoch, int sequence, boolean inTx) {
        MemoryRecordsBuilder builder = MemoryRecords.builder(
                ByteBuffer.allocate(512),
                RecordBatch.MAGIC_VALUE_V2,
                kafkas(compression),
                TimestampType.CREATE_TIME,
                0L,
                -1L,
                producerId,
                epoch,
                sequence,
                inTx,
                RecordBatch.NO_PARTITION_LEADER_EPOCH);
        entries.forEach(entry -> builder.append(record(entry)));
        ByteBuffer written = builder.build().buffer();
        return ByteBuffer.allocate(written.remaining()).put(written).flip();
    }

    private static SimpleRecord record(Entry entry) {
        List<Header> headers = new ArrayList<>();
        for (RecordHeader header : entry.headers()) {
            ByteBuffer value = header.value();
            byte[] bytes = value == null ? null : new byte[value.remaining()];
            if (value != null && bytes != null) {
                value.get(value.position(), bytes);
            }
            headers.add(new org.apache.kafka.common.header.internals.RecordHeader(header.key(), bytes));
        }
        return new SimpleRecord(
                entry.timestampMs(), copy(entry.key()), copy(entry.value()), new RecordHeaders(headers).toArray());
    }

    private static @Nullable ByteBuffer copy(@Nullable ByteBuffer bytes) {
        return bytes == null ? null : bytes.duplicate();
    }

    /** Our builder with the same records. */
    static BatchBuilder ours(Compression compression, List<Entry> entries) {
        BatchBuilder builder = new BatchBuilder().compression(compression);
        for (Entry entry : entries) {
            builder.append(entry.timestampMs(), entry.key(), entry.value(), entry.headers());
        }
        return builder;
    }

    /** Records of all kinds: null and empty keys and values, headers, 1 byte to {@code maxValueBytes}. */
    static List<Entry> mixed(long seed, int count, int maxValueBytes) {
        Random random = new Random(seed);
        List<Entry> entries = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            ByteBuffer key = random.nextInt(4) == 0 ? null : bytes(random, random.nextInt(20));
            ByteBuffer value = random.nextInt(5) == 0 ? null : bytes(random, size(random, maxValueBytes));
            List<RecordHeader> headers = new ArrayList<>();
            for (int h = random.nextInt(3); h > 0; h--) {
                headers.add(new RecordHeader(
                        "kopf-ä-" + h, random.nextInt(3) == 0 ? null : bytes(random, random.nextInt(40))));
            }
            entries.add(new Entry(1_700_000_000_000L + random.nextInt(100_000) - 50_000, key, value, headers));
        }
        return entries;
    }

    private static int size(Random random, int max) {
        return (int) Math.min(max, Math.exp(random.nextDouble() * Math.log(max + 1.0)));
    }

    /** Half repeated, half not: neither trivial nor hopeless to compress. */
    private static ByteBuffer bytes(Random random, int size) {
        byte[] bytes = new byte[size];
        random.nextBytes(bytes);
        for (int i = 0; i < size; i++) {
            if ((i / 16) % 2 == 0) {
                bytes[i] = (byte) ('a' + i % 7);
            }
        }
        return ByteBuffer.wrap(bytes);
    }

    static final List<Compression> DEFAULT_LEVELS =
            Arrays.stream(CompressionType.values()).map(Compression::of).toList();
}
