package io.wellspring.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wellspring.batch.RecordBatch;
import io.wellspring.model.TopicPartition;
import io.wellspring.support.StartRefusedException;
import io.wellspring.testing.FaultyLogFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.util.FileSystemUtils;

/** The power goes out, or one call fails, at each call to the disk in turn; then the next start must have all that was acknowledged. */
class PowerCutTest {
    private static final TopicPartition OTHER = new TopicPartition("orders", 1);

    /** Changes the pictures that a power cut leaves; every failure names it. */
    private static final long SEED = 20_261_123L;

    @TempDir
    Path directory;

    private Path memory = Path.of("/dev/shm");

    @BeforeEach
    void chooseADisk() throws IOException {
        memory = Files.isDirectory(memory) ? Files.createTempDirectory(memory, "powercut") : directory;
    }

    @AfterEach
    void cleanUp() throws IOException {
        FileSystemUtils.deleteRecursively(memory);
    }

    /** What somebody outside was promised about one log. */
    private static final class Promise {
        private boolean isCreated;
        private long startOffset;
        private long endOffset;
        private final BatchList state = new BatchList();
    }

    /** In which order the work beside is done: by threads as it comes, at once, or as late as can be. */
    enum Order {
        THREADS,
        AT_ONCE,
        LATE
    }

    private OrderedThreads beside = new OrderedThreads(false);

    private Order order = Order.AT_ONCE;

    /** Goes into the records: those that follow a truncation differ from those that were cut off. */
    private int history;

    private final TreeMap<TopicPartition, Promise> promises = new TreeMap<>();

    /** The same work each time: appends over rolls, marks, delete-records, a truncation, retention, a deletion, a clean stop. */
    private void work(FaultyLogFiles files, Path data) throws IOException {
        promises.clear();
        history = 0;
        beside = new OrderedThreads(order == Order.LATE);
        promises.put(StoreFixture.ORDERS, new Promise());
        promises.put(OTHER, new Promise());
        StoreFixture fixture = new StoreFixture(order == Order.THREADS ? LogThreads.OWN : beside, files, data);
        try {
            PartitionLog orders = create(fixture, StoreFixture.ORDERS);
            PartitionLog other = create(fixture, OTHER);
            append(orders, 12);
            append(other, 3);
            fixture.writeMarks();
            append(orders, 8);
            beside.run();
            orders.advanceStartOffset(15);
            promise(orders).startOffset = 15;
            truncate(orders, orders.endOffset() - 6);
            append(orders, 4);
            fixture.writeMarks();
            truncate(orders, 21);
            append(orders, 9);
            beside.run();
            orders.applyRetention(orders.endOffset());
            fixture.writeMarks();
            append(other, 12);
            fixture.close();
        } finally {
            fixture.kill();
        }
    }

    private Promise promise(PartitionLog log) {
        Promise promise = promises.get(log.partition());
        return promise == null ? new Promise() : promise;
    }

    private PartitionLog create(StoreFixture fixture, TopicPartition partition) throws IOException {
        Promise promise = promises.get(partition);
        PartitionLog log = fixture.create(partition, promise == null ? new BatchList() : promise.state);
        promise(log).isCreated = true;
        return log;
    }

    private void append(PartitionLog log, int batches) throws IOException {
        for (int i = 0; i < batches; i++) {
            RecordBatch batch = StoreFixture.batch(log.endOffset(), 3, "history " + history);
            log.append(List.of(batch));
            promise(log).state.replay(batch);
            log.flush();
            promise(log).endOffset = log.endOffset();
        }
    }

    private void truncate(PartitionLog log, long offset) throws IOException {
        promise(log).endOffset = Math.min(promise(log).endOffset, offset);
        log.truncateTo(offset);
        history++;
        promise(log).endOffset = log.endOffset();
    }

