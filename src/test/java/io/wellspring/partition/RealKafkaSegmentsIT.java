package io.wellspring.partition;

import static org.assertj.core.api.Assertions.assertThat;

import io.wellspring.batch.FileSlice;
import io.wellspring.batch.RecordBatch;
import io.wellspring.log.DerivedState;
import io.wellspring.log.DiskLogFiles;
import io.wellspring.log.FlushPolicy;
import io.wellspring.log.LogEnvironment;
import io.wellspring.log.LogMetrics;
import io.wellspring.log.LogProperties;
import io.wellspring.log.LogSettings;
import io.wellspring.log.LogStore;
import io.wellspring.log.NodeProperties;
import io.wellspring.log.PartitionLog;
import io.wellspring.log.ProducerSnapshot;
import io.wellspring.log.TimestampAndOffset;
import io.wellspring.testing.Digests;
import io.wellspring.testing.KafkaPicture;
import io.wellspring.testing.LogDump;
import io.wellspring.testing.ManualTimers;
import io.wellspring.testing.RealKafka;
import io.wellspring.testing.RecordLine;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.Record;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.unit.DataSize;

/**
 * Directories of partitions that an Apache Kafka broker wrote are logs to us: the same records at the same offsets, the same answers about times, the
 * same epochs and producers, and nothing in the files is changed.
 */
final class RealKafkaSegmentsIT {
    private static final String IDENTITY =
            "version=1\ncluster.id=MNnrvQQ7Tc2CpSRZRcoV7w\nnode.id=1\ndirectory.id=Jx5W5uTwRmC4cUgP_J7sKA\nwellspring.format=1\n";

    @TempDir
    Path directory;

    private final ManualTimers timers = new ManualTimers();

    @Test
    void whatKafkaLeftAtACleanStopIsReadAndLeftAsItIs() throws Exception {
        KafkaPicture picture;
        try (RealKafka kafka = RealKafka.start(directory.resolve("kafka"), KafkaPicture.settings())) {
            picture = KafkaPicture.write(kafka, false);
            kafka.terminate();
        }
        Path copy = copyOf(picture.partitions());
        Map<String, String> before = fingerprint(copy);

        checkAgainst(picture, copy);

        // Snapshots are written anew, for the producers as we know them.
        Map<String, String> after = fingerprint(copy);
        before.keySet().removeIf(name -> name.endsWith(".snapshot"));
        assertThat(after).containsAllEntriesOf(before);
    }

    @Test
    void whatAKilledKafkaLeftIsReadWhole() throws Exception {
        KafkaPicture picture;
        try (RealKafka kafka = RealKafka.start(directory.resolve("kafka"), KafkaPicture.settings())) {
            picture = KafkaPicture.write(kafka, true);
            kafka.kill();
        }
        Path copy = copyOf(picture.partitions());
        Map<String, String> before = fingerprint(copy);
        before.keySet().removeIf(name -> !name.endsWith(".log"));

        checkAgainst(picture, copy);

        assertThat(fingerprint(copy)).containsAllEntriesOf(before);
    }

    private Path copyOf(Iterable<TopicPartition> partitions) throws IOException {
        Path copy = Files.createDirectory(directory.resolve("copy"));
        Files.writeString(copy.resolve("meta.properties"), IDENTITY);
        for (TopicPartition partition : partitions) {
            Path source = directory.resolve("kafka").resolve(partition.toString());
            Path target = Files.createDirectory(copy.resolve(partition.toString()));
            try (Stream<Path> files = Files.list(source)) {
                for (Path file : files.toList()) {
                    Files.copy(file, target.resolve(file.getFileName()));
                }
            }
        }
        return copy;
    }

    /** Names and contents of the files of all partitions. */
    private static Map<String, String> fingerprint(Path copy) throws IOException {
        Map<String, String> found = new TreeMap<>();
        try (Stream<Path> files = Files.walk(copy)) {
            for (Path file : files.toList()) {
                if (Files.isRegularFile(file) && copy.relativize(file).getNameCount() > 1) {
                    found.put(copy.relativize(file).toString(), Digests.sha256(Files.readAllBytes(file)));
                }
            }
        }
        return found;
    }

    /** @return for each partition how many producers its log took from a snapshot */
    private List<Integer> checkAgainst(KafkaPicture picture, Path copy) throws Exception {
        List<Integer> restored = new ArrayList<>();
        LogEnvironment environment = new LogEnvironment(
                new DiskLogFiles(), () -> Instant.ofEpochMilli(1_000_000L), timers, timers, LogMetrics.NONE);
        try (LogStore store = new LogStore(properties(copy), new NodeProperties(1), environment)) {
            store.start();
            assertThat(store.found()).hasSize(picture.partitions().size());
            for (LogStore.Found found : store.found()) {
                RecordingState state = new RecordingState(new ProducerStates(1000, timers));
                PartitionLog log = store.open(found.partition(), found.topicId(), LogSettings.DEFAULTS, state);
                check(picture.of(found.partition().toString()), log);
                checkProducers(picture.of(found.partition().toString()), state.snapshot());
                restored.add(state.restored);
            }
            assertThat(store.recoveryProgress().cutBytes()).isZero();
            assertThat(store.recoveryProgress().damaged()).isZero();
        }
        return restored;
    }

