package io.wellspring.api.data;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.wellspring.api.ConnectionRefusedException;
import io.wellspring.api.TopicIds;
import io.wellspring.model.TopicId;
import io.wellspring.testing.TestCore;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.ApiMessageType;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Fetch, from the client's bytes to the disk and back; time passes when a test says so. */
final class FetchTest {
    private static final int MANY_BYTES = 1 << 20;

    @TempDir
    private static Path data = Path.of("");

    private static @Nullable TestCore core;

    @BeforeAll
    static void start() {
        core = new TestCore(data, Map.of("wellspring.api.max-partitions-per-request", "4"));
    }

    @AfterAll
    static void stop() {
        core().close();
    }

    private static TestCore core() {
        return requireNonNull(core);
    }

    static IntStream versions() {
        return IntStream.rangeClosed(4, 18);
    }

    private static TopicId topicWith(String topic, int partitionCount, String... values) {
        TopicId id = core().createTopic(topic, partitionCount, Map.of());
        for (String value : values) {
            produce(topic, 0, value);
        }
        return id;
    }

    private static int produce(String topic, int partition, String value) {
        MemoryRecords records = MemoryRecords.withRecords(
                Compression.NONE, new SimpleRecord(1000, value.getBytes(StandardCharsets.UTF_8)));
        ProduceRequestData request =
                new ProduceRequestData().setAcks((short) -1).setTimeoutMs(1000);
        request.topicData()
                .add(new TopicProduceData()
                        .setName(topic)
                        .setPartitionData(List.of(
                                new PartitionProduceData().setIndex(partition).setRecords(records))));
        ProduceResponseData response = core().ask(ApiMessageType.PRODUCE, 9, request, new ProduceResponseData());
        assertThat(response.responses()
                        .iterator()
                        .next()
                        .partitionResponses()
                        .getFirst()
                        .errorCode())
                .isZero();
        return records.sizeInBytes();
    }

    private static FetchPartition from(int partition, long offset) {
        return new FetchPartition()
                .setPartition(partition)
                .setFetchOffset(offset)
                .setPartitionMaxBytes(MANY_BYTES);
    }

    private static FetchRequestData request(int version, String topic, TopicId id, FetchPartition... partitions) {
        FetchTopic fetchTopic =
                version < 13 ? new FetchTopic().setTopic(topic) : new FetchTopic().setTopicId(TopicIds.uuidOf(id));
        return new FetchRequestData()
                .setMaxWaitMs(500)
                .setMinBytes(1)
                .setMaxBytes(MANY_BYTES)
                .setTopics(List.of(fetchTopic.setPartitions(List.of(partitions))));
    }

    private static CompletableFuture<@Nullable FetchResponseData> send(int version, FetchRequestData request) {
        return core().send(ApiMessageType.FETCH, version, "test", request, new FetchResponseData());
    }

    private static FetchResponseData await(CompletableFuture<@Nullable FetchResponseData> response) {
        return requireNonNull(response.orTimeout(30, TimeUnit.SECONDS).join());
    }

    private static List<PartitionData> partitions(FetchResponseData response) {
        return response.responses().stream()
                .flatMap(topic -> topic.partitions().stream())
                .toList();
    }

    private static List<String> values(PartitionData partition) {
        List<String> values = new ArrayList<>();
        if (partition.records() instanceof MemoryRecords records) {
            for (Record record : records.records()) {
                values.add(Utils.utf8(record.value()));
            }
        }
        return values;
    }

    @ParameterizedTest
    @MethodSource("versions")
    void everyVersionGivesTheRecordsThatAreThere(int version) {
        TopicId id = topicWith("every-" + version, 1, "a", "b", "c");

        FetchResponseData response = await(send(version, request(version, "every-" + version, id, from(0, 1))));

        PartitionData partition = partitions(response).getFirst();
        assertThat(response.errorCode()).isZero();
        assertThat(partition.errorCode()).isZero();
        assertThat(values(partition)).containsExactly("b", "c");
        assertThat(partition.highWatermark()).isEqualTo(3);
        assertThat(partition.lastStableOffset()).isEqualTo(3);
        assertThat(partition.logStartOffset()).isEqualTo(version < 5 ? -1 : 0);
        assertThat(partition.abortedTransactions()).isNull();
        assertThat(partition.preferredReadReplica()).isEqualTo(-1);
    }

