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
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.ApiMessageType;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.message.ProduceResponseData.PartitionProduceResponse;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.BaseRecords;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Produce, from the client's bytes to the disk. */
final class ProduceTest {
    @TempDir
    private static Path data = Path.of("");

    private static @Nullable TestCore core;

    @BeforeAll
    static void start() {
        core = new TestCore(
                data,
                Map.of(
                        "wellspring.api.max-partitions-per-request", "3",
                        "wellspring.batch.max-decompressed-size", "1MB"));
    }

    @AfterAll
    static void stop() {
        core().close();
    }

    private static TestCore core() {
        return requireNonNull(core);
    }

    static IntStream versions() {
        return IntStream.rangeClosed(3, 13);
    }

    private static MemoryRecords records(String... values) {
        SimpleRecord[] records = new SimpleRecord[values.length];
        for (int i = 0; i < values.length; i++) {
            records[i] = new SimpleRecord(1000 + i, values[i].getBytes(StandardCharsets.UTF_8));
        }
        return MemoryRecords.withRecords(Compression.NONE, records);
    }

    private static PartitionProduceData share(int index, @Nullable BaseRecords records) {
        return new PartitionProduceData().setIndex(index).setRecords(records);
    }

    private static ProduceRequestData request(int version, String topic, TopicId id, PartitionProduceData... shares) {
        TopicProduceData topicData =
                new TopicProduceData().setTopicId(TopicIds.uuidOf(id)).setPartitionData(List.of(shares));
        if (version < 13) {
            topicData.setName(topic);
        }
        ProduceRequestData request =
                new ProduceRequestData().setAcks((short) -1).setTimeoutMs(1000);
        request.topicData().add(topicData);
        return request;
    }

    private static PartitionProduceResponse ask(int version, ProduceRequestData request) {
        ProduceResponseData response = core().ask(ApiMessageType.PRODUCE, version, request, new ProduceResponseData());
        return response.responses().iterator().next().partitionResponses().getFirst();
    }

