package io.wellspring.api.data;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.wellspring.model.TopicId;
import io.wellspring.partition.Partitions;
import io.wellspring.testing.TestCore;
import io.wellspring.topic.CatalogDecision;
import io.wellspring.topic.CatalogRefusal;
import io.wellspring.topic.Topics;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.ApiMessageType;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.ListOffsetsRequestData;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsPartition;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsTopic;
import org.apache.kafka.common.message.ListOffsetsResponseData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Queues that are full, and the limits of one fetch. */
final class QueueLimitsTest {
    private static final int VALUE_BYTES = 1500;

    @TempDir
    private Path data = Path.of("");

    private TestCore core(Map<String, Object> settings) {
        return new TestCore(data, settings);
    }

    private static TestCore withRecords(TestCore core, String topic, int count) {
        core.createTopic(topic, 1, Map.of());
        for (int i = 0; i < count; i++) {
            ProduceRequestData request =
                    new ProduceRequestData().setAcks((short) -1).setTimeoutMs(1000);
            byte[] value = "v".repeat(VALUE_BYTES).getBytes(StandardCharsets.UTF_8);
            request.topicData()
                    .add(new TopicProduceData()
                            .setName(topic)
                            .setPartitionData(List.of(new PartitionProduceData()
                                    .setIndex(0)
                                    .setRecords(MemoryRecords.withRecords(
                                            Compression.NONE, new SimpleRecord(1000 + i, value))))));
            core.ask(ApiMessageType.PRODUCE, 9, request, new ProduceResponseData());
        }
        assertThat(core.partition(topic, 0).highWatermark()).isEqualTo(count);
        return core;
    }

