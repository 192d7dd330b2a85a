package io.wellspring.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wellspring.batch.FileSlice;
import io.wellspring.batch.RecordBatch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rolling, cutting, retiring and reading at the edges. */
final class PartitionLogTest {
    private static final int BATCH_BYTES = LogFixture.batch(0, 0, 20, 0).sizeBytes();

    @TempDir
    Path directory;

    @Test
    void aSegmentIsClosedBeforeItGrowsPastItsSize() throws IOException {
        try (LogFixture fixture = new LogFixture(directory, LogFixture.settings(2 * BATCH_BYTES, 4096))) {
            fixture.append(1, 20);
            fixture.append(1, 20);
            assertThat(fixture.log.segmentCount()).isEqualTo(1);

            fixture.append(1, 20);

            assertThat(fixture.log.segmentCount()).isEqualTo(2);
            assertThat(fixture.directory().resolve("00000000000000000002.log")).exists();
        }
    }

    @Test
    void aBatchLargerThanASegmentGetsOneOfItsOwn() throws IOException {
        try (LogFixture fixture = new LogFixture(directory, LogFixture.settings(100, 4096))) {
            fixture.append(1, 500);
            fixture.append(1, 500);

            assertThat(fixture.log.segmentCount()).isEqualTo(2);
        }
    }

    @Test
    void aSegmentIsClosedWhenItsRecordsSpanMoreThanSegmentMs() throws IOException {
        LogSettings hour = with(LogFixture.settings(1 << 20, 4096), 3_600_000L, 10 << 20);
        try (LogFixture fixture = new LogFixture(directory, hour)) {
            fixture.append(1, 20);
            fixture.nowMs += 3_600_000L;
            fixture.append(1, 20);
            assertThat(fixture.log.segmentCount()).isEqualTo(1);

            fixture.nowMs += 1;
            fixture.append(1, 20);

            assertThat(fixture.log.segmentCount()).isEqualTo(2);
        }
    }

    @Test
    void recordsWithoutATimeAgeByTheClock() throws IOException {
        LogSettings hour = with(LogFixture.settings(1 << 20, 4096), 3_600_000L, 10 << 20);
        try (LogFixture fixture = new LogFixture(directory, hour)) {
            fixture.log.append(List.of(LogFixture.batch(0, 0, 20, -1L)));
            fixture.nowMs += 3_600_001L;
            fixture.log.append(List.of(LogFixture.batch(1, 0, 20, -1L)));

            assertThat(fixture.log.segmentCount()).isEqualTo(2);
        }
    }

    @Test
    void aSegmentIsClosedWhenItsIndexIsFull() throws IOException {
        LogSettings small = with(LogFixture.settings(1 << 20, 1), Long.MAX_VALUE, 5 * TimeIndex.ROW_SIZE_BYTES);
        try (LogFixture fixture = new LogFixture(directory, small)) {
            // 60 bytes have room for 7 rows of offsets; the first batch gets none.
            for (int i = 0; i < 8; i++) {
                fixture.append(1, 20);
            }
            assertThat(fixture.log.segmentCount()).isEqualTo(1);

            fixture.append(1, 20);

            assertThat(fixture.log.segmentCount()).isEqualTo(2);
        }
    }

    @Test
    void aSegmentIsClosedWhenAnOffsetIsOutOfReachOfItsBase() throws IOException {
        try (LogFixture fixture = new LogFixture(directory, LogFixture.settings(1 << 20, 1))) {
            fixture.append(1, 20);
            fixture.log.append(List.of(LogFixture.batch(Integer.MAX_VALUE, 0, 20, 1L)));
            assertThat(fixture.log.segmentCount()).isEqualTo(1);

            fixture.log.append(List.of(LogFixture.batch(Integer.MAX_VALUE + 1L, 0, 20, 1L)));

            assertThat(fixture.log.segmentCount()).isEqualTo(2);
            assertThat(bases(fixture.log, 0)).containsExactly(0L, (long) Integer.MAX_VALUE, Integer.MAX_VALUE + 1L);
        }
    }

    @Test
    void rollingAnEmptySegmentDoesNothing() throws IOException {
        try (LogFixture fixture = new LogFixture(directory, LogFixture.settings(1 << 20, 1))) {
            fixture.log.roll();
            fixture.append(1, 20);
            fixture.log.roll();
            fixture.log.roll();

            assertThat(fixture.log.segmentCount()).isEqualTo(2);
        }
    }

    @Test
    void offsetsThatDoNotRiseAreABug() throws IOException {
        try (LogFixture fixture = new LogFixture(directory, LogFixture.settings(1 << 20, 1))) {
            fixture.append(3, 20);

            assertThatThrownBy(() -> fixture.log.append(List.of(LogFixture.batch(2, 0, 20, 1L))))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThat(fixture.log.isOffline()).isFalse();
        }
    }

