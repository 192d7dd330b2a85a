package io.wellspring.coordinator.group;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wellspring.batch.BatchBuilder;
import io.wellspring.batch.compression.DecompressionBounds;
import io.wellspring.model.TopicPartition;
import io.wellspring.partition.Partition;
import io.wellspring.partition.ScriptedPartitions;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.LongStream;
import org.apache.kafka.common.errors.CoordinatorNotAvailableException;
import org.apache.kafka.common.message.ListGroupsResponseData;
import org.apache.kafka.common.message.ListGroupsResponseData.ListedGroup;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseGroup;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponsePartitions;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseTopics;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class GroupLagsTest {
    private static final String TOPIC = "orders";
    private static final long NOW_MS = 1_000_000L;

    @TempDir
    Path directory = Path.of("");

    private final Committed committed = new Committed();
    private ScriptedPartitions partitions;

    /** Groups and their offsets of one topic. */
    private static final class Committed implements GroupLags.Source {
        private final Map<String, Map<Integer, Long>> groups = new TreeMap<>();
        private final Map<String, Errors> errors = new HashMap<>();
        private Errors listError = Errors.NONE;

        @Override
        public CompletionStage<ListGroupsResponseData> list() {
            ListGroupsResponseData listed = new ListGroupsResponseData().setErrorCode(listError.code());
            if (listError != Errors.NONE) {
                return CompletableFuture.completedFuture(listed);
            }
            groups.keySet().stream()
                    .sorted(Comparator.reverseOrder())
                    .forEach(group -> listed.groups()
                            .add(new ListedGroup()
                                    .setGroupId(group)
                                    .setGroupType("Classic")
                                    .setGroupState("Empty")));
            return CompletableFuture.completedFuture(listed);
        }

        @Override
        public CompletionStage<OffsetFetchResponseGroup> committed(String groupId) {
            Errors error = errors.getOrDefault(groupId, Errors.NONE);
            if (error == Errors.COORDINATOR_NOT_AVAILABLE) {
                return CompletableFuture.failedStage(new CoordinatorNotAvailableException("stops"));
            }
            OffsetFetchResponseTopics topic = new OffsetFetchResponseTopics().setName(TOPIC);
            groups.getOrDefault(groupId, Map.of())
                    .forEach((partition, offset) -> topic.partitions()
                            .add(new OffsetFetchResponsePartitions()
                                    .setPartitionIndex(partition)
                                    .setCommittedOffset(offset)));
            return CompletableFuture.completedFuture(
                    new OffsetFetchResponseGroup().setErrorCode(error.code()).setTopics(List.of(topic)));
        }
    }

    @BeforeEach
    void open() {
        partitions = new ScriptedPartitions(directory);
    }

    @AfterEach
    void close() {
        partitions.close();
    }

    /** A record that a reader gets, as the test remembers it. */
    private record Sent(long offset, long timestampMs) {}

    @Test
    void figuresAreThoseOfAReaderThatCounts() {
        long seed = Long.getLong("seed", new SplittableRandom().nextLong());
        System.out.println("GroupLagsTest: seed=" + seed);
        SplittableRandom random = new SplittableRandom(seed);
        for (int index = 0; index < 30; index++) {
            Partition partition = partition(index);
            List<Sent> sent = new ArrayList<>();
            long open = fill(partition, random, sent);
            long end = partition.highWatermark();
            if (random.nextInt(3) == 0) {
                partition
                        .deleteRecords(random.nextLong(open + 1))
                        .toCompletableFuture()
                        .join();
            }
            for (long offset : LongStream.rangeClosed(0, end + 2).toArray()) {
                committed.groups.put("readers", Map.of(index, offset));

                GroupLag.OfPartition lag = one(lags(Runnable::run)).partitions().getFirst();

                long from = Math.max(offset, partition.logStartOffset());
                assertThat(lag)
                        .as("seed %s, offset %s of %s", seed, offset, partition)
                        .isEqualTo(new GroupLag.OfPartition(partition.id(), offset, end, open, ageOf(sent, from)));
                assertThat(lag.lag()).isEqualTo(LongStream.range(offset, end).count());
                assertThat(lag.stableLag())
                        .isEqualTo(LongStream.range(offset, open).count());
            }
        }
    }

    private static long ageOf(List<Sent> sent, long from) {
        for (Sent record : sent) {
            if (record.offset() >= from) {
                return Math.max(0L, NOW_MS - record.timestampMs());
            }
        }
        return 0L;
    }

    /** Batches, ends of transactions, transactions that stay open. @return the last stable offset */
    private static long fill(Partition partition, SplittableRandom random, List<Sent> sent) {
        Map<Long, Long> openSince = new TreeMap<>();
        int batches = random.nextInt(1, 15);
        for (int i = 0; i < batches; i++) {
            long producerId = random.nextLong(1, 4);
            long base = partition.logEndOffset();
            switch (random.nextInt(4)) {
                case 0 -> append(partition, records(new BatchBuilder(), base, random, sent));
                case 1, 2 -> {
                    openSince.putIfAbsent(producerId, base);
                    append(
                            partition,
                            records(
                                    new BatchBuilder()
                                            .producer(producerId, (short) 0, -1)
                                            .transactional(),
                                    base,
                                    random,
                                    sent));
                }
                default -> {
                    if (openSince.remove(producerId) != null) {
                        append(
                                partition,
                                new BatchBuilder()
                                        .producer(producerId, (short) 0, -1)
                                        .transactional()
                                        .control()
                                        .appendEndOfTransaction(NOW_MS, random.nextBoolean(), 0));
                    }
                }
            }
        }
        return openSince.values().stream().mapToLong(Long::longValue).min().orElse(partition.logEndOffset());
    }

    private static BatchBuilder records(BatchBuilder batch, long base, SplittableRandom random, List<Sent> sent) {
        int count = random.nextInt(1, 5);
        for (int i = 0; i < count; i++) {
            // Some lie in the future.
            long timestampMs = random.nextLong(NOW_MS + NOW_MS / 10);
            batch.append(timestampMs, new byte[] {1}, new byte[] {2});
            sent.add(new Sent(base + i, timestampMs));
        }
        return batch;
    }

    @Test
    void endsOfTransactionsAreNothingToRead() {
        Partition partition = partition(0);
        append(partition, one(new BatchBuilder().producer(1L, (short) 0, 0).transactional(), 10L));
        append(
                partition,
                new BatchBuilder()
                        .producer(1L, (short) 0, -1)
                        .transactional()
                        .control()
                        .appendEndOfTransaction(20L, true, 0));
        committed.groups.put("readers", Map.of(0, 1L));
        assertThat(one(lags(Runnable::run)).lagMs()).isZero();

        append(partition, one(new BatchBuilder(), 30L));

        assertThat(one(lags(Runnable::run)).lagMs()).isEqualTo(NOW_MS - 30L);
    }

    @Test
    void ageIsUnknownBehindMoreEndsOfTransactionsThanAreLookedAt() {
        Partition partition = partition(0);
        for (int i = 0; i < RecordTimes.BATCHES_MOST; i++) {
            append(
                    partition,
                    new BatchBuilder()
                            .producer(1L, (short) 0, -1)
                            .transactional()
                            .control()
                            .appendEndOfTransaction(20L, true, 0));
        }
        append(partition, one(new BatchBuilder(), 30L));
        committed.groups.put("readers", Map.of(0, 1L));
        assertThat(one(lags(Runnable::run)).lagMs()).isEqualTo(NOW_MS - 30L);

        committed.groups.put("readers", Map.of(0, 0L));
        assertThat(one(lags(Runnable::run)).lagMs()).isEqualTo(GroupLag.UNKNOWN_MS);
    }

    @Test
    void aLookTakesOnePlaceInTheQueueOfReadersHoweverManyGroupsThereAre() {
        append(partition(0), one(new BatchBuilder(), 30L));
        for (int i = 0; i < 500; i++) {
            committed.groups.put("group-" + i, Map.of(0, 0L));
        }
        Queue<Runnable> queue = new ArrayDeque<>();

        CompletableFuture<List<GroupLag>> answer = lags(queue::add).all(1000).toCompletableFuture();

        for (int i = 0; i < 500; i++) {
            assertThat(answer).isNotDone();
            assertThat(queue).hasSize(1);
            queue.remove().run();
        }
        assertThat(answer.join()).hasSize(500).allMatch(lag -> lag.lagMs() == NOW_MS - 30L);
    }

    @Test
    void offsetsAreToldWhenTheDiskIsTooBusyAndAgesAreUnknown() {
        append(partition(0), one(new BatchBuilder(), 30L));
        for (int i = 0; i < 2000; i++) {
            committed.groups.put("group-" + i, Map.of(0, i % 2L));
        }
        Executor full = task -> {
            throw new RejectedExecutionException("full");
        };

        List<GroupLag> all = lags(full).all(2000).toCompletableFuture().join();

        assertThat(all).hasSize(2000);
        for (GroupLag group : all) {
            boolean isBehind = group.partitions().getFirst().committedOffset() == 0;
            assertThat(group.lag()).isEqualTo(isBehind ? 1L : 0L);
            assertThat(group.lagMs()).isEqualTo(isBehind ? GroupLag.UNKNOWN_MS : 0L);
        }
    }

    @Test
    void queueThatFillsInTheMiddleLosesAgesAndNoGroup() {
        append(partition(0), one(new BatchBuilder(), 30L));
        for (int i = 0; i < 9; i++) {
            committed.groups.put("group-" + i, Map.of(0, 0L));
        }
        int[] calls = {0};
        Executor sometimes = task -> {
            if (calls[0]++ % 3 == 1) {
                throw new RejectedExecutionException("full");
            }
            task.run();
        };

        List<GroupLag> all = lags(sometimes).all(1000).toCompletableFuture().join();

        assertThat(all.stream().map(GroupLag::groupId)).containsExactlyElementsOf(committed.groups.keySet());
        assertThat(all.stream().filter(group -> group.lagMs() == GroupLag.UNKNOWN_MS))
                .hasSize(3);
    }

    @Test
    void groupsWhoseOffsetsCannotBeHadAreLeftOutAndTheOthersAreTold() {
        append(partition(0), one(new BatchBuilder(), 30L));
        committed.groups.put("loading", Map.of(0, 0L));
        committed.groups.put("stopping", Map.of(0, 0L));
        committed.groups.put("well", Map.of(0, 0L));
        committed.errors.put("loading", Errors.COORDINATOR_LOAD_IN_PROGRESS);
        committed.errors.put("stopping", Errors.COORDINATOR_NOT_AVAILABLE);
        GroupLags lags = lags(Runnable::run);

        assertThat(lags.all(10).toCompletableFuture().join().stream().map(GroupLag::groupId))
                .containsExactly("well");
        assertThatThrownBy(() -> lags.of("loading").toCompletableFuture().join())
                .hasMessageContaining("loading");
        assertThat(lags.of("nobody").toCompletableFuture().join()).isNull();
    }

    @Test
    void groupsThatAreBeingLoadedAreNotTakenForNone() {
        committed.groups.put("readers", Map.of());
        committed.listError = Errors.COORDINATOR_LOAD_IN_PROGRESS;
        GroupLags lags = lags(Runnable::run);

        assertThat(lags.all(10)).isCompletedExceptionally();
        assertThatThrownBy(() -> lags.of("readers").toCompletableFuture().join())
                .hasCauseInstanceOf(GroupsUnavailableException.class)
                .hasMessageContaining("COORDINATOR_LOAD_IN_PROGRESS");
    }

    @Test
    void noMoreGroupsAreLookedAtThanAskedFor() {
        for (int i = 0; i < 5; i++) {
            committed.groups.put("group-" + i, Map.of());
        }

        assertThat(lags(Runnable::run).all(3).toCompletableFuture().join().stream()
                        .map(GroupLag::groupId))
                .containsExactly("group-0", "group-1", "group-2");
    }

    @Test
    void partitionsThatAreGoneOrWithoutAnOffsetAreLeftOut() {
        append(partition(0), one(new BatchBuilder(), 30L));
        append(partition(1), one(new BatchBuilder(), 30L));
        committed.groups.put("readers", Map.of(0, -1L, 1, 0L, 7, 3L));

        assertThat(one(lags(Runnable::run)).partitions().stream()
                        .map(lag -> lag.partition().partition()))
                .containsExactly(1);
    }

    @Test
    void whatIsNotKnownMakesNoGroupYounger() {
        assertThat(GroupLag.older(5L, 3L)).isEqualTo(5L);
        assertThat(GroupLag.older(0L, 0L)).isZero();
        assertThat(GroupLag.older(5L, GroupLag.UNKNOWN_MS)).isEqualTo(5L);
        assertThat(GroupLag.older(GroupLag.UNKNOWN_MS, 5L)).isEqualTo(5L);
        assertThat(GroupLag.older(0L, GroupLag.UNKNOWN_MS)).isEqualTo(GroupLag.UNKNOWN_MS);
    }

    private GroupLags lags(Executor diskReads) {
        return new GroupLags(
                committed,
                partitions.all(),
                new RecordTimes(DecompressionBounds.DEFAULT),
                diskReads,
                () -> Instant.ofEpochMilli(NOW_MS));
    }

    private static GroupLag one(GroupLags lags) {
        return requireNonNull(lags.of("readers").toCompletableFuture().join());
    }

    private Partition partition(int index) {
        return partitions.open(
                new TopicPartition(TOPIC, index),
                Map.of("message.timestamp.after.max.ms", Long.toString(Long.MAX_VALUE)));
    }

    private static BatchBuilder one(BatchBuilder batch, long timestampMs) {
        return batch.append(timestampMs, null, new byte[] {2});
    }

    private static void append(Partition partition, BatchBuilder batch) {
        assertThat(partition
                        .appendOwn(batch.build())
                        .written()
                        .toCompletableFuture()
                        .join())
                .isPositive();
    }
}
