package io.wellspring.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.wellspring.model.TopicPartition;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.FileSystemUtils;

/** Damaged copies of one killed broker's directory: three segments below the durable mark or in it, three batches above. */
class RecoveryTest {
    private static final TopicPartition PARTITION = StoreFixture.ORDERS;
    private static final int TAIL_BATCHES = 3;

    @TempDir
    Path directory;

    private Path memory;
    private Path original;
    private byte[] active = new byte[0];
    private Path activeName;
    private long endOffset;
    private long markPosition;
    private long markOffset;

    /** Positions of the batches above the mark, and the end; and their offsets. */
    private final List<Integer> boundaries = new ArrayList<>();

    private final List<Long> offsets = new ArrayList<>();

    RecoveryTest() {
        this.memory = Path.of("/dev/shm");
        this.original = memory;
        this.activeName = memory;
    }

    @BeforeEach
    void prepare() throws IOException {
        // Thousands of small forced files: in memory where the machine has such a place.
        memory = Files.isDirectory(Path.of("/dev/shm"))
                ? Files.createTempDirectory(Path.of("/dev/shm"), "recovery")
                : directory;
        original = memory.resolve("original");
        StoreFixture fixture = new StoreFixture(new DiskLogFiles(), original);
        PartitionLog log = fixture.create(PARTITION);
        while (log.segmentCount() < 4 || log.segments().getLast().sizeBytes() < 600) {
            StoreFixture.append(log, 2);
        }
        log.flush();
        fixture.writeMarks();
        Segment last = log.segments().getLast();
        markPosition = last.sizeBytes();
        markOffset = log.endOffset();
        for (int i = 0; i < TAIL_BATCHES; i++) {
            boundaries.add((int) last.sizeBytes());
            offsets.add(log.endOffset());
            StoreFixture.append(log, 1);
        }
        boundaries.add((int) last.sizeBytes());
        offsets.add(log.endOffset());
        endOffset = log.endOffset();
        activeName = Path.of(PARTITION.toString()).resolve(last.paths().log().getFileName());
        assertThat(log.segments().getLast()).isSameAs(last);
        fixture.kill();
        active = Files.readAllBytes(original.resolve(activeName));
    }

    @AfterEach
    void cleanUp() throws IOException {
        FileSystemUtils.deleteRecursively(memory);
    }

    /** What a start makes of a damaged copy. */
    private record Outcome(long endOffset, boolean isOffline, List<String> batches) {}

    private Outcome startWith(byte[] mutated) throws IOException {
        return start(copy -> {
            Files.write(copy.resolve(activeName), mutated);
        });
    }

    /** Does something bad to a copy. */
    @FunctionalInterface
    private interface Mutation {
        void on(Path copy) throws IOException;
    }

    private Outcome start(Mutation mutation) throws IOException {
        Path copy = memory.resolve("copy");
        FileSystemUtils.deleteRecursively(copy);
        StoreFixture.copy(original, copy);
        mutation.on(copy);
        Map<String, String> before = StoreFixture.fingerprint(copy.resolve(PARTITION.toString()));
        StoreFixture fixture = new StoreFixture(new DiskLogFiles(), copy);
        PartitionLog log = fixture.open(PARTITION);
        Outcome outcome = new Outcome(
                log.endOffset(),
                log.isOffline(),
                log.isOffline() ? List.of() : StoreFixture.batchesOf(copy.resolve(PARTITION.toString())));
        if (log.isOffline()) {
            assertThat(StoreFixture.fingerprint(copy.resolve(PARTITION.toString())))
                    .isEqualTo(before);
        }
        fixture.kill();
        return outcome;
    }

    private long expectedEnd(byte[] mutated) {
        int same = Arrays.mismatch(active, mutated);
        int good = same < 0 ? active.length : same;
        long end = markOffset;
        for (int i = 0; i < boundaries.size(); i++) {
            if (boundaries.get(i) <= good) {
                end = offsets.get(i);
            }
        }
        return end;
    }