    @Test
    void anEmptyPartitionIsWaitedForUntilTimeIsUp() {
        TopicId id = topicWith("quiet", 1);
        int timers = core().time().pending();

        CompletableFuture<@Nullable FetchResponseData> response = send(17, request(17, "quiet", id, from(0, 0)));
        assertThat(response).isNotDone();
        core().time().advance(Duration.ofMillis(499));
        assertThat(response).isNotDone();
        core().time().advance(Duration.ofMillis(1));

        assertThat(values(partitions(await(response)).getFirst())).isEmpty();
        assertThat(core().time().pending()).as("no timer is left behind").isEqualTo(timers);
    }

    @Test
    void recordsThatArriveEndTheWaitAtOnce() {
        TopicId id = topicWith("arrives", 2);
        int timers = core().time().pending();
        CompletableFuture<@Nullable FetchResponseData> response =
                send(17, request(17, "arrives", id, from(0, 0), from(1, 0)));

        produce("arrives", 1, "x");

        assertThat(partitions(await(response))).extracting(FetchTest::values).containsExactly(List.of(), List.of("x"));
        assertThat(core().time().pending()).isEqualTo(timers);
    }

    @Test
    void minBytesCountsOverAllPartitions() {
        TopicId id = topicWith("min-bytes", 2);
        int batchBytes = produce("min-bytes", 0, "0123456789");
        FetchRequestData request =
                request(17, "min-bytes", id, from(0, 0), from(1, 0)).setMinBytes(2 * batchBytes);
        CompletableFuture<@Nullable FetchResponseData> response = send(17, request);
        assertThat(response).isNotDone();

        produce("min-bytes", 1, "0123456789");

        assertThat(partitions(await(response)))
                .extracting(FetchTest::values)
                .containsExactly(List.of("0123456789"), List.of("0123456789"));
    }

    @Test
    void oneByteLessThanMinBytesIsWaitedForUntilTimeIsUp() {
        TopicId id = topicWith("one-less", 1);
        int batchBytes = produce("one-less", 0, "a");
        CompletableFuture<@Nullable FetchResponseData> response =
                send(17, request(17, "one-less", id, from(0, 0)).setMinBytes(batchBytes + 1));
        assertThat(response).isNotDone();

        core().time().advance(Duration.ofMillis(500));

        assertThat(values(partitions(await(response)).getFirst())).containsExactly("a");
    }

    @Test
    void noWaitIsAnsweredAtOnce() {
        TopicId id = topicWith("no-wait", 1);

        assertThat(send(17, request(17, "no-wait", id, from(0, 0)).setMaxWaitMs(0)))
                .isCompleted();
        assertThat(send(17, request(17, "no-wait", id, from(0, 0)).setMinBytes(0)))
                .isCompleted();
    }

    @Test
    void theFirstBatchMayExceedEveryAllowanceAndTheNextPartitionMayNot() {
        TopicId id = topicWith("allowance", 2);
        int batchBytes = produce("allowance", 0, "a".repeat(100));
        produce("allowance", 0, "b");
        produce("allowance", 1, "c");
        FetchRequestData request = request(17, "allowance", id, from(0, 0).setPartitionMaxBytes(1), from(1, 0))
                .setMaxBytes(batchBytes - 1);

        List<PartitionData> partitions = partitions(await(send(17, request)));

        assertThat(values(partitions.get(0))).containsExactly("a".repeat(100));
        assertThat(values(partitions.get(1))).isEmpty();
    }

    @Test
    void maxBytesIsSharedInTheOrderOfThePartitions() {
        TopicId id = topicWith("shared", 3);
        int batchBytes = produce("shared", 0, "a");
        produce("shared", 1, "b");
        produce("shared", 2, "c");

        FetchRequestData request =
                request(17, "shared", id, from(2, 0), from(0, 0), from(1, 0)).setMaxBytes(2 * batchBytes);

        assertThat(partitions(await(send(17, request))))
                .extracting(FetchTest::values)
                .containsExactly(List.of("c"), List.of("a"), List.of());
    }

    @Test
    void anOffsetOutOfRangeIsToldAtOnceWhateverTheOthersDo() {
        TopicId id = topicWith("range", 2, "a");

        CompletableFuture<@Nullable FetchResponseData> response =
                send(17, request(17, "range", id, from(1, 0), from(0, 2)));

        assertThat(response).isCompleted();
        assertThat(partitions(await(response)))
                .extracting(PartitionData::errorCode)
                .containsExactly(Errors.NONE.code(), Errors.OFFSET_OUT_OF_RANGE.code());
    }