    private static Errors errorOf(PartitionProduceResponse answer) {
        return Errors.forCode(answer.errorCode());
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 1})
    void theConfiguredBoundOnDecompressionHolds(int byteMore) {
        String topic = "bound" + byteMore;
        TopicId id = core().createTopic(topic, 1, Map.of());
        // A record of one value that large has 10 bytes of its own around it.
        byte[] value = new byte[(1 << 20) - 10 + byteMore];
        MemoryRecords packed = MemoryRecords.withRecords(Compression.gzip().build(), new SimpleRecord(1000, value));

        PartitionProduceResponse answer = ask(13, request(13, topic, id, share(0, packed)));

        assertThat(errorOf(answer)).isEqualTo(byteMore > 0 ? Errors.MESSAGE_TOO_LARGE : Errors.NONE);
    }

    @ParameterizedTest
    @MethodSource("versions")
    void everyVersionAppendsAndAnswersTheOffset(int version) {
        String topic = "every-" + version;
        TopicId id = core().createTopic(topic, 1, Map.of());

        PartitionProduceResponse first = ask(version, request(version, topic, id, share(0, records("a", "b"))));
        PartitionProduceResponse second = ask(version, request(version, topic, id, share(0, records("c"))));

        assertThat(errorOf(first)).isEqualTo(Errors.NONE);
        assertThat(first.baseOffset()).isZero();
        assertThat(second.baseOffset()).isEqualTo(2);
        assertThat(second.logAppendTimeMs()).isEqualTo(-1);
        assertThat(second.logStartOffset()).isEqualTo(version < 5 ? -1 : 0);
        assertThat(core().partition(topic, 0).highWatermark()).isEqualTo(3);
    }

    @Test
    void logAppendTimeIsToldWhereTheTopicTakesTheBrokersClock() {
        TopicId id = core().createTopic("append-time", 1, Map.of("message.timestamp.type", "LogAppendTime"));

        assertThat(ask(12, request(12, "append-time", id, share(0, records("a"))))
                        .logAppendTimeMs())
                .isPositive();
    }

    @Test
    void whatDoesNotExistIsNamedAsTheVersionNamesIt() {
        TopicId id = core().createTopic("exists", 1, Map.of());

        assertThat(errorOf(ask(12, request(12, "missing", TopicId.ZERO, share(0, records("a"))))))
                .isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(errorOf(ask(12, request(12, "exists", id, share(1, records("a"))))))
                .isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(errorOf(ask(13, request(13, "", TopicId.random(), share(0, records("a"))))))
                .isEqualTo(Errors.UNKNOWN_TOPIC_ID);
        assertThat(errorOf(ask(13, request(13, "", id, share(-1, records("a"))))))
                .isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION);
    }

    @ParameterizedTest
    @ValueSource(shorts = {2, -2, Short.MAX_VALUE})
    void otherAcknowledgementsAreRefusedAndNothingIsAppended(short acks) {
        TopicId id = core().createTopic("acks" + acks, 1, Map.of());

        PartitionProduceResponse answer =
                ask(9, request(9, "acks" + acks, id, share(0, records("a"))).setAcks(acks));

        assertThat(errorOf(answer)).isEqualTo(Errors.INVALID_REQUIRED_ACKS);
        assertThat(core().partition("acks" + acks, 0).logEndOffset()).isZero();
    }

    @Test
    void aFailureInOnePartitionLeavesTheOthersAlone() {
        TopicId id = core().createTopic("apart", 2, Map.of());

        ProduceResponseData response = core().ask(
                        ApiMessageType.PRODUCE,
                        9,
                        request(9, "apart", id, share(0, null), share(1, records("a"))),
                        new ProduceResponseData());

        List<PartitionProduceResponse> answers =
                response.responses().iterator().next().partitionResponses();
        assertThat(answers).extracting(ProduceTest::errorOf).containsExactly(Errors.INVALID_RECORD, Errors.NONE);
        assertThat(answers.getFirst().errorMessage()).contains("no records");
        assertThat(answers.getFirst().baseOffset()).isEqualTo(-1);
    }

    @Test
    void twoBatchesForOnePartitionAreBothRefused() {
        TopicId id = core().createTopic("twice", 1, Map.of());

        ProduceResponseData response = core().ask(
                        ApiMessageType.PRODUCE,
                        9,
                        request(9, "twice", id, share(0, records("a")), share(0, records("b"))),
                        new ProduceResponseData());

        assertThat(response.responses().iterator().next().partitionResponses())
                .extracting(ProduceTest::errorOf)
                .containsExactly(Errors.INVALID_REQUEST, Errors.INVALID_REQUEST);
        assertThat(core().partition("twice", 0).logEndOffset()).isZero();
    }

    @Test
    void asManyPartitionsAsAllowedAreTakenAndOneMoreIsNot() {
        TopicId id = core().createTopic("many", 4, Map.of());
        PartitionProduceData[] four = IntStream.range(0, 4)
                .mapToObj(index -> share(index, records("a")))
                .toArray(PartitionProduceData[]::new);

        Errors atLimit = errorOf(ask(9, request(9, "many", id, four[0], four[1], four[2])));
        Errors above = errorOf(ask(9, request(9, "many", id, four)));

        assertThat(atLimit).isEqualTo(Errors.NONE);
        assertThat(above).isEqualTo(Errors.INVALID_REQUEST);
        assertThat(core().partition("many", 3).logEndOffset()).isZero();
    }

    @Test
    void transactionsAreRefusedForThereIsNoCoordinator() {
        TopicId id = core().createTopic("transactions", 1, Map.of());
        MemoryRecords transactional = MemoryRecords.withTransactionalRecords(
                Compression.NONE, 5L, (short) 0, 0, new SimpleRecord("a".getBytes(StandardCharsets.UTF_8)));
        ProduceRequestData request = request(9, "transactions", id, share(0, transactional));

        assertThat(errorOf(ask(9, request))).isEqualTo(Errors.TRANSACTIONAL_ID_AUTHORIZATION_FAILED);
        assertThat(errorOf(ask(9, request.setTransactionalId("mine")))).isEqualTo(Errors.INVALID_TXN_STATE);
    }

    @Test
    void nobodyWritesToTheCatalogNotEvenKafkasTools() {
        ProduceRequestData request = request(9, "__wellspring_catalog", TopicId.ZERO, share(0, records("a")));

        for (String clientId : List.of("test", "__admin_client")) {
            ProduceResponseData response =
                    requireNonNull(core().send(ApiMessageType.PRODUCE, 9, clientId, request, new ProduceResponseData())
                            .join());
            assertThat(errorOf(response.responses()
                            .iterator()
                            .next()
                            .partitionResponses()
                            .getFirst()))
                    .isEqualTo(Errors.INVALID_TOPIC_EXCEPTION);
        }
    }

    @Test
    void withoutAcknowledgementsSuccessHasNoAnswerAndFailureClosesTheConnection() {
        TopicId id = core().createTopic("silent", 1, Map.of());
        ProduceRequestData good =
                request(9, "silent", id, share(0, records("a"))).setAcks((short) 0);
        ProduceRequestData bad =
                request(9, "silent", id, share(7, records("a"))).setAcks((short) 0);

        assertThat(core().send(ApiMessageType.PRODUCE, 9, "test", good, new ProduceResponseData())
                        .join())
                .isNull();
        assertThat(core().partition("silent", 0).logEndOffset()).isOne();
        CompletableFuture<@Nullable ProduceResponseData> closed =
                core().send(ApiMessageType.PRODUCE, 9, "test", bad, new ProduceResponseData());
        assertThat(closed)
                .failsWithin(Duration.ofSeconds(10))
                .withThrowableThat()
                .withCauseInstanceOf(ConnectionRefusedException.class);
    }

    @Test
    void aRepeatedIdempotentBatchGetsTheFirstAnswerAndAGapIsRefused() {
        TopicId id = core().createTopic("idempotent", 1, Map.of());

        PartitionProduceResponse first = ask(9, request(9, "idempotent", id, share(0, idempotent(0))));
        PartitionProduceResponse again = ask(9, request(9, "idempotent", id, share(0, idempotent(0))));
        PartitionProduceResponse gap = ask(9, request(9, "idempotent", id, share(0, idempotent(2))));

        assertThat(again.baseOffset()).isEqualTo(first.baseOffset());
        assertThat(errorOf(again)).isEqualTo(Errors.NONE);
        assertThat(errorOf(gap)).isEqualTo(Errors.OUT_OF_ORDER_SEQUENCE_NUMBER);
        assertThat(core().partition("idempotent", 0).logEndOffset()).isOne();
    }

    private static MemoryRecords idempotent(int sequence) {
        return MemoryRecords.withIdempotentRecords(
                Compression.NONE, 5L, (short) 0, sequence, new SimpleRecord("a".getBytes(StandardCharsets.UTF_8)));
    }
}
