package io.wellspring.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.wellspring.log.CompactionRig.Seen;
import io.wellspring.support.StartRefusedException;
import io.wellspring.testing.FaultyLogFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.FileSystemUtils;

/**
 * The power goes out, the process is killed, or one call fails, at each call to the disk of two compactions in turn. The next start must have the last value of every
 * key, each offset at most once, every record as it was written, and be able to compact again.
 */
class CompactionPowerCutTest {
    /** Changes the pictures that a power cut leaves; every failure names it. */
    private static final long SEED = 20_261_124L;

    @TempDir
    Path directory;

    private Path memory = Path.of("/dev/shm");

    private final Map<Long, Seen> written = new TreeMap<>();
    private long promisedEnd;
    private int failures;

    @BeforeEach
    void chooseADisk() throws IOException {
        memory = Files.isDirectory(memory) ? Files.createTempDirectory(memory, "compaction") : directory;
    }

    @AfterEach
    void cleanUp() throws IOException {
        FileSystemUtils.deleteRecursively(memory);
    }

    private void put(CompactionRig rig, PartitionLog log, int count) throws IOException {
        for (int i = 0; i < count; i++) {
            long offset = log.endOffset();
            String key = "key" + offset % 7;
            String value = offset % 11 == 3 ? null : "the value that " + key + " has had since " + offset;
            written.put(offset, new Seen(offset, rig.nowMs, key, value));
            rig.put(log, key, value);
            if (offset % 5 == 4) {
                log.flush();
                promisedEnd = log.endOffset();
            }
        }
        log.flush();
        promisedEnd = log.endOffset();
    }

    /** The same work each time: two compactions of several groups, appends and a roll between, a truncation, a clean stop. */
    private void work(FaultyLogFiles files, Path data) throws IOException {
        written.clear();
        promisedEnd = -1;
        failures = 0;
        CompactionRig rig = new CompactionRig(files, data);
        try {
            PartitionLog log = rig.create();
            put(rig, log, 60);
            compact(rig, log);
            put(rig, log, 35);
            rig.nowMs += 5_000;
            compact(rig, log);
            promisedEnd = log.endOffset() - 2;
            log.truncateTo(log.endOffset() - 2);
            put(rig, log, 10);
            rig.close();
        } finally {
            rig.kill();
        }
    }

    private void compact(CompactionRig rig, PartitionLog log) throws IOException {
        for (int i = 0; i < 3; i++) {
            rig.timers.advance(Duration.ofMinutes(15));
            rig.pass(log);
        }
        failures += rig.counted.contains("failed") ? 1 : 0;
        if (log.isOffline()) {
            throw new IOException("offline");
        }
    }

    /** What is wrong after the next start; empty if nothing is. */
    private List<String> wrong(Path data) throws IOException {
        List<String> wrong = new ArrayList<>();
        CompactionRig rig;
        try {
            rig = new CompactionRig(new DiskLogFiles(), data);
        } catch (StartRefusedException refused) {
            return List.of("refused: " + refused.getMessage());
        }
        try {
            if (!rig.store.directories().getFirst().hasFound(CompactionRig.PARTITION)) {
                return promisedEnd < 0 ? List.of() : List.of("the log is gone");
            }
            PartitionLog log = rig.open();
            if (log.isOffline()) {
                return List.of("offline: " + log.offlineReason());
            }
            if (log.endOffset() < promisedEnd) {
                wrong.add("ends at " + log.endOffset() + ", promised " + promisedEnd);
            }
            look(log, wrong);
            Map<String, @Nullable String> before = lastValues(CompactionRig.readAll(log));
            rig.nowMs += 100_000;
            rig.pass(log);
            wrong.addAll(rig.store.cleaner().failures().values());
            look(log, wrong);
            if (!lastValues(CompactionRig.readAll(log)).equals(before)) {
                wrong.add("another compaction changed what the log says");
            }
            rig.close();
            rig = new CompactionRig(new DiskLogFiles(), data);
            log = rig.open();
            if (log.isOffline()) {
                return List.of("offline after a clean stop: " + log.offlineReason());
            }
            look(log, wrong);
        } catch (IOException | AssertionError failure) {
            wrong.add("failed: " + failure);
        } finally {
            rig.kill();
        }
        return wrong;
    }

    private void look(PartitionLog log, List<String> wrong) throws IOException {
        long before = -1;
        Map<String, Long> lastOffsets = new TreeMap<>();
        for (Seen record : CompactionRig.readAll(log)) {
            if (record.offset() <= before) {
                wrong.add("offset " + record.offset() + " after " + before);
            }
            if (!record.equals(written.get(record.offset()))) {
                wrong.add("not as it was written: " + record);
            }
            before = record.offset();
            lastOffsets.put(record.key(), record.offset());
        }
        Map<String, Seen> wanted = new TreeMap<>();
        for (Seen record : written.values()) {
            if (record.offset() < log.endOffset()) {
                wanted.put(record.key(), record);
            }
        }
        wanted.forEach((key, record) -> {
            Long found = lastOffsets.get(key);
            boolean mayBeGone = record.value() == null && found == null;
            if (!mayBeGone && (found == null || found != record.offset())) {
                wrong.add("the last of " + key + " is at " + found + ", not at " + record.offset());
            }
        });
    }

    private static Map<String, @Nullable String> lastValues(List<Seen> records) {
        Map<String, @Nullable String> values = new TreeMap<>();
        for (Seen record : records) {
            if (record.value() == null) {
                values.remove(record.key());
            } else {
                values.put(String.valueOf(record.key()), record.value());
            }
        }
        return values;
    }

