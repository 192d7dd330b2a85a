package io.wellspring.api.data;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.wellspring.testing.TestCore;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.ApiMessageType;
import org.apache.kafka.common.message.DeleteRecordsRequestData;
import org.apache.kafka.common.message.DeleteRecordsRequestData.DeleteRecordsPartition;
import org.apache.kafka.common.message.DeleteRecordsRequestData.DeleteRecordsTopic;
import org.apache.kafka.common.message.DeleteRecordsResponseData;
import org.apache.kafka.common.message.DeleteRecordsResponseData.DeleteRecordsPartitionResult;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.InitProducerIdResponseData;
import org.apache.kafka.common.message.ListOffsetsRequestData;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsPartition;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsTopic;
import org.apache.kafka.common.message.ListOffsetsResponseData;
import org.apache.kafka.common.message.ListOffsetsResponseData.ListOffsetsPartitionResponse;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** ListOffsets, DeleteRecords and InitProducerId, from the client's bytes to the disk. */
final class OffsetsTest {
    @TempDir
    private static Path data = Path.of("");

    private static @Nullable TestCore core;

    /** Three records with the times 1000, 3000 and 2000. */
    @BeforeAll
    static void start() {
        core = new TestCore(data, Map.of("wellspring.api.max-partitions-per-request", "3"));
        topicOfThree("three");
    }

    @AfterAll
    static void stop() {
        core().close();
    }

    private static TestCore core() {
        return requireNonNull(core);
    }

    private static void topicOfThree(String topic) {
        core().createTopic(topic, 4, Map.of());
        for (long timestamp : new long[] {1000, 3000, 2000}) {
            MemoryRecords records = MemoryRecords.withRecords(
                    Compression.NONE, new SimpleRecord(timestamp, "a".getBytes(StandardCharsets.UTF_8)));
            ProduceRequestData request = new ProduceRequestData().setAcks((short) -1);
            request.topicData()
                    .add(new TopicProduceData()
                            .setName(topic)
                            .setPartitionData(List.of(
                                    new PartitionProduceData().setIndex(0).setRecords(records))));
            core().ask(ApiMessageType.PRODUCE, 9, request, new ProduceResponseData());
        }
    }

    private static ListOffsetsPartition at(int partition, long timestamp) {
        return new ListOffsetsPartition().setPartitionIndex(partition).setTimestamp(timestamp);
    }

    private static List<ListOffsetsPartitionResponse> list(
            int version, String topic, ListOffsetsPartition... partitions) {
        ListOffsetsRequestData request = new ListOffsetsRequestData()
                .setReplicaId(-1)
                .setTopics(List.of(new ListOffsetsTopic().setName(topic).setPartitions(List.of(partitions))));
        return core().ask(ApiMessageType.LIST_OFFSETS, version, request, new ListOffsetsResponseData())
                .topics()
                .getFirst()
                .partitions();
    }

    static IntStream listVersions() {
        return IntStream.rangeClosed(1, 11);
    }

    @ParameterizedTest
    @MethodSource("listVersions")
    void everyVersionFindsTheEndsAndATime(int version) {
        ListOffsetsPartitionResponse latest = list(version, "three", at(0, -1)).getFirst();
        ListOffsetsPartitionResponse earliest =
                list(version, "three", at(0, -2)).getFirst();
        ListOffsetsPartitionResponse byTime =
                list(version, "three", at(0, 1001)).getFirst();

        assertThat(latest.offset()).isEqualTo(3);
        assertThat(latest.timestamp()).isEqualTo(-1);
        assertThat(earliest.offset()).isZero();
        assertThat(byTime.offset()).isOne();
        assertThat(byTime.timestamp()).isEqualTo(3000);
        assertThat(byTime.leaderEpoch()).isEqualTo(version < 4 ? -1 : 0);
    }

    /** The last version without the timestamp, and what the next one answers. */
    @ParameterizedTest
    @CsvSource({"6, -3, 1, 3000", "7, -4, 0, -1", "8, -5, -1, -1", "10, -6, -1, -1"})
    void eachSpecialTimestampCameWithAVersion(int lastWithout, long timestamp, long offset, long foundTimestamp) {
        ListOffsetsPartitionResponse before =
                list(lastWithout, "three", at(0, timestamp)).getFirst();
        ListOffsetsPartitionResponse after =
                list(lastWithout + 1, "three", at(0, timestamp)).getFirst();

        assertThat(before.errorCode()).isEqualTo(Errors.UNSUPPORTED_VERSION.code());
        assertThat(after.errorCode()).isZero();
        assertThat(after.offset()).isEqualTo(offset);
        assertThat(after.timestamp()).isEqualTo(foundTimestamp);
    }

