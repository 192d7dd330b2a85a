package io.wellspring.log;

import io.wellspring.batch.RecordBatch;
import io.wellspring.model.NodeId;
import io.wellspring.model.TopicId;
import io.wellspring.model.TopicPartition;
import io.wellspring.testing.ManualTimers;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.springframework.util.unit.DataSize;

/** A log store over directories of a test, on a disk of the test's choice; batches are made by Kafka's own classes. */
final class StoreFixture implements AutoCloseable {
    static final TopicId TOPIC = new TopicId(4711L, 42L);
    static final TopicPartition ORDERS = new TopicPartition("orders", 0);
    static final LogSettings SMALL = settings(2000);

    final ManualTimers timers = new ManualTimers();
    final OpenStore store;

    StoreFixture(LogFiles files, Path... directories) {
        this(LogThreads.OWN, files, directories);
    }

    StoreFixture(LogThreads threads, LogFiles files, Path... directories) {
        this.store = new OpenStore(
                properties(),
                CleanerProperties.DEFAULTS,
                environment(files, timers),
                new DirectoryOpening(files, new NodeId(1), List.of(directories)).open(),
                threads);
        store.begin();
    }

    static LogEnvironment environment(LogFiles files, ManualTimers timers) {
        return new LogEnvironment(files, () -> Instant.ofEpochMilli(1_000_000L), timers, timers, LogMetrics.NONE);
    }

    static LogProperties properties(Path... directories) {
        List<String> names = directories.length == 0
                ? List.of("unused")
                : Stream.of(directories).map(Path::toString).toList();
        return new LogProperties(
                names,
                FlushPolicy.ALWAYS,
                Duration.ofSeconds(1),
                100,
                Duration.ofMinutes(5),
                Duration.ofSeconds(5),
                2,
                DataSize.ofBytes(2),
                DataSize.ofBytes(1),
                Duration.ofSeconds(3),
                DataSize.ofBytes(0),
                Duration.ofDays(7),
                Duration.ofMinutes(1));
    }

    static LogSettings settings(int segmentBytes) {
        LogSettings defaults = LogSettings.DEFAULTS;
        return new LogSettings(
                segmentBytes,
                defaults.segmentMs(),
                0L,
                4096,
                200,
                -1L,
                -1L,
                0L,
                defaults.flushMessages(),
                defaults.flushMs(),
                true,
                false,
                false);
    }

    PartitionLog create(TopicPartition partition) throws IOException {
        return create(partition, new NoState());
    }

    PartitionLog create(TopicPartition partition, DerivedState state) throws IOException {
        return store.create(partition, TOPIC, SMALL, state);
    }

    PartitionLog open(TopicPartition partition) throws IOException {
        return open(partition, new NoState());
    }

    PartitionLog open(TopicPartition partition, DerivedState state) throws IOException {
        return store.open(partition, TOPIC, SMALL, state);
    }

    /** Appends one batch of this many records at the end; what is in them tells their offset. */
    static void append(PartitionLog log, int records) throws IOException {
        log.append(List.of(batch(log.endOffset(), records)));
    }

    static RecordBatch batch(long baseOffset, int count) {
        return batch(baseOffset, count, "which is long enough to be torn");
    }

    static RecordBatch batch(long baseOffset, int count, String words) {
        SimpleRecord[] records = new SimpleRecord[count];
        for (int i = 0; i < count; i++) {
            byte[] value = ("record " + (baseOffset + i) + " of the test, " + words).getBytes(StandardCharsets.UTF_8);
            records[i] = new SimpleRecord(900_000L + baseOffset + i, new byte[] {(byte) i}, value);
        }
        MemoryRecords built = MemoryRecords.withRecords(
                RecordBatch.MAGIC,
                baseOffset,
                Compression.NONE,
                TimestampType.CREATE_TIME,
                RecordBatch.NO_PRODUCER_ID,
                RecordBatch.NO_PRODUCER_EPOCH,
                RecordBatch.NO_SEQUENCE,
                0,
                false,
                records);
        return RecordBatch.at(built.buffer(), 0);
    }

    void writeMarks() throws IOException {
        for (LogDirectory directory : store.directories()) {
            for (PartitionLog log : directory.logs()) {
                if (log.isCheckpointDue()) {
                    log.checkpoint();
                }
            }
            directory.writeMarks();
        }
    }

    /** Ends as a killed process does: nothing more is written, the operating system gives the locks back. */
    void kill() {
        store.stopThreads();
        for (LogDirectory directory : store.directories()) {
            directory.logs().forEach(PartitionLog::discard);
            directory.close();
        }
    }

    /** Stops cleanly. */
    @Override
    public void close() throws IOException {
        store.close();
    }

    /** Base offsets and checksums of all batches by reading every segment from its first byte on: knows nothing of indexes. */
    static List<String> batchesOf(Path partitionDirectory) throws IOException {
        List<String> batches = new ArrayList<>();
        try (Stream<Path> files = Files.list(partitionDirectory)) {
            for (Path file : files.filter(path -> path.toString().endsWith(".log"))
                    .sorted()
                    .toList()) {
                ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file));
                int position = 0;
                while (position + 61 <= bytes.limit()
                        && bytes.getInt(position + 8) >= 49
                        && bytes.getInt(position + 8) <= bytes.limit() - position - 12) {
                    int size = bytes.getInt(position + 8) + 12;
                    CRC32C crc = new CRC32C();
                    crc.update(bytes.slice(position + 21, size - 21));
                    batches.add(bytes.getLong(position) + "+" + bytes.getInt(position + 23) + " "
                            + (crc.getValue() == Integer.toUnsignedLong(bytes.getInt(position + 17))));
                    position += size;
                }
                if (position != bytes.limit()) {
                    batches.add("torn at " + position + " of " + file.getFileName());
                }
            }
        }
        return batches;
    }

    /** Names, sizes and checksums of everything in a directory. */
    static Map<String, String> fingerprint(Path directory) throws IOException {
        Map<String, String> found = new TreeMap<>();
        if (!Files.exists(directory)) {
            return found;
        }
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.toList()) {
                CRC32C crc = new CRC32C();
                if (Files.isRegularFile(file)) {
                    crc.update(Files.readAllBytes(file));
                }
                found.put(directory.relativize(file).toString(), Files.isDirectory(file) + " " + crc.getValue());
            }
        }
        return found;
    }

    static void copy(Path source, Path target) throws IOException {
        try (Stream<Path> files = Files.walk(source)) {
            for (Path file : files.toList()) {
                Path copy = target.resolve(source.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(copy);
                } else {
                    Files.copy(file, copy);
                }
            }
        }
    }

    /** Derives nothing. */
    static final class NoState implements DerivedState {
        @Override
        public void restore(long offset, List<ProducerSnapshot.Entry> entries) {}

        @Override
        public void replay(RecordBatch batch) {}

        @Override
        public List<ProducerSnapshot.Entry> snapshot() {
            return List.of();
        }
    }
}
