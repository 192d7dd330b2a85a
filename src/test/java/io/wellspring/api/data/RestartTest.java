package io.wellspring.api.data;

import static org.assertj.core.api.Assertions.assertThat;

import io.wellspring.api.TopicIds;
import io.wellspring.testing.TestCore;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.ApiMessageType;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.message.ListOffsetsRequestData;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsPartition;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsTopic;
import org.apache.kafka.common.message.ListOffsetsResponseData;
import org.apache.kafka.common.message.ListOffsetsResponseData.ListOffsetsPartitionResponse;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData.OffsetForLeaderPartition;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData.OffsetForLeaderTopic;
import org.apache.kafka.common.message.OffsetForLeaderEpochResponseData;
import org.apache.kafka.common.message.OffsetForLeaderEpochResponseData.EpochEndOffset;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.requests.ListOffsetsRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What clients see of records and leader epochs after the broker has started again. */
final class RestartTest {
    @TempDir
    private Path data = Path.of("");

    private TestCore start() {
        return new TestCore(data, Map.of());
    }

    private static void produce(TestCore core) {
        MemoryRecords records = MemoryRecords.withRecords(
                Compression.NONE, new SimpleRecord(1000, "a".getBytes(StandardCharsets.UTF_8)));
        ProduceRequestData request = new ProduceRequestData().setAcks((short) -1);
        request.topicData()
                .add(new TopicProduceData()
                        .setName("t")
                        .setPartitionData(
                                List.of(new PartitionProduceData().setIndex(0).setRecords(records))));
        core.ask(ApiMessageType.PRODUCE, 9, request, new ProduceResponseData());
    }

    private static FetchResponseData fetch(TestCore core, FetchPartition partition) {
        FetchRequestData request = new FetchRequestData()
                .setMaxBytes(1 << 20)
                .setTopics(List.of(new FetchTopic()
                        .setTopicId(TopicIds.uuidOf(core.partition("t", 0).topicId()))
                        .setPartitions(List.of(partition.setPartitionMaxBytes(1 << 20)))));
        return core.ask(ApiMessageType.FETCH, 17, request, new FetchResponseData());
    }

    private static EpochEndOffset endOf(TestCore core, int epoch) {
        OffsetForLeaderEpochRequestData request = new OffsetForLeaderEpochRequestData();
        request.topics()
                .add(new OffsetForLeaderTopic()
                        .setTopic("t")
                        .setPartitions(List.of(
                                new OffsetForLeaderPartition().setPartition(0).setLeaderEpoch(epoch))));
        return core.ask(ApiMessageType.OFFSET_FOR_LEADER_EPOCH, 4, request, new OffsetForLeaderEpochResponseData())
                .topics()
                .iterator()
                .next()
                .partitions()
                .getFirst();
    }

    @Test
    void recordsOfTheLastLifeAreReadFromDiskAndItsEpochIsFenced() {
        int firstEpoch;
        try (TestCore core = start()) {
            core.createTopic("t", 1, Map.of());
            produce(core);
            firstEpoch = core.partition("t", 0).leaderEpoch();
        }
        try (TestCore core = start()) {
            int epoch = core.partition("t", 0).leaderEpoch();

            FetchResponseData cold = fetch(core, new FetchPartition().setCurrentLeaderEpoch(epoch));
            FetchResponseData fenced = fetch(core, new FetchPartition().setCurrentLeaderEpoch(firstEpoch));

            assertThat(cold.responses().getFirst().partitions().getFirst().records())
                    .isInstanceOfSatisfying(
                            MemoryRecords.class,
                            records -> assertThat(records.records()).hasSize(1));
            PartitionData refused = fenced.responses().getFirst().partitions().getFirst();
            assertThat(refused.errorCode()).isEqualTo(Errors.FENCED_LEADER_EPOCH.code());
            assertThat(refused.currentLeader().leaderEpoch()).isEqualTo(epoch);
            assertThat(fenced.nodeEndpoints()
                            .find(refused.currentLeader().leaderId())
                            .host())
                    .isEqualTo("broker.test");
        }
    }

    @Test
    void theEndOfAnEarlierEpochIsWhereTheNextOneBegan() {
        int firstEpoch;
        try (TestCore core = start()) {
            core.createTopic("t", 1, Map.of());
            produce(core);
            produce(core);
            firstEpoch = core.partition("t", 0).leaderEpoch();
        }
        try (TestCore core = start()) {
            produce(core);
            int epoch = core.partition("t", 0).leaderEpoch();

            assertThat(endOf(core, firstEpoch).endOffset()).isEqualTo(2);
            assertThat(endOf(core, epoch).endOffset()).isEqualTo(3);
            assertThat(endOf(core, epoch + 1).endOffset()).isEqualTo(-1);
            assertThat(endOf(core, epoch).leaderEpoch()).isEqualTo(epoch);
        }
    }

    @Test
    void aReaderWhoseEpochEndedEarlierIsToldWhereToCut() {
        int firstEpoch;
        try (TestCore core = start()) {
            core.createTopic("t", 1, Map.of());
            produce(core);
            firstEpoch = core.partition("t", 0).leaderEpoch();
        }
        try (TestCore core = start()) {
            produce(core);
            produce(core);

            FetchResponseData response =
                    fetch(core, new FetchPartition().setFetchOffset(2).setLastFetchedEpoch(firstEpoch));

            PartitionData partition =
                    response.responses().getFirst().partitions().getFirst();
            assertThat(partition.errorCode()).isZero();
            assertThat(partition.divergingEpoch().epoch()).isEqualTo(firstEpoch);
            assertThat(partition.divergingEpoch().endOffset()).isOne();
        }
    }

    /** A reader at the end believes in the leader's epoch before it has written: without an end for it the reader would reset. */
    @Test
    void anEpochThatWroteNothingEndsWhereItBegan() {
        int emptyEpoch;
        try (TestCore core = start()) {
            core.createTopic("t", 1, Map.of());
            emptyEpoch = core.partition("t", 0).leaderEpoch();

            assertThat(endOf(core, emptyEpoch).endOffset()).isZero();
            assertThat(earliest(core).leaderEpoch()).isEqualTo(emptyEpoch);
        }
        try (TestCore core = start()) {
            assertThat(endOf(core, emptyEpoch).endOffset()).isZero();
            produce(core);
            produce(core);
        }
        int idleEpoch;
        try (TestCore core = start()) {
            idleEpoch = core.partition("t", 0).leaderEpoch();

            assertThat(endOf(core, idleEpoch).leaderEpoch()).isEqualTo(idleEpoch);
            assertThat(endOf(core, idleEpoch).endOffset()).isEqualTo(2);
            assertThat(endOf(core, idleEpoch + 1).endOffset()).isEqualTo(-1);
        }
        try (TestCore core = start()) {
            assertThat(endOf(core, idleEpoch).endOffset()).isEqualTo(2);
            produce(core);
            assertThat(endOf(core, idleEpoch).endOffset()).isEqualTo(2);
        }
    }

    private static ListOffsetsPartitionResponse earliest(TestCore core) {
        ListOffsetsRequestData request = new ListOffsetsRequestData()
                .setTopics(List.of(new ListOffsetsTopic()
                        .setName("t")
                        .setPartitions(List.of(new ListOffsetsPartition()
                                .setPartitionIndex(0)
                                .setTimestamp(ListOffsetsRequest.EARLIEST_TIMESTAMP)))));
        return core.ask(ApiMessageType.LIST_OFFSETS, 7, request, new ListOffsetsResponseData())
                .topics()
                .getFirst()
                .partitions()
                .getFirst();
    }
}
