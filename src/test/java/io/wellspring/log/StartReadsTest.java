package io.wellspring.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.wellspring.batch.RecordBatch;
import io.wellspring.model.TopicPartition;
import io.wellspring.testing.FaultyLogFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a start reads of the logs, in bytes: nothing after a clean stop, what lies above the durable mark after a kill. */
class StartReadsTest {
    private static final LogSettings LARGE = StoreFixture.settings(1 << 20);

    @TempDir
    Path directory;

    private final CountingFiles files = new CountingFiles();
    private BatchList state = new BatchList();

    private PartitionLog create(StoreFixture fixture) throws IOException {
        return fixture.store.create(StoreFixture.ORDERS, StoreFixture.TOPIC, LARGE, state);
    }

    /** As the next start does it, with a new state. */
    private PartitionLog open(StoreFixture fixture) throws IOException {
        state = new BatchList();
        return fixture.store.open(StoreFixture.ORDERS, StoreFixture.TOPIC, LARGE, state);
    }

    /** Acknowledged: forced. @return bytes */
    private long append(PartitionLog log, int batches) throws IOException {
        long before = log.sizeBytes();
        for (int i = 0; i < batches; i++) {
            RecordBatch batch = StoreFixture.batch(log.endOffset(), 2);
            log.append(List.of(batch));
            state.replay(batch);
        }
        log.flush();
        return log.sizeBytes() - before;
    }

    @Test
    void startAfterACleanStopReadsNothing() throws IOException {
        try (StoreFixture first = new StoreFixture(files, directory)) {
            append(create(first), 50);
        }
        files.takeLogBytes();
        for (int start = 0; start < 2; start++) {
            List<String> before = List.copyOf(state.batches);
            try (StoreFixture next = new StoreFixture(files, directory)) {
                open(next);
            }
            assertThat(files.takeLogBytes()).isZero();
            assertThat(state.batches).isEqualTo(before).hasSize(50);
        }
    }

    @Test
    void startAfterAKillReadsTheBatchAtTheMarkAndWhatLiesAboveOnce() throws IOException {
        StoreFixture first = new StoreFixture(files, directory);
        PartitionLog log = create(first);
        append(log, 200);
        long marked = append(log, 1);
        first.writeMarks();
        long above = append(log, 7);
        first.kill();
        files.takeLogBytes();

        List<String> before = List.copyOf(state.batches);
        StoreFixture second = new StoreFixture(files, directory);
        log = open(second);

        assertThat(files.takeLogBytes()).isEqualTo(marked + above);
        assertThat(state.batches).isEqualTo(before);
        assertThat(state.replayed).isEqualTo(7);
        // The first append makes index rows for what lies above the mark, and asks when the segment began.
        append(log, 1);
        assertThat(files.takeLogBytes()).isLessThanOrEqualTo(above + RecordBatch.HEADER_SIZE_BYTES);
        assertThat(log.firstAtOrAfter(900_000L + 399, log.endOffset()))
                .isEqualTo(new TimestampAndOffset(900_000L + 399, 399, 0));
        second.kill();
    }

    @Test
    void killAfterAKillReadsNoMoreThanTheFirst() throws IOException {
        StoreFixture fixture = new StoreFixture(files, directory);
        PartitionLog first = create(fixture);
        append(first, 99);
        long marked = append(first, 1);
        fixture.writeMarks();
        fixture.kill();
        for (int start = 0; start < 3; start++) {
            files.takeLogBytes();
            fixture = new StoreFixture(files, directory);
            PartitionLog log = open(fixture);
            assertThat(files.takeLogBytes()).isEqualTo(marked);
            fixture.writeMarks();
            assertThat(log.firstAtOrAfter(900_000L + 77, log.endOffset()))
                    .isEqualTo(new TimestampAndOffset(900_000L + 77, 77, 0));
            fixture.kill();
        }
    }

    /** A mark must not move past a snapshot that is not there yet: else the batches between would be read. */
    @Test
    void markIsWrittenOnlyAsFarAsTheCheckpointHasCome() throws IOException {
        StoreFixture first = new StoreFixture(files, directory);
        PartitionLog log = create(first);
        append(log, 9);
        long marked = append(log, 1);
        first.writeMarks();
        long above = append(log, 10);
        for (LogDirectory each : first.store.directories()) {
            each.writeMarks();
        }
        first.kill();
        files.takeLogBytes();

        StoreFixture second = new StoreFixture(files, directory);
        open(second);

        assertThat(files.takeLogBytes()).isEqualTo(marked + above);
        assertThat(state.batches).hasSize(20);
        second.kill();
    }