    @Test
    void whatIsNotThereHasNoOffset() {
        assertThat(list(11, "three", at(0, 3001)).getFirst().offset()).isEqualTo(-1);
        assertThat(list(11, "three", at(1, -3)).getFirst().offset()).isEqualTo(-1);
        assertThat(list(11, "three", at(0, -7)).getFirst().errorCode()).isEqualTo(Errors.UNSUPPORTED_VERSION.code());
        assertThat(list(11, "missing", at(0, -1)).getFirst().errorCode())
                .isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION.code());
        assertThat(list(11, "three", at(0, -1).setCurrentLeaderEpoch(99))
                        .getFirst()
                        .errorCode())
                .isEqualTo(Errors.UNKNOWN_LEADER_EPOCH.code());
    }

    @Test
    void duplicatesAndMoreThanAllowedAreInvalid() {
        assertThat(list(11, "three", at(0, -1), at(1, -1), at(0, -2)))
                .extracting(ListOffsetsPartitionResponse::errorCode)
                .containsExactly(Errors.INVALID_REQUEST.code(), Errors.NONE.code(), Errors.INVALID_REQUEST.code());
        assertThat(list(11, "three", at(0, -1), at(1, -1), at(2, -1), at(3, -1)))
                .extracting(ListOffsetsPartitionResponse::errorCode)
                .containsOnly(Errors.INVALID_REQUEST.code());
    }

    private static DeleteRecordsPartitionResult delete(int version, String topic, long offset) {
        DeleteRecordsRequestData request = new DeleteRecordsRequestData()
                .setTimeoutMs(1000)
                .setTopics(List.of(new DeleteRecordsTopic()
                        .setName(topic)
                        .setPartitions(List.of(new DeleteRecordsPartition()
                                .setPartitionIndex(0)
                                .setOffset(offset)))));
        return core().ask(ApiMessageType.DELETE_RECORDS, version, request, new DeleteRecordsResponseData())
                .topics()
                .iterator()
                .next()
                .partitions()
                .iterator()
                .next();
    }

    @ParameterizedTest
    @CsvSource({"0", "1", "2"})
    void deletingMovesTheStartToTheOffsetAndAtMostToTheHighWatermark(int version) {
        String topic = "deleted-" + version;
        topicOfThree(topic);

        assertThat(delete(version, topic, 2).lowWatermark()).isEqualTo(2);
        assertThat(delete(version, topic, 1).lowWatermark()).isEqualTo(2);
        assertThat(delete(version, topic, 4).errorCode()).isEqualTo(Errors.OFFSET_OUT_OF_RANGE.code());
        assertThat(delete(version, topic, -2).errorCode()).isEqualTo(Errors.OFFSET_OUT_OF_RANGE.code());
        assertThat(delete(version, topic, -1).lowWatermark()).isEqualTo(3);
        assertThat(list(11, topic, at(0, -2)).getFirst().offset()).isEqualTo(3);
    }

    @Test
    void compactedAndInternalTopicsKeepTheirRecords() {
        core().createTopic("compacted", 1, Map.of("cleanup.policy", "compact"));

        assertThat(delete(2, "compacted", -1).errorCode()).isEqualTo(Errors.POLICY_VIOLATION.code());
        assertThat(delete(2, "__wellspring_catalog", -1).errorCode()).isEqualTo(Errors.INVALID_TOPIC_EXCEPTION.code());
        assertThat(delete(2, "missing", -1).errorCode()).isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION.code());
    }

    private static InitProducerIdRequestData idempotent() {
        return new InitProducerIdRequestData().setTransactionalId(null);
    }

    private static InitProducerIdResponseData init(int version, InitProducerIdRequestData request) {
        return core().ask(ApiMessageType.INIT_PRODUCER_ID, version, request, new InitProducerIdResponseData());
    }

    @ParameterizedTest
    @CsvSource({"0", "1", "2", "3", "4", "5"})
    void everyProducerGetsAnIdOfItsOwn(int version) {
        InitProducerIdResponseData first = init(version, idempotent());
        InitProducerIdResponseData second = init(version, idempotent());

        assertThat(first.errorCode()).isZero();
        assertThat(first.producerEpoch()).isZero();
        assertThat(second.producerId()).isNotEqualTo(first.producerId());
    }

    @Test
    void anIdempotentProducerThatNamesItsOldIdGetsANewOne() {
        InitProducerIdResponseData answer =
                init(5, idempotent().setProducerId(3).setProducerEpoch((short) 4));

        assertThat(answer.producerId()).isNotEqualTo(3);
        assertThat(answer.producerEpoch()).isZero();
    }

    @Test
    void halfAnIdentityIsInvalidAndTransactionsAreNotThereYet() {
        assertThat(init(5, idempotent().setProducerId(3)).errorCode()).isEqualTo(Errors.INVALID_REQUEST.code());
        assertThat(init(5, idempotent().setProducerEpoch((short) 3)).errorCode())
                .isEqualTo(Errors.INVALID_REQUEST.code());
        assertThat(init(5, idempotent().setTransactionalId("")).errorCode()).isEqualTo(Errors.INVALID_REQUEST.code());
        assertThat(init(5, idempotent().setTransactionalId("mine")).errorCode())
                .isEqualTo(Errors.UNSUPPORTED_VERSION.code());
    }
}