    /** What the next start lacks of all that was promised; empty if nothing. */
    private List<String> missing(Path data) throws IOException {
        List<String> missing = new ArrayList<>();
        StoreFixture fixture;
        try {
            fixture = new StoreFixture(new DiskLogFiles(), data);
        } catch (StartRefusedException refused) {
            return List.of("refused: " + refused.getMessage());
        }
        try {
            promises.forEach((partition, promise) -> {
                boolean isFound = fixture.store.directories().getFirst().hasFound(partition);
                if (!isFound) {
                    if (promise.isCreated) {
                        missing.add(partition + " is gone");
                    }
                    return;
                }
                check(fixture, partition, promise, missing);
            });
        } finally {
            fixture.kill();
        }
        return missing;
    }

    private static void check(StoreFixture fixture, TopicPartition partition, Promise promise, List<String> missing) {
        try {
            BatchList state = new BatchList();
            PartitionLog log = fixture.open(partition, state);
            if (!log.isOffline() && !isDerived(state.batches, log)) {
                missing.add(partition + " derives another state from " + state.restoredAt + " on");
            }
            if (log.isOffline()) {
                missing.add(partition + " is offline: " + log.offlineReason());
            } else if (log.endOffset() < promise.endOffset) {
                missing.add(partition + " ends at " + log.endOffset() + ", promised " + promise.endOffset);
            } else if (log.startOffset() < promise.startOffset) {
                missing.add(partition + " begins at " + log.startOffset() + ", promised " + promise.startOffset);
            }
            for (long offset = log.startOffset(); offset < log.endOffset() && !log.isOffline(); offset += 7) {
                TimestampAndOffset found = log.firstAtOrAfter(900_000L + offset, log.endOffset());
                if (found == null || found.offset() != offset) {
                    missing.add(partition + " finds " + found + " by the time of offset " + offset);
                }
            }
            long expected = -1;
            for (String batch : StoreFixture.batchesOf(log.directory())) {
                if (!batch.endsWith(" true")) {
                    missing.add(partition + " has a bad batch: " + batch);
                    break;
                }
                long base = Long.parseLong(batch.substring(0, batch.indexOf('+')));
                if (expected >= 0 && base != expected) {
                    missing.add(partition + " jumps from " + expected + " to " + base);
                }
                expected = base + 1 + Long.parseLong(batch.substring(batch.indexOf('+') + 1, batch.indexOf(' ')));
            }
            StoreFixture.append(log, 1);
            log.flush();
        } catch (IOException failure) {
            missing.add(partition + " failed: " + failure);
        }
    }

