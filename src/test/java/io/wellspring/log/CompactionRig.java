package io.wellspring.log;

import io.wellspring.batch.RecordBatch;
import io.wellspring.model.NodeId;
import io.wellspring.model.TopicPartition;
import io.wellspring.testing.ManualTimers;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.jspecify.annotations.Nullable;
import org.springframework.util.unit.DataSize;

/** A log store with one compacted log, on a disk of the test's choice; batches are made and read by Kafka's own classes. */
final class CompactionRig implements AutoCloseable {
    static final TopicPartition PARTITION = new TopicPartition("prices", 0);
    static final int SEGMENT_BYTES = 1500;

    final ManualTimers timers = new ManualTimers();
    final OpenStore store;
    final List<String> counted = new ArrayList<>();
    CompactionSettings compaction = new CompactionSettings(0.0, 0L, Long.MAX_VALUE, 1000L);
    List<ProducerSnapshot.Entry> producers = List.of();
    long nowMs = 1_000_000L;

    /** Null: the end of the log. */
    @Nullable
    Long stableOffset;

    CompactionRig(LogFiles files, Path directory) {
        this(files, directory, properties(1));
    }

    CompactionRig(LogFiles files, Path directory, CleanerProperties cleaner) {
        LogEnvironment environment =
                new LogEnvironment(files, () -> Instant.ofEpochMilli(nowMs), timers, timers, metrics());
        this.store = new OpenStore(
                StoreFixture.properties(),
                cleaner,
                environment,
                new DirectoryOpening(files, new NodeId(1), List.of(directory)).open(),
                LogThreads.OWN);
        store.begin();
    }

    /** As fast as the disk goes. */
    static CleanerProperties properties(int memoryMegabytes) {
        return new CleanerProperties(
                true, 1, DataSize.ofMegabytes(memoryMegabytes), DataSize.ofBytes(0), Duration.ofSeconds(15));
    }

    private LogMetrics metrics() {
        return new LogMetrics() {
            @Override
            public void compacted(long bytesRead, long bytesWritten, long nanos) {
                counted.add("compacted");
            }

            @Override
            public void compactionFailed() {
                counted.add("failed");
            }
        };
    }

    static LogSettings settings(boolean deletes, long retentionMs) {
        LogSettings small = StoreFixture.SMALL;
        return new LogSettings(
                SEGMENT_BYTES,
                small.segmentMs(),
                0L,
                small.indexBytes(),
                small.indexIntervalBytes(),
                -1L,
                retentionMs,
                0L,
                small.flushMessages(),
                small.flushMs(),
                deletes,
                true,
                false);
    }

    PartitionLog create() throws IOException {
        return store.create(PARTITION, StoreFixture.TOPIC, settings(false, -1L), new StoreFixture.NoState());
    }

    PartitionLog open() throws IOException {
        return store.open(PARTITION, StoreFixture.TOPIC, settings(false, -1L), new StoreFixture.NoState());
    }

    /** Compacts once if it is due. */
    boolean pass(PartitionLog log) {
        return pass(log, () -> producers);
    }

    boolean pass(PartitionLog log, Supplier<List<ProducerSnapshot.Entry>> remembered) {
        long stable = stableOffset == null ? log.endOffset() : stableOffset;
        return store.cleaner().pass(new CompactionSource() {
            @Override
            public List<Candidate> candidates() {
                return List.of(new Candidate(log, compaction, stable));
            }

            @Override
            public List<ProducerSnapshot.Entry> producers(PartitionLog asked) {
                return remembered.get();
            }
        });
    }

    long cleanedTo() {
        return store.directories().getFirst().cleaned().cleanedTo(PARTITION);
    }

    /** One record as a consumer sees it. */
    record Seen(
            long offset,
            long timestampMs,
            @Nullable String key,
            @Nullable String value) {}

    static SimpleRecord simple(long timestampMs, @Nullable String key, @Nullable String value) {
        return new SimpleRecord(timestampMs, bytes(key), bytes(value));
    }

