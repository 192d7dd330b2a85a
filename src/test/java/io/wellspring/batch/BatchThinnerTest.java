package io.wellspring.batch;

import static org.assertj.core.api.Assertions.assertThat;

import io.wellspring.batch.compression.DecompressionBounds;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MemoryRecordsBuilder;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.utils.internals.BufferSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Beside Kafka's own filter: what it makes of a batch, field by field and record by record, is what comes out here. */
class BatchThinnerTest {
    private static final long NOW_MS = 5_000_000L;
    private static final long RETENTION_MS = 1000L;
    private static final Compression[] CODECS = {
        Compression.NONE,
        Compression.gzip().build(),
        Compression.snappy().build(),
        Compression.lz4().build(),
        Compression.zstd().build()
    };

    private static MemoryRecords batch(RandomGenerator random) {
        boolean isIdempotent = random.nextBoolean();
        ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
        MemoryRecordsBuilder builder = MemoryRecords.builder(
                buffer,
                RecordBatch.CURRENT_MAGIC_VALUE,
                CODECS[random.nextInt(CODECS.length)],
                random.nextInt(3) == 0 ? TimestampType.LOG_APPEND_TIME : TimestampType.CREATE_TIME,
                1000L,
                NOW_MS - 77,
                isIdempotent ? 42L : RecordBatch.NO_PRODUCER_ID,
                isIdempotent ? (short) 3 : RecordBatch.NO_PRODUCER_EPOCH,
                isIdempotent ? Integer.MAX_VALUE - 2 : RecordBatch.NO_SEQUENCE,
                isIdempotent && random.nextBoolean(),
                9);
        int count = random.nextInt(1, 8);
        for (int i = 0; i < count; i++) {
            byte @Nullable [] value = random.nextInt(3) == 0
                    ? null
                    : ("value " + i + "x".repeat(random.nextInt(200))).getBytes(StandardCharsets.UTF_8);
            Header[] headers = random.nextBoolean()
                    ? new Header[0]
                    : new Header[] {
                        new RecordHeader("h" + i, new byte[] {1, 2}), new RecordHeader("null", (byte[]) null)
                    };
            builder.append(new SimpleRecord(NOW_MS - random.nextInt(100_000), new byte[] {(byte) i}, value, headers));
        }
        return builder.build();
    }

    /** What Kafka's compaction keeps of it. */
    private static @Nullable RecordBatch kafkas(MemoryRecords records, int keptMask, boolean keepsEmpty) {
        ByteBuffer output = ByteBuffer.allocate(1 << 16);
        MemoryRecords.FilterResult result = records.filterTo(
                new MemoryRecords.RecordFilter(NOW_MS, RETENTION_MS) {
                    @Override
                    protected BatchRetentionResult checkBatchRetention(RecordBatch batch) {
                        return new BatchRetentionResult(
                                keepsEmpty ? BatchRetention.RETAIN_EMPTY : BatchRetention.DELETE_EMPTY, false);
                    }

                    @Override
                    protected boolean shouldRetainRecord(RecordBatch batch, Record record) {
                        return isKept(keptMask, record.offset());
                    }
                },
                output,
                BufferSupplier.NO_CACHING,
                1 << 16);
        ByteBuffer written = result.outputBuffer().flip();
        return written.hasRemaining()
                ? MemoryRecords.readableRecords(written).batches().iterator().next()
                : null;
    }

    private static boolean isKept(int mask, long offset) {
        return (mask & (1 << (offset - 1000))) != 0;
    }

    private static List<String> told(RecordBatch batch) {
        batch.ensureValid();
        List<String> told = new ArrayList<>();
        told.add("offsets " + batch.baseOffset() + " " + batch.lastOffset() + " epoch " + batch.partitionLeaderEpoch());
        told.add("producer " + batch.producerId() + " " + batch.producerEpoch() + " " + batch.baseSequence() + " "
                + batch.lastSequence() + " " + batch.isTransactional());
        told.add("codec " + batch.compressionType() + " " + batch.timestampType() + " " + batch.maxTimestamp() + " "
                + batch.deleteHorizonMs());
        for (Record record : batch) {
            record.ensureValid();
            told.add(record.offset() + " " + record.sequence() + " " + record.timestamp() + " "
                    + record.key().get(0) + " " + (record.hasValue() ? text(record.value()) : "null") + " "
                    + List.of(record.headers()));
        }
        return told;
    }

    private static String text(ByteBuffer bytes) {
        return StandardCharsets.UTF_8.decode(bytes).toString();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void whatStaysOfABatchIsWhatKafkaKeeps(long seed) throws UnreadableRecordsException {
        RandomGenerator random = RandomGeneratorFactory.getDefault().create(seed);
        BatchThinner thinner = new BatchThinner(DecompressionBounds.DEFAULT);
        for (int round = 0; round < 200; round++) {
            MemoryRecords records = batch(random);
            int mask = random.nextInt(1 << random.nextInt(1, 9));
            boolean keepsEmpty = random.nextBoolean();
            String where = "seed " + seed + ", round " + round;

            var thinned = thinner.thin(
                    io.wellspring.batch.RecordBatch.at(records.buffer(), 0),
                    new BatchThinner.Task(
                            record -> isKept(mask, record.offset()), NOW_MS + RETENTION_MS, false, keepsEmpty));

            RecordBatch expected = kafkas(records, mask, keepsEmpty);
            if (expected == null) {
                assertThat(thinned).as(where).isNull();
            } else {
                var kept = Objects.requireNonNull(thinned, where);
                RecordBatch found = MemoryRecords.readableRecords(kept.bytes())
                        .batches()
                        .iterator()
                        .next();
                assertThat(told(found)).as(where).isEqualTo(told(expected));
                again(thinner, kept, where);
            }
        }
    }

    /** Compacted once more, with nothing to take out, it is the same batch. */
    private static void again(BatchThinner thinner, io.wellspring.batch.RecordBatch batch, String where)
            throws UnreadableRecordsException {
        var same = thinner.thin(batch, new BatchThinner.Task(record -> true, NOW_MS + 7, false, true));
        assertThat(same).as(where).isSameAs(batch);
    }

    @Test
    void batchThatLosesNothingIsTheSameObject() throws UnreadableRecordsException {
        MemoryRecords records = MemoryRecords.withRecords(
                Compression.zstd().build(), new SimpleRecord(NOW_MS, new byte[] {1}, new byte[] {2}));
        var batch = io.wellspring.batch.RecordBatch.at(records.buffer(), 0);

        assertThat(new BatchThinner(DecompressionBounds.DEFAULT)
                        .thin(batch, new BatchThinner.Task(record -> true, NOW_MS, false, false)))
                .isSameAs(batch);
    }
}
