package io.wellspring.coordinator.group;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.wellspring.batch.BatchBuilder;
import io.wellspring.batch.compression.Compression;
import io.wellspring.batch.compression.DecompressionBounds;
import io.wellspring.model.CompressionType;
import io.wellspring.model.TopicPartition;
import io.wellspring.partition.Partition;
import io.wellspring.partition.ScriptedPartitions;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.apache.kafka.common.errors.NotLeaderOrFollowerException;
import org.apache.kafka.common.requests.TransactionResult;
import org.apache.kafka.coordinator.common.runtime.CoordinatorLoader.LoadSummary;
import org.apache.kafka.coordinator.common.runtime.CoordinatorPlayback;
import org.apache.kafka.coordinator.common.runtime.CoordinatorRecord;
import org.apache.kafka.coordinator.group.GroupCoordinatorRecordSerde;
import org.apache.kafka.coordinator.group.generated.OffsetCommitKey;
import org.apache.kafka.coordinator.group.generated.OffsetCommitValue;
import org.apache.kafka.server.common.ApiMessageAndVersion;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class GroupLogLoaderTest {
    private static final org.apache.kafka.common.TopicPartition NAME =
            new org.apache.kafka.common.TopicPartition(OffsetsTopic.NAME, 3);
    private static final int BUFFER_SIZE_BYTES = 512;

    @TempDir
    Path directory = Path.of("");

    private final GroupCoordinatorRecordSerde serde = new GroupCoordinatorRecordSerde();
    private final Heard heard = new Heard();
    private final List<Integer> failed = new CopyOnWriteArrayList<>();
    private ScriptedPartitions partitions;
    private Partition partition;
    private GroupLogLoader loader;

    /** What the library would hear. */
    private static final class Heard implements CoordinatorPlayback<CoordinatorRecord> {
        private final List<String> all = new ArrayList<>();
        private final List<Long> written = new ArrayList<>();
        private Runnable onReplay = () -> {};
        private long committed = -1;

        @Override
        public void replay(long offset, long producerId, short producerEpoch, CoordinatorRecord record) {
            OffsetCommitKey key = (OffsetCommitKey) record.key();
            ApiMessageAndVersion value = record.value();
            String committedOffset =
                    value == null ? "none" : Long.toString(((OffsetCommitValue) value.message()).offset());
            all.add(offset + ": " + key.group() + "=" + committedOffset
                    + (producerId < 0 ? "" : " by " + producerId + "/" + producerEpoch));
            onReplay.run();
        }

        @Override
        public void replayEndTransactionMarker(long producerId, short producerEpoch, TransactionResult result) {
            all.add(result + " of " + producerId + "/" + producerEpoch);
        }

        @Override
        public void updateLastWrittenOffset(long offset) {
            written.add(offset);
        }

        @Override
        public void updateLastCommittedOffset(long offset) {
            committed = offset;
        }
    }

    @BeforeEach
    void open() {
        partitions = new ScriptedPartitions(directory);
        partition = partitions.open(
                new TopicPartition(NAME.topic(), NAME.partition()), Map.of("cleanup.policy", "compact"));
        loader = new GroupLogLoader(
                partitions.all(),
                serde,
                DecompressionBounds.DEFAULT,
                BUFFER_SIZE_BYTES,
                1,
                () -> Instant.ofEpochMilli(1_000),
                failed::add);
    }

    @AfterEach
    void close() {
        loader.close();
        partitions.close();
    }

    @Test
    void emptyLogIsLoadedAtOnce() {
        assertThat(load().numRecords()).isZero();
        assertThat(heard.all).isEmpty();
    }

    @Test
    void recordsAreReplayedInOrderWithTombstones() {
        append(commit(commit(new BatchBuilder(), "one", 10), "two", 20));
        append(commit(commit(new BatchBuilder(), "one", 11), "two", -1));

        LoadSummary summary = load();

        assertThat(heard.all).containsExactly("0: one=10", "1: two=20", "2: one=11", "3: two=none");
        assertThat(heard.committed).isEqualTo(4L);
        assertThat(summary.numRecords()).isEqualTo(4L);
        assertThat(summary.numBytes()).isEqualTo(partition.sizeBytes());
    }

    /** Otherwise it would be missing in memory, and come into the log all the same. */
    @Test
    void whatWasWrittenBeforeIsWaitedFor() {
        append(commit(new BatchBuilder(), "one", 10));
        partitions.engine().hold();
        append(commit(new BatchBuilder(), "one", 11));

        CompletableFuture<LoadSummary> load = loader.load(NAME, heard);
        assertThat(load).isNotDone();
        assertThat(heard.all).isEmpty();
        partitions.engine().commit(1);
        load.join();

        assertThat(heard.all).containsExactly("0: one=10", "1: one=11");
    }

    @ParameterizedTest
    @EnumSource(CompressionType.class)
    void compressedBatchesAreReplayed(CompressionType type) {
        BatchBuilder batch = new BatchBuilder().compression(Compression.of(type));
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            commit(batch, "one", i);
            expected.add(i + ": one=" + i);
        }
        append(batch);

        load();

        assertThat(heard.all).isEqualTo(expected);
    }

    @Test
    void batchLargerThanTheBufferIsReplayedBetweenSmallOnes() {
        append(commit(new BatchBuilder(), "small", 1));
        append(commit(new BatchBuilder(), "g".repeat(3 * BUFFER_SIZE_BYTES), 2));
        append(commit(new BatchBuilder(), "small", 3));

        load();

        assertThat(heard.all).hasSize(3).endsWith("2: small=3");
        assertThat(heard.written).last().isEqualTo(3L);
    }

    @Test
    void replayBeginsAtTheLogsStartInTheMiddleOfABatch() {
        append(commit(commit(commit(new BatchBuilder(), "one", 10), "two", 20), "three", 30));
        append(commit(new BatchBuilder(), "one", 11));
        partition.deleteRecords(2).toCompletableFuture().join();

        load();

        assertThat(heard.all).containsExactly("2: three=30", "3: one=11");
    }

    @Test
    void endsOfTransactionsAreReplayedWithTheirProducers() {
        append(commit(new BatchBuilder().producer(7L, (short) 1, 0).transactional(), "one", 10));
        append(commit(new BatchBuilder().producer(8L, (short) 2, 0).transactional(), "two", 20));
        append(end(7L, 1, true));
        append(end(8L, 2, false));

        load();

        assertThat(heard.all).containsExactly("0: one=10 by 7/1", "1: two=20 by 8/2", "COMMIT of 7/1", "ABORT of 8/2");
        assertThat(heard.committed).isEqualTo(4L);
    }

    private static BatchBuilder end(long producerId, int epoch, boolean committed) {
        return new BatchBuilder()
                .producer(producerId, (short) epoch, -1)
                .transactional()
                .control()
                .appendEndOfTransaction(1_000L, committed, 0);
    }

    @Test
    void recordsOfTypesThatAreNotKnownArePassedOver() {
        append(new BatchBuilder().append(1_000L, new byte[] {0x7f, 0x7f, 1, 2, 3}, new byte[] {0, 0, 1}));
        append(commit(new BatchBuilder(), "one", 10));

        load();

        assertThat(heard.all).containsExactly("1: one=10");
        assertThat(heard.committed).isEqualTo(2L);
    }

    /** A group without its newest state would go backwards: better none, and said so. */
    @Test
    void damagedBatchFailsTheLoad() throws IOException {
        append(commit(new BatchBuilder(), "one", 10));
        append(commit(new BatchBuilder(), "two", 20));
        Path log;
        try (Stream<Path> files = Files.walk(directory)) {
            log = files.filter(file ->
                            file.toString().endsWith(".log") && file.toString().contains(NAME.toString()))
                    .findFirst()
                    .orElseThrow();
        }
        try (FileChannel channel = FileChannel.open(log, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap("X".getBytes(UTF_8)), channel.size() - 3);
        }

        assertThatThrownBy(this::load)
                .isInstanceOf(CompletionException.class)
                .hasRootCauseInstanceOf(IOException.class)
                .hasRootCauseMessage(NAME + " is damaged: checksum of the batch at offset 1");
        assertThat(heard.all).doesNotContain("1: two=20");
        // The room tries again.
        await().untilAsserted(() -> assertThat(failed).containsExactly(NAME.partition()));
    }

    @Test
    void stopInTheMiddleFailsTheLoad() {
        for (int i = 0; i < 100; i++) {
            append(commit(new BatchBuilder(), "one", i));
        }
        heard.onReplay = loader::close;

        assertThatThrownBy(this::load)
                .hasRootCauseInstanceOf(IllegalStateException.class)
                .hasMessageContaining("the broker is stopping");
        assertThat(heard.all).hasSizeLessThan(100);
        assertThatThrownBy(this::load).hasMessageContaining("the broker is stopping");
        assertThat(failed).isEmpty();
    }

    @Test
    void failingReplayFailsTheLoad() {
        append(commit(new BatchBuilder(), "one", 10));
        heard.onReplay = () -> {
            throw new IllegalArgumentException("a bug of the state machine");
        };

        assertThatThrownBy(this::load).hasCauseInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void partitionsThatAreNotHereOrNotLedAreRefused() {
        assertThatThrownBy(() -> loader.load(new org.apache.kafka.common.TopicPartition(OffsetsTopic.NAME, 99), heard)
                        .join())
                .hasCauseInstanceOf(NotLeaderOrFollowerException.class);
        append(commit(new BatchBuilder(), "one", 10));
        partitions.engine().loseLeadership();

        assertThatThrownBy(this::load).hasCauseInstanceOf(NotLeaderOrFollowerException.class);
    }

    private LoadSummary load() {
        return loader.load(NAME, heard).join();
    }

    /** @param offset less than 0: a tombstone */
    private BatchBuilder commit(BatchBuilder batch, String group, long offset) {
        OffsetCommitKey key =
                new OffsetCommitKey().setGroup(group).setTopic("orders").setPartition(0);
        CoordinatorRecord record = offset < 0
                ? CoordinatorRecord.tombstone(key)
                : CoordinatorRecord.record(
                        key,
                        new ApiMessageAndVersion(
                                new OffsetCommitValue().setOffset(offset).setMetadata(""), (short) 3));
        return batch.append(1_000L, serde.serializeKey(record), serde.serializeValue(record));
    }

    private void append(BatchBuilder batch) {
        assertThat(partition
                        .appendOwn(batch.build())
                        .written()
                        .toCompletableFuture()
                        .join())
                .isPositive();
    }
}