    @Test
    void checkpointThatIsAskedForBeforeAFlushIsTakenWithIt() throws IOException {
        StoreFixture first = new StoreFixture(files, directory);
        PartitionLog log = create(first);
        append(log, 10);
        log.append(List.of(StoreFixture.batch(log.endOffset(), 2)));

        log.checkpoint();

        assertThat(log.isCheckpointDue()).isTrue();
        log.flush();
        assertThat(log.isCheckpointDue()).isFalse();
        first.kill();
    }

    /** It tells of what may have been cut off: batches of another history may have its offsets now. */
    @Test
    void snapshotAboveTheMarkIsNotBelieved() throws IOException {
        StoreFixture first = new StoreFixture(files, directory);
        PartitionLog log = create(first);
        append(log, 10);
        first.writeMarks();
        append(log, 5);
        BatchList foreign = new BatchList();
        foreign.replay(StoreFixture.batch(0, 1));
        Files.write(
                new SegmentPaths(log.directory(), log.endOffset()).snapshot(),
                ProducerSnapshot.encode(foreign.snapshot()).array());
        List<String> before = List.copyOf(state.batches);
        first.kill();

        StoreFixture second = new StoreFixture(files, directory);
        open(second);

        assertThat(state.batches).isEqualTo(before);
        assertThat(state.restoredAt).isEqualTo(20);
        second.kill();
    }

    @Test
    void damagedSnapshotAtTheMarkCostsReadingOnceAndNoMore() throws IOException {
        StoreFixture first = new StoreFixture(files, directory);
        PartitionLog log = create(first);
        append(log, 9);
        long marked = append(log, 1);
        first.writeMarks();
        Path snapshot = new SegmentPaths(log.directory(), log.endOffset()).snapshot();
        List<String> before = List.copyOf(state.batches);
        first.kill();
        byte[] torn = Files.readAllBytes(snapshot);
        torn[torn.length - 1] ^= 1;
        Files.write(snapshot, torn);

        StoreFixture second = new StoreFixture(files, directory);
        open(second);
        assertThat(state.batches).isEqualTo(before);
        second.kill();

        files.takeLogBytes();
        StoreFixture third = new StoreFixture(files, directory);
        open(third);
        assertThat(files.takeLogBytes()).isEqualTo(marked);
        assertThat(state.batches).isEqualTo(before);
        third.kill();
    }

    @Test
    void indexRowsThatAreNotTheMarkedOnesAreMadeAnew() throws IOException {
        for (String suffix : List.of(SegmentPaths.OFFSET_INDEX_SUFFIX, SegmentPaths.TIME_INDEX_SUFFIX)) {
            Path data = directory.resolve(suffix.substring(1));
            StoreFixture first = new StoreFixture(files, data);
            PartitionLog log = create(first);
            append(log, 100);
            first.writeMarks();
            Path index = log.directory().resolve("00000000000000000000" + suffix);
            first.kill();
            // Plausible, for it still grows: only the checksum tells.
            ByteBuffer rows = ByteBuffer.wrap(Files.readAllBytes(index));
            int last = suffix.equals(SegmentPaths.OFFSET_INDEX_SUFFIX) ? rows.limit() - 4 : rows.limit() - 8;
            rows.putInt(last, rows.getInt(last) + 1);
            Files.write(index, rows.array());

            StoreFixture second = new StoreFixture(files, data);
            log = open(second);
            for (long offset = 0; offset < log.endOffset(); offset++) {
                assertThat(log.firstAtOrAfter(900_000L + offset, log.endOffset()))
                        .isEqualTo(new TimestampAndOffset(900_000L + offset, offset, 0));
            }
            second.kill();
        }
    }

    @Test
    void stopWritesNothingIntoLogsThatNobodyHasWritten() throws IOException {
        assertThat(callsOfAnIdleStop(directory.resolve("three"), 3))
                .isEqualTo(callsOfAnIdleStop(directory.resolve("one"), 1))
                .isPositive();
    }

    /** What a stop asks of the disk after a start that only opened the logs. */
    private static int callsOfAnIdleStop(Path data, int logCount) throws IOException {
        try (StoreFixture first = new StoreFixture(new DiskLogFiles(), data)) {
            for (int i = 0; i < logCount; i++) {
                StoreFixture.append(first.create(new TopicPartition("idle", i)), 2);
            }
        }
        FaultyLogFiles counting = new FaultyLogFiles(data);
        int calls;
        try (StoreFixture second = new StoreFixture(counting, data)) {
            for (int i = 0; i < logCount; i++) {
                second.open(new TopicPartition("idle", i));
            }
            calls = counting.calls();
        }
        return counting.calls() - calls;
    }
}