    private void assertCut(byte[] mutated, String what) throws IOException {
        Outcome outcome = startWith(mutated);
        assertThat(outcome.isOffline()).as(what).isFalse();
        assertThat(outcome.endOffset()).as(what).isEqualTo(expectedEnd(mutated));
        assertThat(outcome.batches()).as(what).allMatch(batch -> batch.endsWith("true"));
    }

    @Test
    void undamagedTailIsKept() throws IOException {
        assertThat(startWith(active).endOffset()).isEqualTo(endOffset);
    }

    @Test
    void tornTailIsCutToTheLongestValidPrefixAtEveryByte() throws IOException {
        RandomGenerator random = RandomGeneratorFactory.getDefault().create(7);
        for (int position = (int) markPosition; position < active.length; position++) {
            assertCut(Arrays.copyOf(active, position), "cut at " + position);
            byte[] zeros = active.clone();
            Arrays.fill(zeros, position, zeros.length, (byte) 0);
            assertCut(zeros, "zeros from " + position);
            assertCut(
                    Arrays.copyOf(Arrays.copyOf(active, position), position + 65_536), "preallocated from " + position);
            byte[] garbage = active.clone();
            byte[] noise = new byte[garbage.length - position];
            random.nextBytes(noise);
            System.arraycopy(noise, 0, garbage, position, noise.length);
            assertCut(garbage, "garbage from " + position);
        }
    }

    @Test
    void flippedBitAboveTheMarkCutsTheTailBeforeItsBatch() throws IOException {
        for (int position = (int) markPosition; position < active.length; position++) {
            if (isOutsideOfTheChecksum(position)) {
                // Any epoch may be right, and an offset may leave a hole.
                continue;
            }
            byte[] flipped = active.clone();
            flipped[position] ^= (byte) (1 << (position % 8));
            assertCut(flipped, "one bit of byte " + position);
        }
    }

    /** Base offset and leader epoch: the broker writes them into the producer's batch. */
    private boolean isOutsideOfTheChecksum(int position) {
        return boundaries.stream()
                .anyMatch(start -> (position >= start && position < start + 8)
                        || (position >= start + 12 && position < start + 16));
    }

    @Test
    void lostMiddleIsCutThoughAGoodBatchFollows() throws IOException {
        byte[] lost = active.clone();
        Arrays.fill(lost, boundaries.get(1), boundaries.get(2), (byte) 0);

        assertCut(lost, "lost middle");
    }

    @Test
    void shorterFileThanTheMarkIsRefusedAndUntouched() throws IOException {
        for (int size = 0; size < markPosition; size += 37) {
            assertThat(startWith(Arrays.copyOf(active, size)).isOffline())
                    .as("size " + size)
                    .isTrue();
        }
        assertThat(startWith(Arrays.copyOf(active, (int) markPosition - 1)).isOffline())
                .isTrue();
    }

    @Test
    void flippedBitInTheMarkedBatchIsRefusedAndUntouched() throws IOException {
        int start = lastBatchBelow((int) markPosition);
        for (int position = start; position < markPosition; position++) {
            if (position >= start + 12 && position < start + 16) {
                continue;
            }
            byte[] flipped = active.clone();
            flipped[position] ^= (byte) (1 << (position % 8));
            assertThat(startWith(flipped).isOffline()).as("byte " + position).isTrue();
        }
    }

    private int lastBatchBelow(int end) {
        ByteBuffer bytes = ByteBuffer.wrap(active);
        int position = 0;
        while (position + bytes.getInt(position + 8) + 12 < end) {
            position += bytes.getInt(position + 8) + 12;
        }
        return position;
    }

    @Test
    void missingOrShorterSealedSegmentIsRefusedAndUntouched() throws IOException {
        String sealed = PARTITION + "/00000000000000000000.log";
        assertThat(start(copy -> Files.delete(copy.resolve(sealed))).isOffline())
                .isTrue();
        assertThat(start(copy -> Files.write(
                                copy.resolve(sealed), Arrays.copyOf(Files.readAllBytes(copy.resolve(sealed)), 100)))
                        .isOffline())
                .isTrue();
        assertThat(start(copy ->
                                Files.copy(copy.resolve(sealed), copy.resolve(PARTITION + "/00000000000000000001.log")))
                        .isOffline())
                .isTrue();
        assertThat(start(copy -> Files.delete(copy.resolve(activeName))).isOffline())
                .isTrue();
    }

