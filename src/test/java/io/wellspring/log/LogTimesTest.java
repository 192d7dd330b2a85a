package io.wellspring.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wellspring.batch.RecordBatch;
import io.wellspring.batch.compression.DecompressionBounds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Records found by time, compared with a search through all of them. The seed is the parameter. */
final class LogTimesTest {
    @TempDir
    Path directory;

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4})
    void theFirstRecordThatIsYoungEnoughIsFoundWhereverItLies(long seed) throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        List<TimestampAndOffset> records = new ArrayList<>();
        try (LogFixture fixture = new LogFixture(directory, LogFixture.settings(1_500, 150))) {
            fill(fixture, random, records);
            long end = fixture.log.endOffset();
            for (int i = 0; i < 300; i++) {
                long below = random.nextInt(4) == 0 ? end : random.nextLong(fixture.log.startOffset(), end + 1);
                long timestampMs = random.nextLong(-1, 2_200);

                assertThat(fixture.log.firstAtOrAfter(timestampMs, below))
                        .as("first at or after %d below %d", timestampMs, below)
                        .isEqualTo(first(records, timestampMs, below));
                if (i == 150) {
                    fixture.reopen();
                }
            }
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4})
    void theFirstRecordWithTheLargestTimestampIsFound(long seed) throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        List<TimestampAndOffset> records = new ArrayList<>();
        try (LogFixture fixture = new LogFixture(directory, LogFixture.settings(1_500, 150))) {
            fill(fixture, random, records);
            for (long below : boundaries) {
                long largestMs = records.stream()
                        .filter(record -> record.offset() < below)
                        .mapToLong(TimestampAndOffset::timestampMs)
                        .max()
                        .orElse(-1);

                assertThat(fixture.log.largestTimestamp(below))
                        .as("largest below %d", below)
                        .isEqualTo(largestMs < 0 ? null : first(records, largestMs, below));
            }
        }
    }

    @Test
    void aLogWithoutRecordsHasNoTimes() throws IOException {
        try (LogFixture fixture = new LogFixture(directory, LogFixture.settings(1_500, 150))) {
            assertThat(fixture.log.firstAtOrAfter(0, 0)).isNull();
            assertThat(fixture.log.largestTimestamp(0)).isNull();
        }
    }

    @Test
    void aTimeIndexThatIsGoneIsMadeAnew() throws IOException {
        try (LogFixture fixture = new LogFixture(directory, LogFixture.settings(1 << 20, 100))) {
            for (int i = 0; i < 20; i++) {
                fixture.log.append(List.of(LogFixture.batch(i, 7, 20, 1_000 + i)));
            }
            fixture.log.close();
            Files.delete(fixture.directory().resolve("00000000000000000000.timeindex"));
            fixture.openAsFound();

            assertThat(fixture.log.firstAtOrAfter(1_013, 20)).isEqualTo(new TimestampAndOffset(1_013, 13, 7));
            assertThat(fixture.indexesRebuilt).isEqualTo(1);
        }
    }

    @Test
    void largestTimestampIsFoundThoughTheStartCutsOffTheLargestOfItsBatch() throws IOException {
        try (LogFixture fixture = new LogFixture(directory, LogFixture.settings(1 << 20, 100))) {
            fixture.log.append(List.of(LogFixture.batch(0, 7, 20, 5_000, 1_000, 2_000)));
            fixture.log.append(List.of(LogFixture.batch(3, 7, 20, 1_500)));
            fixture.log.flush();

            fixture.log.advanceStartOffset(1);
            assertThat(fixture.log.largestTimestamp(4)).isEqualTo(new TimestampAndOffset(2_000, 2, 7));
            fixture.log.advanceStartOffset(3);
            assertThat(fixture.log.largestTimestamp(4)).isEqualTo(new TimestampAndOffset(1_500, 3, 7));
        }
    }

    @Test
    void noMoreIsDecompressedThanTheSettingsAllow() throws IOException {
        MemoryRecords built = MemoryRecords.withRecords(
                0L,
                Compression.gzip().build(),
                7,
                new SimpleRecord(1_000, new byte[100_000]),
                new SimpleRecord(2_000, new byte[100_000]));
        for (long allowed : new long[] {150_000, 1_000_000}) {
            try (LogFixture fixture = new LogFixture(
                    directory.resolve("allowed" + allowed),
                    LogFixture.settings(1 << 20, 100),
                    new OpenFiles(10),
                    new DiskLogFiles(),
                    new DecompressionBounds(allowed, 10_000, 0))) {
                fixture.log.append(List.of(RecordBatch.at(built.buffer().duplicate(), 0)));
                if (allowed < 200_000) {
                    assertThatThrownBy(() -> fixture.log.firstAtOrAfter(1_500, 2))
                            .isInstanceOf(IOException.class);
                } else {
                    assertThat(fixture.log.firstAtOrAfter(1_500, 2)).isEqualTo(new TimestampAndOffset(2_000, 1, 7));
                }
            }
        }
    }

    /** Offsets between batches, where a high watermark lies. */
    private final List<Long> boundaries = new ArrayList<>();

    private void fill(LogFixture fixture, SplittableRandom random, List<TimestampAndOffset> records)
            throws IOException {
        for (int i = 0; i < 60; i++) {
            long base = fixture.log.endOffset();
            boundaries.add(base);
            long[] timestampsMs = new long[1 + random.nextInt(4)];
            for (int record = 0; record < timestampsMs.length; record++) {
                timestampsMs[record] = 20L * i + random.nextInt(900);
                records.add(new TimestampAndOffset(timestampsMs[record], base + record, i / 10));
            }
            fixture.log.append(List.of(LogFixture.batch(base, i / 10, 20, timestampsMs)));
        }
    }

    private static @Nullable TimestampAndOffset first(
            List<TimestampAndOffset> records, long timestampMs, long endOffset) {
        return records.stream()
                .filter(record -> record.offset() < endOffset && record.timestampMs() >= timestampMs)
                .findFirst()
                .orElse(null);
    }
}
