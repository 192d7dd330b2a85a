package io.wellspring.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wellspring.model.NodeId;
import io.wellspring.model.TopicId;
import io.wellspring.model.TopicPartition;
import io.wellspring.support.StartRefusedException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogStoreTest {
    private final LogFiles disk = new DiskLogFiles();

    @TempDir
    Path directory;

    @Test
    void firstStartMakesAnIdentityThatTheNextOneFinds() throws IOException {
        Path data = directory.resolve("deep/data");
        String clusterId;
        try (StoreFixture first = new StoreFixture(disk, data)) {
            clusterId = first.store.identity().clusterId();
        }
        try (StoreFixture second = new StoreFixture(disk, data)) {
            assertThat(second.store.identity().clusterId()).isEqualTo(clusterId).hasSize(22);
        }
    }

    @Test
    void secondDirectoryTakesTheClusterOfTheFirst() throws IOException {
        Path one = directory.resolve("one");
        Path two = directory.resolve("two");
        new StoreFixture(disk, one).close();
        try (StoreFixture both = new StoreFixture(disk, two, one)) {
            assertThat(both.store.directories()).hasSize(2);
        }
        assertThat(line(two, "cluster.id")).isEqualTo(line(one, "cluster.id"));
    }

    private static String line(Path data, String key) throws IOException {
        return Files.readAllLines(data.resolve(DirectoryIdentity.FILE_NAME)).stream()
                .filter(line -> line.startsWith(key + "="))
                .findFirst()
                .orElse("none");
    }

    @Test
    void lockedDirectoryIsRefusedAndLeftAlone() throws IOException {
        try (StoreFixture holder = new StoreFixture(disk, directory)) {
            holder.create(StoreFixture.ORDERS);
            assertRefused(directory, 1, "is in use");
        }
    }

    @Test
    void directoryOfSomethingElseIsRefusedAndLeftAlone() throws IOException {
        Files.writeString(directory.resolve("holiday.jpg"), "beach");

        assertRefused(directory, 1, "holiday.jpg");
    }

    @Test
    void directoryOfKafkaIsRefusedAndLeftAlone() throws IOException {
        Files.writeString(
                directory.resolve("meta.properties"),
                "#\nnode.id=1\ndirectory.id=a-OIvUFKR8KoDmQmN1xjbA\nversion=1\ncluster.id=SnCDuqO4RkmGYJYgg8v9Lg\n");

        assertRefused(directory, 1, "another broker");
    }

    @Test
    void directoryOfAnotherNodeIsRefusedAndLeftAlone() throws IOException {
        new StoreFixture(disk, directory).close();

        assertRefused(directory, 2, "node.id=1");
    }

    @Test
    void directoryOfANewerReleaseIsRefusedAndLeftAlone() throws IOException {
        new StoreFixture(disk, directory).close();
        Path meta = directory.resolve("meta.properties");
        Files.writeString(meta, Files.readString(meta).replace("wellspring.format=1", "wellspring.format=2"));

        assertRefused(directory, 1, "newer release");
    }

    @Test
    void damagedIdentityIsRefusedAndLeftAlone() throws IOException {
        new StoreFixture(disk, directory).close();
        Files.writeString(directory.resolve("meta.properties"), "");

        assertRefused(directory, 1, "cannot be read");
    }

    @Test
    void fileInPlaceOfADirectoryIsRefused() throws IOException {
        Path file = Files.writeString(directory.resolve("data"), "not a directory");

        assertRefused(file, 1, "is not a directory");
    }

    @Test
    void directoriesOfTwoClustersAreRefusedTogether() throws IOException {
        Path one = directory.resolve("one");
        Path two = directory.resolve("two");
        new StoreFixture(disk, one).close();
        new StoreFixture(disk, two).close();
        Map<String, String> before = StoreFixture.fingerprint(directory);

        assertThatThrownBy(() -> new DirectoryOpening(disk, new NodeId(1), List.of(one, two)).open())
                .isInstanceOf(StartRefusedException.class)
                .hasMessageContaining("cluster.id");
        assertThat(StoreFixture.fingerprint(directory)).isEqualTo(before);
    }

    @Test
    void partitionInTwoDirectoriesIsRefused() throws IOException {
        Path one = directory.resolve("one");
        Path two = directory.resolve("two");
        try (StoreFixture both = new StoreFixture(disk, one, two)) {
            both.create(StoreFixture.ORDERS);
        }
        StoreFixture.copy(one.resolve("orders-0"), two.resolve("orders-0"));
        Map<String, String> before = StoreFixture.fingerprint(directory);

        assertThatThrownBy(() -> new DirectoryOpening(disk, new NodeId(1), List.of(one, two)).open())
                .isInstanceOf(StartRefusedException.class)
                .hasMessageContaining("two log directories");
        assertThat(StoreFixture.fingerprint(directory)).isEqualTo(before);
    }

    private void assertRefused(Path data, int nodeId, String words) throws IOException {
        Map<String, String> before = StoreFixture.fingerprint(directory);
        assertThatThrownBy(() -> new DirectoryOpening(disk, new NodeId(nodeId), List.of(data)).open())
                .isInstanceOf(StartRefusedException.class)
                .hasMessageContaining(words);
        assertThat(StoreFixture.fingerprint(directory)).isEqualTo(before);
    }

    @Test
    void newLogsGoWhereTheFewestAre() throws IOException {
        Path one = directory.resolve("one");
        Path two = directory.resolve("two");
        try (StoreFixture both = new StoreFixture(disk, one, two)) {
            for (int i = 0; i < 6; i++) {
                both.create(new TopicPartition("t", i));
            }
            assertThat(both.store.directories()).allMatch(data -> data.logs().size() == 3);
        }
    }

    @Test
    void cleanStartReadsNoLogData() throws IOException {
        try (StoreFixture first = new StoreFixture(disk, directory)) {
            PartitionLog log = first.create(StoreFixture.ORDERS);
            for (int i = 0; i < 20; i++) {
                StoreFixture.append(log, 3);
            }
        }
        // Whoever read the batches would notice.
        Path partition = directory.resolve("orders-0");
        try (var files = Files.list(partition)) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".log")).toList()) {
                Files.write(file, new byte[(int) Files.size(file)]);
            }
        }

        StoreFixture second = new StoreFixture(disk, directory);
        PartitionLog log = second.open(StoreFixture.ORDERS);

        assertThat(log.isOffline()).isFalse();
        assertThat(log.endOffset()).isEqualTo(60);
        assertThat(second.store.progress().readBytes()).isZero();
        second.kill();
    }

    @Test
    void movedStartSurvivesAKill() throws IOException {
        StoreFixture first = new StoreFixture(disk, directory);
        PartitionLog log = first.create(StoreFixture.ORDERS);
        StoreFixture.append(log, 10);
        log.flush();
        log.advanceStartOffset(7);
        first.kill();

        try (StoreFixture second = new StoreFixture(disk, directory)) {
            assertThat(second.open(StoreFixture.ORDERS).startOffset()).isEqualTo(7);
        }
    }

    @Test
    void deletedLogIsGoneAtOnceAndItsFilesLater() throws IOException {
        StoreFixture first = new StoreFixture(disk, directory);
        PartitionLog log = first.create(StoreFixture.ORDERS);
        StoreFixture.append(log, 10);
        log.flush();
        log.configure(LogSettings.DEFAULTS);
        first.store.delete(log);
        assertThat(Files.exists(directory.resolve("orders-0"))).isFalse();
        PartitionLog again = first.store.create(
                StoreFixture.ORDERS, TopicId.random(), StoreFixture.SMALL, new StoreFixture.NoState());
        assertThat(again.endOffset()).isZero();
        first.close();

        new StoreFixture(disk, directory).close();
        try (var names = Files.list(directory)) {
            assertThat(names.map(Path::toString)).noneMatch(name -> name.endsWith("-delete"));
        }
    }

    @Test
    void fullDiskRefusesTopicsFirstAndInternalTopicsLater() throws IOException {
        try (StoreFixture fixture = new StoreFixture(disk, directory)) {
            long usable = disk.usableBytes(directory);
            DiskSpace full = new DiskSpace(disk, fixture.store.directories(), usable * 2, 1);
            DiskSpace fuller = new DiskSpace(disk, fixture.store.directories(), usable * 4, usable * 2);
            full.look();
            fuller.look();

            LogDirectory only = fixture.store.directories().getFirst();
            assertThat(full.acceptsWrites(only, false)).isFalse();
            assertThat(full.acceptsWrites(only, true)).isTrue();
            assertThat(fuller.acceptsWrites(only, true)).isFalse();
        }
    }

    @Test
    void aFullDiskTakesNoNewLogsAndHoldsUpNoOther(@TempDir Path other) throws IOException {
        AtomicLong usable = new AtomicLong(0);
        LogFiles files = new ForwardingFiles() {
            @Override
            public long usableBytes(Path asked) {
                return asked.equals(other) ? usable.get() : Long.MAX_VALUE;
            }
        };
        try (StoreFixture fixture = new StoreFixture(files, other, directory)) {
            PartitionLog onFull = fixture.create(StoreFixture.ORDERS);
            fixture.store.lookAtDisks();
            PartitionLog first = fixture.create(new TopicPartition("orders", 1));
            PartitionLog second = fixture.create(new TopicPartition("orders", 2));

            assertThat(other.resolve("orders-0")).isDirectory();
            assertThat(directory.resolve("orders-1")).isDirectory();
            assertThat(directory.resolve("orders-2")).isDirectory();
            assertThat(fixture.store.acceptsWrites(onFull, false)).isFalse();
            assertThat(fixture.store.acceptsWrites(onFull, true)).isFalse();
            assertThat(List.of(first, second)).allMatch(log -> fixture.store.acceptsWrites(log, false));

            usable.set(Long.MAX_VALUE);
            fixture.store.lookAtDisks();
            assertThat(fixture.store.acceptsWrites(onFull, false)).isTrue();
        }
    }

    @Test
    void aLogThatCouldNotBeMadeLeavesNothingInTheWay() throws IOException {
        AtomicBoolean isFull = new AtomicBoolean(true);
        LogFiles files = new ForwardingFiles() {
            @Override
            public void replace(Path path, ByteBuffer content) throws IOException {
                if (isFull.get() && path.endsWith("partition.metadata")) {
                    throw new IOException("No space left on device");
                }
                super.replace(path, content);
            }
        };
        try (StoreFixture fixture = new StoreFixture(files, directory)) {
            assertThatThrownBy(() -> fixture.create(StoreFixture.ORDERS)).isInstanceOf(IOException.class);
            assertThat(directory.resolve("orders-0")).doesNotExist();
            isFull.set(false);

            assertThat(fixture.create(StoreFixture.ORDERS).endOffset()).isZero();
            assertThat(fixture.store.directories().getFirst().partitionCount()).isEqualTo(1);
        }
    }

    @Test
    void logsThatAreMadeAtTheSameTimeSpreadOverTheDirectories(@TempDir Path other) throws Exception {
        CyclicBarrier bothChose = new CyclicBarrier(2);
        LogFiles files = new ForwardingFiles() {
            @Override
            public void createDirectory(Path path) throws IOException {
                if (path.getFileName().toString().startsWith("orders-")) {
                    try {
                        bothChose.await(1, TimeUnit.MINUTES);
                    } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
                        throw new IOException(e);
                    }
                }
                super.createDirectory(path);
            }
        };
        try (StoreFixture fixture = new StoreFixture(files, other, directory);
                ExecutorService second = Executors.newSingleThreadExecutor()) {
            Future<PartitionLog> made = second.submit(() -> fixture.create(new TopicPartition("orders", 1)));
            fixture.create(StoreFixture.ORDERS);
            made.get();

            assertThat(fixture.store.directories()).allMatch(one -> one.partitionCount() == 1);
        }
    }

    @Test
    void marksThatFindNoRoomStayAsTheyWereAndAreWrittenLater() throws IOException {
        AtomicBoolean isFull = new AtomicBoolean();
        LogFiles files = new ForwardingFiles() {
            @Override
            public void replace(Path path, ByteBuffer content) throws IOException {
                if (isFull.get()) {
                    throw new IOException("No space left on device");
                }
                super.replace(path, content);
            }
        };
        try (StoreFixture fixture = new StoreFixture(files, directory)) {
            PartitionLog log = fixture.create(StoreFixture.ORDERS);
            StoreFixture.append(log, 3);
            log.flush();
            LogDirectory only = fixture.store.directories().getFirst();
            byte[] before = Files.readAllBytes(directory.resolve("durable-marks"));
            isFull.set(true);

            assertThatThrownBy(only::writeMarks).isInstanceOf(DiskFullException.class);
            assertThat(only.failure()).isNull();
            assertThat(log.isOffline()).isFalse();
            StoreFixture.append(log, 2);
            log.truncateTo(3);
            assertThat(Files.readAllBytes(directory.resolve("durable-marks"))).isEqualTo(before);

            isFull.set(false);
            only.writeMarks();
            assertThat(Files.readAllBytes(directory.resolve("durable-marks"))).isNotEqualTo(before);
        }
    }

    @Test
    void scrubberFindsAFlippedBitBelowTheMarkAndTakesOnlyThatLogOffline() throws IOException {
        try (StoreFixture fixture = new StoreFixture(disk, directory)) {
            PartitionLog log = fixture.create(StoreFixture.ORDERS);
            PartitionLog other = fixture.create(new TopicPartition("orders", 1));
            for (PartitionLog one : List.of(log, other)) {
                for (int i = 0; i < 20; i++) {
                    StoreFixture.append(one, 3);
                }
                one.flush();
            }
            assertThat(fixture.store.scrub(log)).isNull();
            Path first = directory.resolve("orders-0/00000000000000000000.log");
            byte[] bytes = Files.readAllBytes(first);
            bytes[200] ^= 4;
            Files.write(first, bytes);

            assertThat(fixture.store.scrub(log)).contains("segment 0 is damaged at position 0");
            assertThat(log.isOffline()).isTrue();
            assertThat(fixture.store.scrub(other)).isNull();
            assertThat(other.isOffline()).isFalse();
        }
    }

    /** It went offline after its segments were renamed away and before the marks without them were written. */
    @Test
    void filesOfALogThatIsOfflineStayWhileItsMarkAsksForThem() throws IOException {
        OrderedThreads late = new OrderedThreads(true);
        StoreFixture first = new StoreFixture(late, disk, directory);
        PartitionLog log = first.create(StoreFixture.ORDERS);
        while (log.segmentCount() < 3) {
            StoreFixture.append(log, 2);
        }
        log.flush();
        first.writeMarks();
        log.advanceStartOffset(log.endOffset() - 1);
        assertThat(log.applyRetention(log.endOffset())).isPositive();
        log.takeOffline("the test says so");
        late.run();
        first.kill();

        StoreFixture second = new StoreFixture(disk, directory);
        assertThat(second.open(StoreFixture.ORDERS).offlineReason()).isNull();
        second.kill();
    }
}