    @Test
    void neighboursInOneBufferAreWrittenAsTheyLie() throws IOException {
        try (LogFixture fixture = new LogFixture(directory, LogFixture.settings(1 << 20, 1))) {
            ByteBuffer together = ByteBuffer.allocateDirect(10 * BATCH_BYTES);
            List<RecordBatch> batches = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                int at = together.position();
                together.put(LogFixture.batch(i, 0, 20, i).bytes());
                batches.add(RecordBatch.at(together, at));
            }
            batches.add(LogFixture.batch(3, 0, 20, 3));

            fixture.log.append(batches);

            assertThat(bases(fixture.log, 0)).containsExactly(0L, 1L, 2L, 3L);
            assertThat(BatchGathering.pieces(batches)).hasSize(2);
        }
    }

    @Test
    void aReaderKeepsItsFileThoughTheSegmentIsRetiredAndTheLogClosed() throws IOException {
        try (LogFixture fixture = new LogFixture(directory, LogFixture.settings(BATCH_BYTES, 1), new OpenFiles(1))) {
            fixture.append(1, 20);
            fixture.append(1, 20);
            FileSlice slice =
                    Objects.requireNonNull(fixture.log.read(0, 2, 1 << 20, true).slice());

            fixture.log.advanceStartOffset(1);
            assertThat(fixture.log.applyRetention(2)).isEqualTo(1);
            fixture.append(1, 20);
            fixture.log.close();

            assertThat(fixture.keeper.deleted).isNotEmpty();
            ByteBuffer bytes = ByteBuffer.allocate(slice.sizeBytes());
            slice.read(bytes, 0);
            assertThat(RecordBatch.at(bytes.flip(), 0).isCrcValid()).isTrue();
            slice.release();
            assertThat(slice.channel().isOpen()).isFalse();
        }
    }

    @Test
    void openFilesStayWithinTheirBoundWhateverIsRead() throws IOException {
        OpenFiles openFiles = new OpenFiles(4);
        try (LogFixture fixture = new LogFixture(directory, LogFixture.settings(BATCH_BYTES, 1), openFiles)) {
            for (int i = 0; i < 30; i++) {
                fixture.append(1, 20);
            }
            fixture.log.flush();
            for (int round = 0; round < 3; round++) {
                for (long offset = 0; offset < 30; offset++) {
                    Objects.requireNonNull(fixture.log.read(offset, 30, 1, true).slice())
                            .release();
                }
                assertThat(openFiles.count()).isLessThanOrEqualTo(4);
            }
        }
    }

    @Test
    void aSliceThatBeginsWithOlderRecordsWasNotWrittenJustNow() throws IOException {
        try (LogFixture fixture = new LogFixture(directory, LogFixture.settings(1 << 30, 4096))) {
            fixture.append(2, 20);
            fixture.reopen();
            fixture.append(2, 20);

            FileSlice all =
                    Objects.requireNonNull(fixture.log.read(0, 4, 1 << 20, true).slice());
            FileSlice middle =
                    Objects.requireNonNull(fixture.log.read(1, 4, 1 << 20, true).slice());
            FileSlice written =
                    Objects.requireNonNull(fixture.log.read(3, 4, 1 << 20, true).slice());
            assertThat(all.wasWrittenJustNow()).isFalse();
            assertThat(middle.wasWrittenJustNow())
                    .as("offset 1 lies in the batch that was there")
                    .isFalse();
            assertThat(written.wasWrittenJustNow()).isTrue();
            for (FileSlice each : List.of(all, middle, written)) {
                each.release();
            }
        }
    }

    @Test
    void theTailIsReadWithoutTheIndexAndIsRecent() throws IOException {
        try (LogFixture fixture = new LogFixture(directory, LogFixture.settings(1 << 30, 4096))) {
            for (int i = 0; i < 20; i++) {
                fixture.append(1, 1 << 20);
            }

            assertThat(fixture.log.isRecent(20)).isTrue();
            assertThat(fixture.log.isRecent(18)).isTrue();
            assertThat(fixture.log.isRecent(2)).isFalse();
            assertThat(fixture.log.bytesBetween(19, 20))
                    .isEqualTo(LogFixture.batch(0, 0, 1 << 20, 0).sizeBytes());
            fixture.reopen();
            assertThat(fixture.log.isRecent(19)).isFalse();
            assertThat(fixture.log.isRecent(20)).isTrue();
        }
    }

    @Test
    void aCutLowersTheMarkBeforeTheFileIsTouchedAndRebuildsTheState() throws IOException {
        try (LogFixture fixture = new LogFixture(directory, LogFixture.settings(3 * BATCH_BYTES, 1))) {
            for (int i = 0; i < 10; i++) {
                fixture.log.append(List.of(LogFixture.batch(i, i / 2, 20, i)));
            }
            fixture.log.flush();

            fixture.log.truncateTo(7);

            assertThat(fixture.keeper.calls).contains("truncating 7 marked 6");
            assertThat(Objects.requireNonNull(fixture.log.durableMark()).endOffset())
                    .isEqualTo(7);
            assertThat(fixture.log.flushedOffset()).isEqualTo(7);
            assertThat(fixture.log.leaderEpochs().entries()).endsWith(new LeaderEpochs.Entry(3, 6));
            assertThat(fixture.derived.restoredAt).isEqualTo(6);
            assertThat(fixture.derived.replayed).containsExactly(6L);
            assertThat(Files.size(fixture.directory().resolve("00000000000000000006.log")))
                    .isEqualTo(BATCH_BYTES);
            assertThat(fixture.directory().resolve("00000000000000000009.log")).doesNotExist();
        }
    }

    @Test
    void aCleanReopenTakesTheStateFromTheSnapshotAlone() throws IOException {
        try (LogFixture fixture = new LogFixture(directory, LogFixture.settings(3 * BATCH_BYTES, 1))) {
            for (int i = 0; i < 10; i++) {
                fixture.append(1, 20);
            }

            fixture.reopen();

            assertThat(fixture.derived.restoredAt).isEqualTo(10);
            assertThat(fixture.derived.replayed).isEmpty();
        }
    }

    @Test
    void retentionByTimeLooksAtTheNewestRecordAndLeavesWhatIsNotCommitted() throws IOException {
        try (LogFixture fixture = new LogFixture(directory, LogFixture.settings(2 * BATCH_BYTES, 1))) {
            for (int i = 0; i < 6; i++) {
                fixture.append(1, 20);
                fixture.nowMs += 1_000;
            }
            LogSettings now = fixture.settings;
            fixture.log.configure(retaining(now, -1L, 3_500L));

            assertThat(fixture.log.applyRetention(3)).isEqualTo(1);
            assertThat(fixture.log.startOffset()).isEqualTo(2);
            fixture.nowMs += 100_000;
            assertThat(fixture.log.applyRetention(6)).isEqualTo(2);

            assertThat(fixture.log.startOffset()).isEqualTo(6);
            assertThat(fixture.log.segmentCount()).isEqualTo(1);
            assertThat(fixture.append(1, 20)).isEqualTo(6);
        }
    }

    @Test
    void retentionBySizeKeepsAtLeastThatMuch() throws IOException {
        try (LogFixture fixture = new LogFixture(directory, LogFixture.settings(2 * BATCH_BYTES, 1))) {
            for (int i = 0; i < 7; i++) {
                fixture.append(1, 20);
            }
            fixture.log.configure(retaining(fixture.settings, 4L * BATCH_BYTES, -1L));

            assertThat(fixture.log.applyRetention(7)).isEqualTo(1);

            assertThat(fixture.log.sizeBytes()).isEqualTo(5L * BATCH_BYTES);
        }
    }

    private static LogSettings with(LogSettings base, long segmentMs, int indexBytes) {
        return new LogSettings(
                base.segmentBytes(),
                segmentMs,
                0L,
                indexBytes,
                base.indexIntervalBytes(),
                -1L,
                -1L,
                0L,
                Long.MAX_VALUE,
                Long.MAX_VALUE,
                true,
                false,
                false);
    }

    private static LogSettings retaining(LogSettings base, long bytes, long ms) {
        return new LogSettings(
                base.segmentBytes(),
                base.segmentMs(),
                0L,
                base.indexBytes(),
                base.indexIntervalBytes(),
                bytes,
                ms,
                0L,
                Long.MAX_VALUE,
                Long.MAX_VALUE,
                true,
                false,
                false);
    }

    /** Base offsets of all batches, read one by one. */
    private static List<Long> bases(PartitionLog log, long from) throws IOException {
        List<Long> bases = new ArrayList<>();
        long offset = from;
        while (offset < log.endOffset()) {
            FileSlice slice = Objects.requireNonNull(
                    log.read(offset, log.endOffset(), 1, true).slice());
            ByteBuffer bytes = ByteBuffer.allocate(slice.sizeBytes());
            slice.read(bytes, 0);
            slice.release();
            RecordBatch batch = RecordBatch.at(bytes.flip(), 0);
            assertThat(batch.isCrcValid()).isTrue();
            bases.add(batch.baseOffset());
            offset = batch.nextOffset();
        }
        return bases;
    }
}