    private static byte @Nullable [] bytes(@Nullable String text) {
        return text == null ? null : text.getBytes(StandardCharsets.UTF_8);
    }

    static RecordBatch batch(long baseOffset, Compression compression, SimpleRecord... records) {
        MemoryRecords built = MemoryRecords.withRecords(
                RecordBatch.MAGIC,
                baseOffset,
                compression,
                TimestampType.CREATE_TIME,
                RecordBatch.NO_PRODUCER_ID,
                RecordBatch.NO_PRODUCER_EPOCH,
                RecordBatch.NO_SEQUENCE,
                0,
                false,
                records);
        return RecordBatch.at(built.buffer(), 0);
    }

    /** Appends one batch; what it is given is one of Kafka's. */
    static void append(PartitionLog log, MemoryRecords records) throws IOException {
        log.append(List.of(RecordBatch.at(records.buffer(), 0)));
    }

    void put(PartitionLog log, String key, @Nullable String value) throws IOException {
        log.append(List.of(batch(log.endOffset(), Compression.NONE, simple(nowMs, key, value))));
    }

    /** Everything from offset 0 on, as a consumer fetches it. */
    static List<Seen> readAll(PartitionLog log) throws IOException {
        List<Seen> seen = new ArrayList<>();
        for (org.apache.kafka.common.record.internal.RecordBatch batch : batches(log)) {
            batch.ensureValid();
            if (!batch.isControlBatch()) {
                for (Record record : batch) {
                    record.ensureValid();
                    seen.add(new Seen(record.offset(), record.timestamp(), text(record.key()), text(record.value())));
                }
            }
        }
        return seen;
    }

    /** The batches from the log's start on, by fetches of any size. */
    static List<org.apache.kafka.common.record.internal.RecordBatch> batches(PartitionLog log) throws IOException {
        List<org.apache.kafka.common.record.internal.RecordBatch> batches = new ArrayList<>();
        long offset = log.startOffset();
        int maxBytes = 100;
        while (offset < log.endOffset()) {
            LogRead read = log.read(offset, log.endOffset(), maxBytes, true);
            maxBytes = maxBytes % 1700 + 300;
            if (read.slice() == null) {
                break;
            }
            ByteBuffer bytes = ByteBuffer.allocate(read.slice().sizeBytes());
            read.slice().read(bytes, 0);
            read.slice().release();
            for (var batch : MemoryRecords.readableRecords(bytes.flip()).batches()) {
                if (batch.lastOffset() < offset) {
                    throw new AssertionError("asked for " + offset + ", got " + batch);
                }
                batches.add(batch);
                offset = batch.nextOffset();
            }
        }
        return batches;
    }

    private static @Nullable String text(@Nullable ByteBuffer bytes) {
        return bytes == null ? null : StandardCharsets.UTF_8.decode(bytes).toString();
    }

    /** Ends as a killed process does. */
    void kill() {
        store.stopThreads();
        for (LogDirectory directory : store.directories()) {
            directory.logs().forEach(PartitionLog::discard);
            directory.close();
        }
    }

    /** Records of other keys, until the segments before are sealed. */
    void fill(PartitionLog log) throws IOException {
        int before = log.segmentCount();
        for (int i = 0; log.segmentCount() < before + 2; i++) {
            put(log, "filler" + i, "a value that makes the segment full sooner or later");
        }
    }

    /** A pass an hour later, when what rested is due again. */
    boolean passLater(PartitionLog log) {
        timers.advance(Duration.ofHours(1));
        return pass(log);
    }

    static List<String> valuesOf(PartitionLog log, String key) throws IOException {
        return readAll(log).stream()
                .filter(record -> key.equals(record.key()))
                .map(record -> String.valueOf(record.value()))
                .toList();
    }

    @Override
    public void close() throws IOException {
        store.close();
    }
}