    @Test
    void lostMarksStillDoNotCutASealedSegment() throws IOException {
        String sealed = PARTITION + "/00000000000000000000.log";
        Mutation lost = copy -> Files.delete(copy.resolve(DurableMarks.FILE_NAME));
        assertThat(start(lost)).isEqualTo(startWith(active));
        assertThat(start(copy -> {
                            lost.on(copy);
                            flip(copy.resolve(sealed), 100);
                        })
                        .isOffline())
                .isTrue();
        Outcome torn = start(copy -> {
            lost.on(copy);
            Files.write(copy.resolve(activeName), Arrays.copyOf(active, active.length - 5));
        });
        assertThat(torn.isOffline()).isFalse();
        assertThat(torn.endOffset()).isEqualTo(offsets.get(TAIL_BATCHES - 1));
    }

    private static void flip(Path file, int position) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[position] ^= 1;
        Files.write(file, bytes);
    }

    @Test
    void everySmallFileMayBeLostOrDamaged() throws IOException {
        List<Path> small = new ArrayList<>();
        try (var files = Files.walk(original)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String name = file.getFileName().toString();
                if (!name.endsWith(".log")
                        && !name.equals(DirectoryIdentity.FILE_NAME)
                        && !name.equals(LogDirectory.LOCK_FILE)) {
                    small.add(original.relativize(file));
                }
            }
        }
        assertThat(small).hasSizeGreaterThan(5);
        List<UnaryOperator<byte[]>> damages = List.of(
                bytes -> new byte[0],
                bytes -> Arrays.copyOf(bytes, bytes.length / 2),
                bytes -> Arrays.copyOf(bytes, bytes.length + 64),
                RecoveryTest::inverted);
        for (Path file : small) {
            assertUnharmed(copy -> Files.delete(copy.resolve(file)), file + " missing");
            for (int i = 0; i < damages.size(); i++) {
                UnaryOperator<byte[]> damage = damages.get(i);
                assertUnharmed(
                        copy -> Files.write(copy.resolve(file), damage.apply(Files.readAllBytes(copy.resolve(file)))),
                        file + " damage " + i);
            }
        }
    }

    private static byte[] inverted(byte[] bytes) {
        byte[] other = bytes.clone();
        for (int i = 0; i < other.length; i++) {
            other[i] = (byte) ~other[i];
        }
        return other;
    }

    private void assertUnharmed(Mutation mutation, String what) throws IOException {
        Path copy = memory.resolve("copy");
        FileSystemUtils.deleteRecursively(copy);
        StoreFixture.copy(original, copy);
        mutation.on(copy);
        StoreFixture fixture = new StoreFixture(new DiskLogFiles(), copy);
        PartitionLog log = fixture.open(PARTITION);
        assertThat(log.offlineReason()).as(what).isNull();
        assertThat(log.endOffset()).as(what).isEqualTo(endOffset);
        assertThat(log.leaderEpochs().entries()).as(what).containsExactly(new LeaderEpochs.Entry(0, 0));
        for (long offset = 0; offset < endOffset; offset += 3) {
            assertThat(baseAt(log, offset)).as(what + " at " + offset).isLessThanOrEqualTo(offset);
            assertThat(log.firstAtOrAfter(900_000L + offset, endOffset))
                    .as(what + " time of " + offset)
                    .isEqualTo(new TimestampAndOffset(900_000L + offset, offset, 0));
        }
        fixture.kill();
    }

    private static long baseAt(PartitionLog log, long offset) {
        try {
            LogRead read = log.read(offset, log.endOffset(), 1 << 20, true);
            var slice = read.slice();
            assertThat(slice).isNotNull();
            if (slice == null) {
                return -1;
            }
            ByteBuffer header = ByteBuffer.allocate(61);
            slice.read(header, 0);
            slice.release();
            return header.getLong(0);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