    /** Keeps one thread busy and its queue of one place full until it is let go. */
    private static CountDownLatch fill(Executor threads) throws InterruptedException {
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        threads.execute(() -> {
            started.countDown();
            awaitQuietly(release);
        });
        started.await();
        threads.execute(() -> {});
        return release;
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static ListOffsetsResponseData offsetAt(TestCore core, String topic, long timestamp) {
        return core.ask(
                ApiMessageType.LIST_OFFSETS,
                9,
                new ListOffsetsRequestData()
                        .setReplicaId(-1)
                        .setTopics(List.of(new ListOffsetsTopic()
                                .setName(topic)
                                .setPartitions(List.of(new ListOffsetsPartition()
                                        .setPartitionIndex(0)
                                        .setTimestamp(timestamp))))),
                new ListOffsetsResponseData());
    }

    private static Errors errorOf(ListOffsetsResponseData response) {
        return Errors.forCode(
                response.topics().getFirst().partitions().getFirst().errorCode());
    }

    @Test
    void aSearchThatFindsTheDiskThreadsBusyMayBeTriedAgain() throws Exception {
        try (TestCore core = withRecords(
                core(Map.of("wellspring.partition.read-threads", "1", "wellspring.partition.read-queue", "1")),
                "searched",
                1)) {
            CountDownLatch release = fill(core.bean(Partitions.class).diskReads());
            assertThat(errorOf(offsetAt(core, "searched", 1000))).isEqualTo(Errors.OFFSET_NOT_AVAILABLE);
            assertThat(errorOf(offsetAt(core, "searched", -1)))
                    .as("the end needs no disk")
                    .isEqualTo(Errors.NONE);

            release.countDown();
            ListOffsetsResponseData response = offsetAt(core, "searched", 1000);
            for (int i = 0; i < 1000 && errorOf(response) != Errors.NONE; i++) {
                response = offsetAt(core, "searched", 1000);
            }
            assertThat(errorOf(response)).isEqualTo(Errors.NONE);
        }
    }

    private static CompletableFuture<@Nullable FetchResponseData> fetch(
            TestCore core, String topic, int minBytes, int maxWaitMs) {
        FetchRequestData request = new FetchRequestData()
                .setMaxWaitMs(maxWaitMs)
                .setMinBytes(minBytes)
                .setMaxBytes(Integer.MAX_VALUE)
                .setTopics(List.of(new FetchTopic()
                        .setTopic(topic)
                        .setPartitions(List.of(new FetchPartition()
                                .setPartition(0)
                                .setFetchOffset(0)
                                .setPartitionMaxBytes(Integer.MAX_VALUE)))));
        return core.send(ApiMessageType.FETCH, 12, "test", request, new FetchResponseData());
    }

    private static int recordBytes(CompletableFuture<@Nullable FetchResponseData> response) {
        FetchResponseData data =
                requireNonNull(response.orTimeout(30, TimeUnit.SECONDS).join());
        var records = data.responses().getFirst().partitions().getFirst().records();
        return records == null ? 0 : records.sizeInBytes();
    }

    @Test
    void aColdFetchThatFindsTheDiskThreadsBusyIsAnsweredInTimeAndServedLater() throws Exception {
        // What was written before a restart does not count as recent, so it is read by a disk thread.
        withRecords(core(Map.of()), "cold", 3).close();
        try (TestCore core =
                core(Map.of("wellspring.partition.read-threads", "1", "wellspring.partition.read-queue", "1"))) {
            CountDownLatch release = fill(core.bean(Partitions.class).diskReads());
            var busy = fetch(core, "cold", 1, 0);
            core.time().advance(Duration.ofMillis(20));
            assertThat(recordBytes(busy)).as("nothing, and no error").isZero();

            release.countDown();
            int sizeBytes = 0;
            for (int i = 0; i < 1000 && sizeBytes == 0; i++) {
                var response = fetch(core, "cold", 1, 0);
                core.time().advance(Duration.ofMillis(20));
                sizeBytes = recordBytes(response);
            }
            assertThat(sizeBytes).isGreaterThan(3 * VALUE_BYTES);
        }
    }

    @Test
    void anAnswerIsNoLargerThanTheBrokerAllowsWhateverTheClientWants() {
        try (TestCore core = withRecords(core(Map.of("wellspring.api.fetch-max-bytes", "4KB")), "large", 10)) {
            assertThat(recordBytes(fetch(core, "large", 1, 0))).isBetween(2 * VALUE_BYTES, 4096);
            // More than may come is not waited for.
            assertThat(recordBytes(fetch(core, "large", 1_000_000, 1000))).isBetween(2 * VALUE_BYTES, 4096);
        }
    }

    @Test
    void aFetchWaitsNoLongerThanTheBrokerAllowsWhateverTheClientWants() {
        try (TestCore core = withRecords(core(Map.of("wellspring.api.fetch-max-wait", "2s")), "slow", 1)) {
            var response = fetch(core, "slow", 1_000_000, Integer.MAX_VALUE);
            core.time().advance(Duration.ofMillis(1999));
            assertThat(response).isNotDone();

            core.time().advance(Duration.ofMillis(1));
            assertThat(recordBytes(response)).isGreaterThan(VALUE_BYTES);
        }
    }

    @Test
    void aChangeOfTheCatalogThatFindsTheQueueFullMayBeTriedAgain() throws Exception {
        try (TestCore core = core(Map.of("wellspring.partition.catalog-queue", "1"))) {
            Topics topics = core.bean(Topics.class);
            CountDownLatch started = new CountDownLatch(1);
            CountDownLatch release = new CountDownLatch(1);
            topics.propose(
                    catalog -> {
                        started.countDown();
                        awaitQuietly(release);
                        return new CatalogDecision.Accepted(List.of());
                    },
                    Duration.ofMinutes(1));
            started.await();
            var waiting = topics.propose(_ -> new CatalogDecision.Accepted(List.of()), Duration.ofMinutes(1));
            var surplus = topics.propose(_ -> new CatalogDecision.Accepted(List.of()), Duration.ofMinutes(1));

            assertThat(waiting.toCompletableFuture()).isNotDone();
            assertThat(surplus.toCompletableFuture().join())
                    .isInstanceOfSatisfying(
                            CatalogDecision.Refused.class,
                            refused -> assertThat(refused.reason()).isEqualTo(CatalogRefusal.UNAVAILABLE));

            release.countDown();
            assertThat(waiting.toCompletableFuture().join()).isNull();
            TopicId later = core.createTopic("later", 1, Map.of());
            assertThat(later).isNotNull();
        }
    }
}