    private void check(KafkaPicture.Partition expected, PartitionLog log) throws Exception {
        assertThat(log.offlineReason()).isNull();
        assertThat(log.startOffset()).isZero();
        assertThat(log.endOffset()).isEqualTo(expected.end());
        assertThat(log.segmentCount()).as("segments of %s", expected.name()).isGreaterThan(1);

        byte[] bytes = readWhole(log);
        assertThat(Digests.sha256(bytes)).isEqualTo(Digests.sha256(written(expected.name())));
        assertThat(lines(expected.name(), bytes)).isEqualTo(expected.lines());
        for (long offset = 0; offset < log.endOffset(); offset += 97) {
            RecordBatch batch = RecordBatch.at(ByteBuffer.wrap(read(log, offset, 1)), 0);
            assertThat(offset).isBetween(batch.baseOffset(), batch.lastOffset());
        }

        for (Map.Entry<Long, String> answer : expected.byTime().entrySet()) {
            assertThat(text(log.firstAtOrAfter(answer.getKey(), log.endOffset())))
                    .as("first at or after %d in %s", answer.getKey(), expected.name())
                    .isEqualTo(answer.getValue());
        }
        assertThat(text(log.largestTimestamp(log.endOffset()))).isEqualTo(expected.largest());

        assertThat(log.leaderEpochs().entries().stream()
                        .map(one -> "EpochEntry[epoch=" + one.epoch() + ", startOffset=" + one.startOffset() + "]")
                        .toList())
                .isNotEmpty()
                .isEqualTo(LogDump.leaderEpochs(directory.resolve("kafka").resolve(expected.name())));
    }

    private static String text(@Nullable TimestampAndOffset found) {
        return found == null
                ? KafkaPicture.answer(-1, -1, -1)
                : KafkaPicture.answer(found.offset(), found.timestampMs(), found.leaderEpoch());
    }

    /** The newest entry of each producer against what Kafka said of its producers. */
    private static void checkProducers(KafkaPicture.Partition expected, List<ProducerSnapshot.Entry> entries) {
        Map<Long, String> newest = new TreeMap<>();
        for (ProducerSnapshot.Entry entry : entries) {
            newest.put(
                    entry.producerId(),
                    KafkaPicture.producer(
                            entry.producerId(),
                            entry.producerEpoch(),
                            entry.lastSequence(),
                            entry.timestampMs(),
                            entry.currentTransactionFirstOffset()));
        }
        assertThat(newest.values())
                .as("producers of %s", expected.name())
                .isNotEmpty()
                .containsExactlyInAnyOrderElementsOf(expected.producers());
    }

    private byte[] written(String partition) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (Path log : LogDump.files(directory.resolve("kafka").resolve(partition), ".log")) {
            all.writeBytes(Files.readAllBytes(log));
        }
        return all.toByteArray();
    }

    private static byte[] readWhole(PartitionLog log) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        long offset = 0;
        while (offset < log.endOffset()) {
            byte[] some = read(log, offset, 300_000);
            all.writeBytes(some);
            for (MutableRecordBatch batch :
                    MemoryRecords.readableRecords(ByteBuffer.wrap(some)).batches()) {
                batch.ensureValid();
                offset = batch.nextOffset();
            }
        }
        return all.toByteArray();
    }

    private static byte[] read(PartitionLog log, long offset, int maxBytes) throws IOException {
        FileSlice slice = Objects.requireNonNull(
                log.read(offset, log.endOffset(), maxBytes, true).slice());
        try {
            ByteBuffer bytes = ByteBuffer.allocate(slice.sizeBytes());
            assertThat(slice.read(bytes, 0)).isEqualTo(slice.sizeBytes());
            return bytes.array();
        } finally {
            slice.release();
        }
    }

    /** The records that a consumer sees. */
    private static List<String> lines(String partition, byte[] bytes) {
        int number = Integer.parseInt(partition.substring(partition.lastIndexOf('-') + 1));
        List<String> lines = new ArrayList<>();
        for (MutableRecordBatch batch :
                MemoryRecords.readableRecords(ByteBuffer.wrap(bytes)).batches()) {
            if (!batch.isControlBatch()) {
                for (Record record : batch) {
                    lines.add(RecordLine.of(
                            new ProducerRecord<>(
                                    "any",
                                    number,
                                    record.timestamp(),
                                    bytes(record.key()),
                                    bytes(record.value()),
                                    List.of(record.headers())),
                            record.offset()));
                }
            }
        }
        return lines;
    }

    private static byte @Nullable [] bytes(@Nullable ByteBuffer buffer) {
        if (buffer == null) {
            return null;
        }
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }

    private static LogProperties properties(Path copy) {
        return new LogProperties(
                List.of(copy.toString()),
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

    /** Remembers how many producers came from a snapshot. */
    private static final class RecordingState implements DerivedState {
        private final ProducerStates states;
        private int restored;

        private RecordingState(ProducerStates states) {
            this.states = states;
        }

        @Override
        public void restore(long offset, List<ProducerSnapshot.Entry> entries) {
            restored = entries.size();
            states.restore(offset, entries);
        }

        @Override
        public void replay(RecordBatch batch) {
            states.replay(batch);
        }

        @Override
        public List<ProducerSnapshot.Entry> snapshot() {
            return states.snapshot();
        }
    }
}
