package io.wellspring.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.wellspring.batch.FileSlice;
import io.wellspring.batch.RecordBatch;
import io.wellspring.log.CompactionRig.Seen;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CompactionTest {
    @TempDir
    Path directory;

    private CompactionRig rig;
    private PartitionLog log;

    @BeforeEach
    void makeALog() throws IOException {
        rig = new CompactionRig(new DiskLogFiles(), directory.resolve("data"));
        log = rig.create();
    }

    @AfterEach
    void end() {
        rig.kill();
    }

    @Test
    void lastValueOfEachKeyStaysWithItsOffsetAndTime() throws IOException {
        rig.put(log, "a", "1");
        rig.put(log, "b", "1");
        rig.nowMs += 10;
        rig.put(log, "a", "2");
        rig.fill(log);
        long end = log.endOffset();

        assertThat(rig.passLater(log)).isTrue();

        assertThat(CompactionRig.readAll(log))
                .startsWith(new Seen(1, rig.nowMs - 10, "b", "1"), new Seen(2, rig.nowMs, "a", "2"));
        assertThat(log.endOffset()).isEqualTo(end);
        assertThat(log.startOffset()).isZero();
        assertThat(rig.passLater(log)).as("nothing is dirty any more").isFalse();
        assertThat(Files.readString(directory.resolve("data").resolve(CleanerCheckpoint.FILE_NAME)))
                .isEqualTo("0\n1\nprices 0 " + rig.cleanedTo() + "\n");
    }

    @Test
    void tombstoneStaysForTheTimeAfterItsFirstCompactionAndThenGoes() throws IOException {
        rig.put(log, "a", "1");
        rig.put(log, "a", null);
        rig.fill(log);
        rig.passLater(log);
        assertThat(CompactionRig.valuesOf(log, "a")).containsExactly("null");
        assertThat(CompactionRig.batches(log).getFirst().deleteHorizonMs()).hasValue(rig.nowMs + 1000);

        rig.nowMs += 999;
        rig.fill(log);
        rig.passLater(log);
        assertThat(CompactionRig.valuesOf(log, "a")).containsExactly("null");

        rig.nowMs += 1;
        rig.fill(log);
        rig.passLater(log);
        assertThat(CompactionRig.valuesOf(log, "a")).isEmpty();
    }

    @Test
    void youngRecordsAreHeldBack() throws IOException {
        rig.compaction = new CompactionSettings(0.0, 500L, Long.MAX_VALUE, 1000L);
        rig.put(log, "a", "1");
        rig.put(log, "a", "2");
        rig.fill(log);
        rig.nowMs += 499;
        assertThat(rig.passLater(log)).isFalse();
        rig.nowMs += 1;
        assertThat(rig.passLater(log)).isTrue();
        assertThat(CompactionRig.valuesOf(log, "a")).containsExactly("2");
    }

    @Test
    void logIsLeftAloneBelowTheDirtyRatioUntilARecordIsOverdue() throws IOException {
        rig.compaction = new CompactionSettings(1.0, 0L, 800L, 1000L);
        rig.put(log, "a", "1");
        rig.put(log, "a", "2");
        rig.fill(log);
        rig.nowMs += 800;
        assertThat(rig.passLater(log)).isFalse();
        rig.nowMs += 1;
        assertThat(rig.passLater(log)).isTrue();
        assertThat(CompactionRig.valuesOf(log, "a")).containsExactly("2");
    }

    @Test
    void segmentsAboveTheLastStableOffsetAreLeftAlone() throws IOException {
        rig.put(log, "a", "1");
        rig.put(log, "a", "2");
        rig.stableOffset = 1L;
        rig.fill(log);
        assertThat(rig.passLater(log)).isFalse();
        rig.stableOffset = null;
        assertThat(rig.passLater(log)).isTrue();
        assertThat(CompactionRig.valuesOf(log, "a")).containsExactly("2");
    }

    @Test
    void mapThatHoldsNotAllKeysTakesSeveralPasses() throws IOException {
        int keys = 9_000;
        for (int i = 0; i < keys; i++) {
            if (i % 500 == 0) {
                log.flush();
            }
            rig.put(log, "key" + i, "v");
        }
        rig.put(log, "key0", "last");
        rig.fill(log);
        long dirty = 0;
        int passes = 0;
        while (passes < 20 && dirty < log.segments().getLast().baseOffset()) {
            log.flushSealed();
            LogCompaction.Outcome outcome = new LogCompaction(
                            log,
                            new LogCompaction.Plan(
                                    dirty, log.segments().getLast().baseOffset(), List.of(), rig.nowMs, 1000L),
                            new KeyOffsets(KeyOffsets.MIN_MEMORY_BYTES, new KeyHash(1, 2)),
                            new Pace(rig.timers, 0L, new CountDownLatch(1)))
                    .run();
            assertThat(outcome.cleanedTo()).isGreaterThan(dirty);
            dirty = outcome.cleanedTo();
            passes++;
        }
        assertThat(passes).isBetween(3, 19);
        assertThat(CompactionRig.valuesOf(log, "key0")).containsExactly("last");
        assertThat(CompactionRig.readAll(log).stream()
                        .filter(record -> String.valueOf(record.key()).startsWith("key")))
                .hasSize(keys);
    }

    /** Byte 66 lies in a record, byte 70 in the base offset of the second batch, which no checksum covers. */
    @ParameterizedTest
    @CsvSource({"66, checksum", "70, offsets"})
    void damagedBatchFailsTheCompactionWhichIsNamedAndTriedAgainUntilItSucceeds(int damagedByte, String reason)
            throws IOException {
        rig.put(log, "a", "1");
        rig.put(log, "a", "2");
        rig.fill(log);
        log.flush();
        Path file = new SegmentPaths(log.directory(), 0L).log();
        byte[] good = Files.readAllBytes(file);
        byte[] bad = good.clone();
        bad[damagedByte] ^= 1;
        Files.write(file, bad);

        assertThat(rig.passLater(log)).isTrue();
        assertThat(rig.store.cleaner().failures()).containsOnlyKeys("prices-0");
        assertThat(rig.store.cleaner().failures().get("prices-0")).contains(reason);
        assertThat(log.isOffline()).isFalse();
        assertThat(rig.pass(log)).as("it rests").isFalse();
        assertThat(rig.passLater(log)).as("it is tried again").isTrue();
        assertThat(rig.store.cleaner().failures()).isNotEmpty();

        Files.write(file, good);
        assertThat(rig.passLater(log)).isTrue();
        assertThat(rig.store.cleaner().failures()).isEmpty();
        assertThat(CompactionRig.valuesOf(log, "a")).containsExactly("2");
        assertThat(rig.counted).containsExactly("failed", "failed", "compacted");
    }

    @Test
    void compactedLogThatAlsoDeletesObeysRetention() throws IOException {
        log.configure(CompactionRig.settings(true, 5_000L));
        rig.put(log, "a", "1");
        rig.put(log, "a", "2");
        rig.fill(log);
        rig.passLater(log);
        rig.fill(log);
        rig.nowMs += 5_001;
        // A segment of which nothing is left has the age of its file.
        Files.setLastModifiedTime(new SegmentPaths(log.directory(), 0L).log(), FileTime.fromMillis(1_000_000));

        assertThat(log.applyRetention(log.endOffset())).isPositive();

        assertThat(log.startOffset()).isPositive();
        assertThat(CompactionRig.valuesOf(log, "a")).isEmpty();
    }

    @Test
    void readerInAnOldSegmentReadsOnWhileANewOneTakesItsPlace() throws IOException {
        rig.put(log, "a", "1");
        rig.put(log, "a", "2");
        rig.fill(log);
        FileSlice slice = Objects.requireNonNull(
                log.read(0L, log.endOffset(), 1 << 20, true).slice());

        rig.passLater(log);

        ByteBuffer bytes = ByteBuffer.allocate(slice.sizeBytes());
        slice.read(bytes, 0);
        slice.release();
        assertThat(MemoryRecords.readableRecords(bytes.flip()).records())
                .first()
                .satisfies(record -> assertThat(record.offset()).isZero());
        assertThat(CompactionRig.readAll(log))
                .first()
                .satisfies(record -> assertThat(record.offset()).isEqualTo(1));
        assertThat(rig.store.scrub(log)).isNull();
    }

    @Test
    void logThatIsDeletedMeanwhileIsNoFailure() throws IOException {
        rig.put(log, "a", "1");
        rig.fill(log);
        CompactionSource source = new CompactionSource() {
            @Override
            public List<Candidate> candidates() {
                return List.of(new Candidate(log, rig.compaction, log.endOffset()));
            }

            @Override
            public @Nullable List<ProducerSnapshot.Entry> producers(PartitionLog asked) {
                try {
                    rig.store.delete(log);
                } catch (IOException failure) {
                    throw new AssertionError(failure);
                }
                return List.of();
            }
        };

        rig.store.cleaner().pass(source);

        assertThat(rig.counted).isEmpty();
        assertThat(rig.store.cleaner().failures()).isEmpty();
    }

    @Test
    void truncationBelowWhatWasCompactedMakesItDirtyAgain() throws IOException {
        rig.put(log, "a", "1");
        rig.put(log, "a", "2");
        rig.fill(log);
        rig.passLater(log);
        long cleanedTo = rig.cleanedTo();

        log.truncateTo(cleanedTo - 1);

        assertThat(rig.cleanedTo()).isEqualTo(cleanedTo - 1);
        rig.close();
        rig = new CompactionRig(new DiskLogFiles(), directory.resolve("data"));
        log = rig.open();
        assertThat(log.offlineReason()).isNull();
        assertThat(log.endOffset()).isEqualTo(cleanedTo - 1);
        assertThat(rig.cleanedTo()).isEqualTo(cleanedTo - 1);
        assertThat(CompactionRig.valuesOf(log, "a")).containsExactly("2");
    }

    @Test
    void damagedRecordOfASwapKeepsThePartitionOfflineAndUntouched() throws IOException {
        rig.put(log, "a", "1");
        rig.close();
        Files.writeString(log.directory().resolve("00000000000000000000.swap"), "wellspring-swap 1\n0:1\n");
        var before = StoreFixture.fingerprint(log.directory());
        rig = new CompactionRig(new DiskLogFiles(), directory.resolve("data"));

        log = rig.open();

        assertThat(log.offlineReason()).contains("is damaged");
        assertThat(StoreFixture.fingerprint(log.directory())).isEqualTo(before);
    }

    @Test
    void batchesThatLoseNothingAreCopiedByteForByte() throws IOException {
        RecordBatch kept = CompactionRig.batch(
                0L,
                Compression.zstd().build(),
                CompactionRig.simple(rig.nowMs, "b", "x"),
                CompactionRig.simple(rig.nowMs + 1, "c", "y"));
        byte[] bytes = new byte[kept.sizeBytes()];
        kept.bytes().get(bytes);
        log.append(List.of(kept));
        rig.put(log, "a", "1");
        rig.put(log, "a", "2");
        rig.fill(log);

        rig.passLater(log);

        assertThat(Files.readAllBytes(new SegmentPaths(log.directory(), 0L).log()))
                .startsWith(bytes);
    }
}
