package io.wellspring.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.wellspring.batch.FileSlice;
import io.wellspring.batch.RecordBatch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.common.record.internal.FileRecords;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What lies on disk is what Kafka writes: read by Kafka's own classes, and compared byte by byte. */
final class PartitionLogFormatTest {
    private static final int BATCH_BYTES = LogFixture.batch(0, 0, 20, 0).sizeBytes();

    @TempDir
    Path directory;

    @Test
    void kafkasFileRecordsReadsOurSegments() throws IOException {
        try (LogFixture fixture = new LogFixture(directory, LogFixture.settings(1 << 20, 100))) {
            for (int i = 0; i < 10; i++) {
                fixture.append(3, 20);
            }
            fixture.log.close();
        }

        List<Long> offsets = new ArrayList<>();
        try (FileRecords records = FileRecords.open(
                directory.resolve("orders-3/00000000000000000000.log").toFile())) {
            records.batches().forEach(batch -> {
                batch.ensureValid();
                batch.forEach(record -> offsets.add(record.offset()));
            });
        }
        assertThat(offsets).hasSize(30).isSorted().startsWith(0L).endsWith(29L).doesNotHaveDuplicates();
    }

    @Test
    void indexFilesHoldARowForEachIntervalAndTheLargestTimestampLast() throws IOException {
        try (LogFixture fixture = new LogFixture(directory, LogFixture.settings(1 << 20, BATCH_BYTES))) {
            long[] timestampsMs = {1_000, 5_000, 3_000, 6_000, 2_000};
            for (long timestampMs : timestampsMs) {
                fixture.log.append(List.of(LogFixture.batch(fixture.log.endOffset(), 0, 20, timestampMs)));
            }
            fixture.log.close();
        }

        // A row comes with the first batch that finds more than one interval behind the last row: the third and the
        // fifth.
        String offsets = "00000002" + hex(2 * BATCH_BYTES) + "00000004" + hex(4 * BATCH_BYTES);
        String times = "0000000000001388" + "00000001" + "0000000000001770" + "00000003";
        assertThat(content(".index")).isEqualTo(offsets);
        assertThat(content(".timeindex")).isEqualTo(times);
    }

    @Test
    void aCleanStopLeavesIndexesThatTheNextStartTakesAsTheyAre() throws IOException {
        try (LogFixture fixture = new LogFixture(directory, LogFixture.settings(3 * BATCH_BYTES, 10))) {
            for (int i = 0; i < 20; i++) {
                fixture.append(1, 20);
            }

            fixture.reopen();
            for (long offset = 0; offset < 20; offset++) {
                LogRead read = fixture.log.read(offset, 20, 1, true);
                Objects.requireNonNull(read.slice()).release();
            }

            assertThat(fixture.indexesRebuilt).isZero();
        }
    }

    @Test
    void aLogThatWasNotClosedIsReopenedAndWrittenOnWithTheIndexesItWouldHaveHad() throws IOException {
        Path torn = directory.resolve("torn");
        Path whole = directory.resolve("whole");
        for (Path place : List.of(torn, whole)) {
            try (LogFixture fixture = new LogFixture(place, LogFixture.settings(1 << 20, 100))) {
                for (int i = 0; i < 50; i++) {
                    fixture.nowMs += 7;
                    fixture.append(1 + i % 3, 20);
                    if (i % 20 == 13 && place.equals(torn)) {
                        fixture.log.flush();
                        fixture.openAsFound();
                    }
                }
                fixture.log.close();
            }
        }

        for (String suffix : List.of(".log", ".index")) {
            String name = "orders-3/00000000000000000000" + suffix;
            assertThat(torn.resolve(name)).hasSameBinaryContentAs(whole.resolve(name));
        }
    }

    @Test
    void indexesThatAreMissingShortOrWrongGiveTheSameAnswers() throws IOException {
        List<byte[]> damages = new ArrayList<>();
        try (LogFixture fixture = new LogFixture(directory, LogFixture.settings(1 << 20, 100))) {
            for (int i = 0; i < 60; i++) {
                fixture.append(2, 20);
            }
            fixture.log.close();
            Path index = fixture.directory().resolve("00000000000000000000.index");
            byte[] good = Files.readAllBytes(index);
            damages.add(new byte[0]);
            damages.add(Arrays.copyOf(good, good.length - 8));
            damages.add(Arrays.copyOf(good, good.length - 3));
            damages.add(Arrays.copyOf(good, good.length + 8));
            for (int at = 0; at < good.length; at += 5) {
                byte[] flipped = good.clone();
                flipped[at] ^= 0x41;
                damages.add(flipped);
            }
            for (byte[] damage : damages) {
                Files.write(index, damage);
                fixture.openAsFound();
                for (long offset = 0; offset < 120; offset++) {
                    LogRead read = fixture.log.read(offset, 120, 1, true);
                    FileSlice slice = Objects.requireNonNull(read.slice());
                    ByteBuffer header = ByteBuffer.allocate(RecordBatch.HEADER_SIZE_BYTES);
                    slice.read(header, 0);
                    slice.release();
                    assertThat(RecordBatch.at(header.flip(), 0).baseOffset())
                            .as(
                                    "offset %d with index %s",
                                    offset, HexFormat.of().formatHex(damage))
                            .isEqualTo(offset / 2 * 2);
                }
            }
        }
    }

    private String content(String suffix) throws IOException {
        return HexFormat.of()
                .formatHex(Files.readAllBytes(directory.resolve("orders-3/00000000000000000000" + suffix)));
    }

    private static String hex(int number) {
        return HexFormat.of().toHexDigits(number);
    }
}