    private int callsOfTheWork() throws IOException {
        FaultyLogFiles counting = new FaultyLogFiles(memory);
        work(counting, memory.resolve("counted"));
        counting.closeAll();
        FileSystemUtils.deleteRecursively(memory.resolve("counted"));
        assertThat(failures).isZero();
        return counting.calls();
    }

    private void workUntilItFails(FaultyLogFiles files, Path disk) throws IOException {
        try {
            work(files, disk.resolve("data"));
        } catch (IOException | StartRefusedException expected) {
            assertThat(expected).isNotNull();
        }
        files.closeAll();
    }

    /** What a power cut leaves now, judged. */
    private List<String> wrongAfterPowerCut(FaultyLogFiles files, Path disk, int call) throws IOException {
        RandomGenerator random = RandomGeneratorFactory.getDefault().create(SEED + call);
        Path after = memory.resolve("after");
        FileSystemUtils.deleteRecursively(after);
        files.crashInto(after, random);
        List<String> wrong = wrong(after.resolve("data"));
        FileSystemUtils.deleteRecursively(disk);
        return wrong;
    }

    @Test
    void powerCutAtAnyCallLosesAndDoublesNothing() throws IOException {
        int count = callsOfTheWork();
        assertThat(count).isGreaterThan(200);
        for (int call = 1; call <= count + 1; call++) {
            Path disk = Files.createDirectories(memory.resolve("disk"));
            FaultyLogFiles files = new FaultyLogFiles(disk);
            files.crashAt(call);
            workUntilItFails(files, disk);
            assertThat(wrongAfterPowerCut(files, disk, call))
                    .as("power cut at call %d of %d, seed %d", call, count, SEED)
                    .isEmpty();
        }
    }

    @Test
    void killAtAnyCallLosesAndDoublesNothing() throws IOException {
        int count = callsOfTheWork();
        for (int call = 1; call <= count + 1; call++) {
            Path disk = Files.createDirectories(memory.resolve("disk"));
            FaultyLogFiles files = new FaultyLogFiles(disk);
            files.crashAt(call);
            workUntilItFails(files, disk);
            assertThat(wrong(disk.resolve("data")))
                    .as("killed at call %d of %d", call, count)
                    .isEmpty();
            FileSystemUtils.deleteRecursively(disk);
        }
    }

    @Test
    void callThatFailsOnceLosesAndDoublesNothing() throws IOException {
        int count = callsOfTheWork();
        int retried = 0;
        for (int call = 1; call <= count; call += 2) {
            Path disk = Files.createDirectories(memory.resolve("disk"));
            FaultyLogFiles files = new FaultyLogFiles(disk);
            files.failAt(call);
            workUntilItFails(files, disk);
            retried += failures > 0 ? 1 : 0;
            assertThat(wrongAfterPowerCut(files, disk, call))
                    .as("call %d of %d failed, then the power, seed %d", call, count, SEED)
                    .isEmpty();
        }
        assertThat(retried).as("compactions that failed and were tried again").isPositive();
    }

    /** The start that finishes an interrupted swap is killed itself, at each of its calls; the one after it must do. */
    @Test
    void killWhileAStartFinishesASwapLosesAndDoublesNothing() throws IOException {
        int count = callsOfTheWork();
        int finishings = 0;
        for (int call = 50; call <= count && finishings < 12; call++) {
            Path disk = Files.createDirectories(memory.resolve("disk"));
            FaultyLogFiles files = new FaultyLogFiles(disk);
            files.crashAt(call);
            workUntilItFails(files, disk);
            Path data = disk.resolve("data");
            if (isSwapUnfinished(data)) {
                finishings++;
                killStarts(data, call);
            }
            FileSystemUtils.deleteRecursively(disk);
        }
        assertThat(finishings).isEqualTo(12);
    }

    private static boolean isSwapUnfinished(Path data) throws IOException {
        try (Stream<Path> files = Files.walk(data)) {
            List<String> names = files.map(Path::toString).toList();
            return names.stream().anyMatch(name -> name.endsWith(SwapRecord.SUFFIX))
                    && names.stream().anyMatch(name -> name.endsWith(".log" + SegmentPaths.CLEANED_SUFFIX));
        }
    }

    private void killStarts(Path data, int call) throws IOException {
        for (int second = 1; second <= 20; second++) {
            Path again = memory.resolve("again");
            FileSystemUtils.deleteRecursively(again);
            StoreFixture.copy(data, again);
            FaultyLogFiles files = new FaultyLogFiles(again);
            files.crashAt(second);
            try {
                CompactionRig rig = new CompactionRig(files, again);
                try {
                    rig.open();
                } finally {
                    rig.kill();
                }
            } catch (IOException | StartRefusedException expected) {
                assertThat(expected).isNotNull();
            }
            files.closeAll();
            assertThat(wrong(again))
                    .as("killed at call %d, and the next start at its call %d", call, second)
                    .isEmpty();
        }
    }

    /** Shows that the tests above can fail. */
    @Test
    void diskThatLiesAboutNamesIsFoundOut() throws IOException {
        int count = callsOfTheWork();
        int losses = 0;
        for (int call = 10; call <= count; call += 5) {
            Path disk = Files.createDirectories(memory.resolve("disk"));
            FaultyLogFiles liar = new FaultyLogFiles(disk);
            liar.ignoreDirectorySync();
            liar.crashAt(call);
            workUntilItFails(liar, disk);
            losses += wrongAfterPowerCut(liar, disk, call).isEmpty() ? 0 : 1;
        }
        assertThat(losses).isPositive();
    }
}