    /** Nothing need be known of what lies below the start. */
    private static boolean isDerived(List<String> known, PartitionLog log) throws IOException {
        List<String> batches = new ArrayList<>();
        int belowStart = 0;
        for (Path file : segmentsOf(log)) {
            ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file));
            int position = 0;
            while (position < bytes.limit()) {
                RecordBatch batch = RecordBatch.at(bytes, position);
                batches.add(BatchList.batch(batch.baseOffset(), batch.crc()));
                belowStart += batch.nextOffset() <= log.startOffset() ? 1 : 0;
                position += batch.sizeBytes();
            }
        }
        int unknown = batches.size() - known.size();
        return unknown >= 0
                && unknown <= belowStart
                && batches.subList(unknown, batches.size()).equals(known);
    }

    private static List<Path> segmentsOf(PartitionLog log) throws IOException {
        try (Stream<Path> files = Files.list(log.directory())) {
            return files.filter(path -> path.toString().endsWith(".log"))
                    .sorted()
                    .toList();
        }
    }

    private int callsOfTheWork() throws IOException {
        FaultyLogFiles counting = new FaultyLogFiles(memory);
        work(counting, memory.resolve("counted"));
        counting.closeAll();
        FileSystemUtils.deleteRecursively(memory.resolve("counted"));
        return counting.calls();
    }

    /** Cuts the power at this call; lies as told. */
    private List<String> cutAt(int call, FaultyLogFiles files, Path disk) throws IOException {
        files.crashAt(call);
        try {
            work(files, disk.resolve("data"));
        } catch (IOException | StartRefusedException expected) {
            assertThat(expected).isNotNull();
        }
        files.closeAll();
        RandomGenerator random = RandomGeneratorFactory.getDefault().create(SEED + call);
        Path after = memory.resolve("after");
        FileSystemUtils.deleteRecursively(after);
        files.crashInto(after, random);
        List<String> missing = missing(after.resolve("data"));
        FileSystemUtils.deleteRecursively(disk);
        return missing;
    }

    @ParameterizedTest
    @EnumSource(Order.class)
    void powerCutAtAnyCallLosesNothingThatWasAcknowledged(Order chosen) throws IOException {
        order = chosen;
        int calls = callsOfTheWork();
        assertThat(calls).isGreaterThan(150);
        for (int call = 1; call <= calls + 1; call++) {
            Path disk = Files.createDirectories(memory.resolve("disk"));
            assertThat(cutAt(call, new FaultyLogFiles(disk), disk))
                    .as("power cut at call %d of %d, seed %d", call, calls, SEED)
                    .isEmpty();
        }
    }

    /** Shows that the test above can fail. */
    @Test
    void diskThatLiesAboutFlushesLosesWhatWasAcknowledged() throws IOException {
        assertThat(losses(false)).isPositive();
        assertThat(losses(true)).isPositive();
    }

    private int losses(boolean ofNames) throws IOException {
        int losses = 0;
        int calls = callsOfTheWork();
        for (int call = 20; call <= calls; call += 20) {
            Path disk = Files.createDirectories(memory.resolve("disk"));
            FaultyLogFiles liar = new FaultyLogFiles(disk);
            if (ofNames) {
                liar.ignoreDirectorySync();
            } else {
                liar.ignoreForce();
            }
            losses += cutAt(call, liar, disk).isEmpty() ? 0 : 1;
        }
        return losses;
    }

    @ParameterizedTest
    @EnumSource(Order.class)
    void callThatFailsOnceIsNeverFollowedByAnotherForceOfThatFile(Order chosen) throws IOException {
        order = chosen;
        int calls = callsOfTheWork();
        for (int call = 1; call <= calls; call++) {
            Path disk = Files.createDirectories(memory.resolve("disk"));
            FaultyLogFiles files = new FaultyLogFiles(disk);
            files.failAt(call);
            try {
                work(files, disk.resolve("data"));
            } catch (IOException | StartRefusedException expected) {
                assertThat(expected).isNotNull();
            }
            files.closeAll();
            assertThat(files.forcesAfterFailedForce())
                    .as("call %d failed", call)
                    .isEmpty();
            Path after = memory.resolve("after");
            FileSystemUtils.deleteRecursively(after);
            files.crashInto(after, RandomGeneratorFactory.getDefault().create(SEED + call));
            assertThat(missing(after.resolve("data")))
                    .as("call %d failed, then the power, seed %d", call, SEED)
                    .isEmpty();
            FileSystemUtils.deleteRecursively(disk);
        }
    }

    @Test
    void failedForceTakesTheLogOfflineForGood() throws IOException {
        FaultyLogFiles files = new FaultyLogFiles(memory);
        StoreFixture fixture = new StoreFixture(files, memory.resolve("data"));
        PartitionLog log = fixture.create(StoreFixture.ORDERS);
        PartitionLog other = fixture.create(OTHER);
        StoreFixture.append(log, 3);
        files.failAt(files.calls() + 1);

        assertThatThrownBy(log::flush).isInstanceOf(IOException.class);

        assertThat(log.isOffline()).isTrue();
        assertThatThrownBy(log::flush).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> StoreFixture.append(log, 1)).isInstanceOf(IOException.class);
        StoreFixture.append(other, 1);
        other.flush();
        assertThat(other.isOffline()).isFalse();
        assertThat(files.forcesAfterFailedForce()).isEmpty();
        fixture.kill();
        files.closeAll();
    }
}