    @Test
    void anEpochThatNobodyHasLedYetIsUnknown() {
        TopicId id = topicWith("epochs", 1, "a");
        int epoch = core().partition("epochs", 0).leaderEpoch();

        FetchResponseData newer =
                await(send(17, request(17, "epochs", id, from(0, 0).setCurrentLeaderEpoch(epoch + 1))));

        assertThat(partitions(newer).getFirst().errorCode()).isEqualTo(Errors.UNKNOWN_LEADER_EPOCH.code());
    }

    @Test
    void whatDoesNotExistIsNamedAndDoesNotEndTheWaitOfTheOthers() {
        TopicId id = topicWith("half", 1);

        CompletableFuture<@Nullable FetchResponseData> mixed =
                send(12, request(12, "half", id, from(0, 0), from(9, 0)));
        assertThat(mixed).isNotDone();
        core().time().advance(Duration.ofMillis(500));

        assertThat(partitions(await(mixed)))
                .extracting(PartitionData::errorCode)
                .containsExactly(Errors.NONE.code(), Errors.UNKNOWN_TOPIC_OR_PARTITION.code());
        CompletableFuture<@Nullable FetchResponseData> unknown =
                send(13, request(13, "", TopicId.random(), from(0, 0)));
        assertThat(unknown).isCompleted();
        assertThat(partitions(await(unknown)).getFirst().errorCode()).isEqualTo(Errors.UNKNOWN_TOPIC_ID.code());
    }

    @Test
    void aDeletedTopicEndsTheWait() {
        TopicId id = topicWith("deleted", 1);
        CompletableFuture<@Nullable FetchResponseData> response = send(17, request(17, "deleted", id, from(0, 0)));
        assertThat(response).isNotDone();

        core().deleteTopic("deleted");

        assertThat(partitions(await(response)).getFirst().errorCode()).isEqualTo(Errors.UNKNOWN_TOPIC_ID.code());
    }

    @Test
    void aClosedConnectionEndsTheWaitAndLeavesNothingBehind() {
        TopicId id = topicWith("gone", 1);
        int timers = core().time().pending();
        CompletableFuture<@Nullable FetchResponseData> response = send(17, request(17, "gone", id, from(0, 0)));

        core().disconnect();

        assertThat(response)
                .failsWithin(Duration.ofSeconds(10))
                .withThrowableThat()
                .withCauseInstanceOf(ConnectionRefusedException.class);
        assertThat(core().time().pending()).isEqualTo(timers);
    }

    @Test
    void aSessionAnswersOnlyWhatChanged() {
        TopicId id = topicWith("session", 2, "a");
        FetchRequestData full =
                request(17, "session", id, from(0, 0), from(1, 0)).setSessionEpoch(0);
        FetchResponseData opened = await(send(17, full));
        assertThat(opened.sessionId()).isPositive();
        assertThat(partitions(opened)).hasSize(2);

        produce("session", 1, "b");
        FetchRequestData next = request(17, "session", id, from(0, 1))
                .setSessionId(opened.sessionId())
                .setSessionEpoch(1);
        FetchResponseData changed = await(send(17, next));

        assertThat(changed.sessionId()).isEqualTo(opened.sessionId());
        assertThat(partitions(changed)).singleElement().satisfies(partition -> {
            assertThat(partition.partitionIndex()).isOne();
            assertThat(values(partition)).containsExactly("b");
        });
        FetchResponseData stale = await(send(17, next));
        assertThat(stale.errorCode()).isEqualTo(Errors.INVALID_FETCH_SESSION_EPOCH.code());
    }

    @Test
    void requestsBeyondTheLimitOfAStrangeLevelOrFromAReplicaAreRefused() {
        TopicId id = topicWith("refused", 1, "a");
        FetchPartition[] five =
                IntStream.range(0, 5).mapToObj(partition -> from(partition, 0)).toArray(FetchPartition[]::new);

        FetchResponseData tooMany = await(send(17, request(17, "refused", id, five)));
        FetchResponseData strange =
                await(send(17, request(17, "refused", id, from(0, 0)).setIsolationLevel((byte) 2)));
        FetchResponseData replica =
                await(send(12, request(12, "refused", id, from(0, 0)).setReplicaId(1)));

        assertThat(tooMany.errorCode()).isEqualTo(Errors.INVALID_REQUEST.code());
        assertThat(strange.errorCode()).isEqualTo(Errors.INVALID_REQUEST.code());
        assertThat(partitions(replica).getFirst().errorCode()).isEqualTo(Errors.NOT_LEADER_OR_FOLLOWER.code());
    }
}
