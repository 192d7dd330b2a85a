package io.wellspring.api.groups;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.wellspring.testing.TestCore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.ApiMessageType;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.apache.kafka.common.message.DescribeGroupsRequestData;
import org.apache.kafka.common.message.DescribeGroupsResponseData;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.FindCoordinatorResponseData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData.JoinGroupRequestProtocol;
import org.apache.kafka.common.message.JoinGroupRequestData.JoinGroupRequestProtocolCollection;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.message.OffsetDeleteRequestData;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestPartition;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestTopic;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestTopicCollection;
import org.apache.kafka.common.message.OffsetDeleteResponseData;
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopics;
import org.apache.kafka.common.message.OffsetFetchResponseData;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseGroup;
import org.apache.kafka.common.message.StreamsGroupHeartbeatRequestData;
import org.apache.kafka.common.message.StreamsGroupHeartbeatRequestData.Subtopology;
import org.apache.kafka.common.message.StreamsGroupHeartbeatRequestData.TopicInfo;
import org.apache.kafka.common.message.StreamsGroupHeartbeatRequestData.Topology;
import org.apache.kafka.common.message.StreamsGroupHeartbeatResponseData;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What Kafka's broker does around its coordinator: what is asked of requests, and what becomes of one part of them when another fails. */
final class GroupHandlersTest {
    private static final int MOST = 20;
    private static final int METADATA_MOST = 10;

    @TempDir
    private static Path directory = Path.of("");

    private static @Nullable TestCore running;
    private static Uuid orders = Uuid.ZERO_UUID;

    @BeforeAll
    static void start() {
        TestCore core = TestCore.withGroups(
                directory,
                Map.of(
                        "wellspring.api.max-partitions-per-request",
                        MOST,
                        "wellspring.groups.initial-rebalance-delay",
                        "0s",
                        "wellspring.groups.offset-metadata-max-size",
                        METADATA_MOST + "B",
                        "wellspring.groups.max-size",
                        1,
                        "wellspring.groups.offsets-topic-partitions",
                        3));
        running = core;
        orders = GroupTopics.uuidOf(core.createTopic("orders", 2, Map.of()));
        await().atMost(Duration.ofSeconds(60)).until(() -> {
            core.ask(
                    ApiMessageType.FIND_COORDINATOR,
                    4,
                    new FindCoordinatorRequestData().setCoordinatorKeys(List.of("readers")),
                    new FindCoordinatorResponseData());
            return errorOf(commit("readers", 10L)) == Errors.NONE;
        });
        assertThat(errorOf(commit("others", 20L))).isEqualTo(Errors.NONE);
        assertThat(core.ask(
                                ApiMessageType.CONSUMER_GROUP_HEARTBEAT,
                                1,
                                new ConsumerGroupHeartbeatRequestData()
                                        .setGroupId("modern")
                                        .setMemberId("me")
                                        .setRebalanceTimeoutMs(10_000)
                                        .setSubscribedTopicNames(List.of("orders"))
                                        .setTopicPartitions(List.of()),
                                new ConsumerGroupHeartbeatResponseData())
                        .errorCode())
                .isZero();
    }

    @AfterAll
    static void stop() {
        core().close();
    }

    private static TestCore core() {
        if (running == null) {
            throw new IllegalStateException("not started");
        }
        return running;
    }

    private static OffsetCommitResponseData commit(String group, long offset) {
        return core().ask(
                        ApiMessageType.OFFSET_COMMIT,
                        9,
                        new OffsetCommitRequestData()
                                .setGroupId(group)
                                .setTopics(List.of(new OffsetCommitRequestTopic()
                                        .setName("orders")
                                        .setPartitions(List.of(new OffsetCommitRequestPartition()
                                                .setPartitionIndex(0)
                                                .setCommittedOffset(offset))))),
                        new OffsetCommitResponseData());
    }

    private static Errors errorOf(OffsetCommitResponseData response) {
        return Errors.forCode(
                response.topics().getFirst().partitions().getFirst().errorCode());
    }

    private static OffsetFetchRequestGroup asked(String group) {
        return new OffsetFetchRequestGroup()
                .setGroupId(group)
                .setTopics(
                        List.of(new OffsetFetchRequestTopics().setName("orders").setPartitionIndexes(List.of(0))));
    }

    private static List<OffsetFetchResponseGroup> fetch(int version, List<OffsetFetchRequestGroup> groups) {
        return core().ask(
                        ApiMessageType.OFFSET_FETCH,
                        version,
                        new OffsetFetchRequestData().setGroups(groups),
                        new OffsetFetchResponseData())
                .groups();
    }

    private static Errors errorOf(OffsetFetchResponseGroup group) {
        return Errors.forCode(group.errorCode());
    }

    private static long offsetOf(OffsetFetchResponseGroup group) {
        return group.topics().getFirst().partitions().getFirst().committedOffset();
    }

    @Test
    void oneGroupWhoseOffsetsCannotBeHadLeavesTheOthersTheirs() {
        List<OffsetFetchResponseGroup> answers = fetch(
                9,
                List.of(
                        asked("readers"),
                        asked("modern").setMemberId("a stranger").setMemberEpoch(5),
                        asked("others")));

        assertThat(answers)
                .extracting(OffsetFetchResponseGroup::groupId)
                .containsExactly("readers", "modern", "others");
        assertThat(errorOf(answers.get(1))).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
        assertThat(errorOf(answers.get(0))).isEqualTo(Errors.NONE);
        assertThat(offsetOf(answers.get(0))).isEqualTo(10L);
        assertThat(errorOf(answers.get(2))).isEqualTo(Errors.NONE);
        assertThat(offsetOf(answers.get(2))).isEqualTo(20L);
    }

    @Test
    void unknownTopicIdIsToldBesideTheGroupsOwnError() {
        OffsetFetchRequestTopics unknown =
                new OffsetFetchRequestTopics().setTopicId(Uuid.randomUuid()).setPartitionIndexes(List.of(0));
        OffsetFetchRequestTopics known =
                new OffsetFetchRequestTopics().setTopicId(orders).setPartitionIndexes(List.of(0));

        List<OffsetFetchResponseGroup> answers = fetch(
                10,
                List.of(
                        new OffsetFetchRequestGroup().setGroupId("readers").setTopics(List.of(unknown, known)),
                        new OffsetFetchRequestGroup()
                                .setGroupId("modern")
                                .setMemberId("a stranger")
                                .setMemberEpoch(5)
                                .setTopics(List.of(unknown))));

        assertThat(answers.getFirst().topics()).hasSize(2).allSatisfy(topic -> {
            boolean isKnown = topic.topicId().equals(orders);
            assertThat(Errors.forCode(topic.partitions().getFirst().errorCode()))
                    .isEqualTo(isKnown ? Errors.NONE : Errors.UNKNOWN_TOPIC_ID);
            assertThat(topic.partitions().getFirst().committedOffset()).isEqualTo(isKnown ? 10L : -1L);
        });
        assertThat(errorOf(answers.getLast())).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
    }

    @Test
    void groupThatIsNamedTwiceIsToldOnce() {
        OffsetFetchRequestGroup all =
                new OffsetFetchRequestGroup().setGroupId("readers").setTopics(null);

        List<OffsetFetchResponseGroup> answers = fetch(8, List.of(all, all.duplicate()));

        assertThat(answers).extracting(GroupHandlersTest::errorOf).containsExactly(Errors.NONE, Errors.INVALID_REQUEST);
        assertThat(core().ask(
                                ApiMessageType.DESCRIBE_GROUPS,
                                5,
                                new DescribeGroupsRequestData().setGroups(List.of("readers", "readers", "others")),
                                new DescribeGroupsResponseData())
                        .groups())
                .extracting(group -> group.groupId())
                .containsExactlyInAnyOrder("readers", "others");
    }

    @ParameterizedTest
    @CsvSource({"20, NONE", "21, INVALID_REQUEST"})
    void requestsThatNameMorePartitionsThanAllowedAreRefused(int count, Errors expected) {
        List<Integer> indexes = IntStream.range(0, count).boxed().toList();
        OffsetCommitResponseData committed = core().ask(
                        ApiMessageType.OFFSET_COMMIT,
                        9,
                        new OffsetCommitRequestData()
                                .setGroupId("readers")
                                .setTopics(List.of(new OffsetCommitRequestTopic()
                                        .setName("orders")
                                        .setPartitions(indexes.stream()
                                                .map(index -> new OffsetCommitRequestPartition()
                                                        .setPartitionIndex(index)
                                                        .setCommittedOffset(10L))
                                                .toList()))),
                        new OffsetCommitResponseData());
        // The group counts as one.
        List<OffsetFetchResponseGroup> fetched = fetch(
                9,
                List.of(new OffsetFetchRequestGroup()
                        .setGroupId("readers")
                        .setTopics(List.of(new OffsetFetchRequestTopics()
                                .setName("orders")
                                .setPartitionIndexes(indexes.subList(1, count))))));
        OffsetDeleteRequestTopicCollection topics = new OffsetDeleteRequestTopicCollection();
        topics.add(new OffsetDeleteRequestTopic()
                .setName("orders")
                .setPartitions(indexes.stream()
                        .map(index -> new OffsetDeleteRequestPartition().setPartitionIndex(100 + index))
                        .toList()));
        OffsetDeleteResponseData deleted = core().ask(
                        ApiMessageType.OFFSET_DELETE,
                        0,
                        new OffsetDeleteRequestData().setGroupId("readers").setTopics(topics),
                        new OffsetDeleteResponseData());
        FindCoordinatorResponseData found = core().ask(
                        ApiMessageType.FIND_COORDINATOR,
                        4,
                        new FindCoordinatorRequestData()
                                .setCoordinatorKeys(indexes.stream()
                                        .map(index -> "group" + index)
                                        .toList()),
                        new FindCoordinatorResponseData());

        assertThat(committed.topics().getFirst().partitions())
                .filteredOn(partition -> partition.partitionIndex() == 0)
                .extracting(partition -> Errors.forCode(partition.errorCode()))
                .containsExactly(expected);
        assertThat(errorOf(fetched.getFirst())).isEqualTo(expected);
        assertThat(Errors.forCode(deleted.errorCode())).isEqualTo(expected);
        assertThat(Errors.forCode(found.coordinators().getFirst().errorCode())).isEqualTo(expected);
    }

    @Test
    void offsetsAreNotDeletedOfAGroupThatIsNotThereWhateverTheirTopics() {
        OffsetDeleteRequestTopicCollection topics = new OffsetDeleteRequestTopicCollection();
        topics.add(new OffsetDeleteRequestTopic()
                .setName("unknown")
                .setPartitions(List.of(new OffsetDeleteRequestPartition().setPartitionIndex(0))));

        OffsetDeleteResponseData deleted = core().ask(
                        ApiMessageType.OFFSET_DELETE,
                        0,
                        new OffsetDeleteRequestData().setGroupId("nobody").setTopics(topics),
                        new OffsetDeleteResponseData());

        assertThat(Errors.forCode(deleted.errorCode())).isEqualTo(Errors.GROUP_ID_NOT_FOUND);
    }

    @ParameterizedTest
    @CsvSource({"4, UNKNOWN_MEMBER_ID", "5, INCONSISTENT_GROUP_PROTOCOL"})
    void fromVersionFiveOnAMemberThatSyncsNamesItsProtocol(int version, Errors expected) {
        SyncGroupResponseData response = core().ask(
                        ApiMessageType.SYNC_GROUP,
                        version,
                        new SyncGroupRequestData()
                                .setGroupId("readers")
                                .setMemberId("a stranger")
                                .setGenerationId(1),
                        new SyncGroupResponseData());

        assertThat(Errors.forCode(response.errorCode())).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"10, NONE", "11, OFFSET_METADATA_TOO_LARGE"})
    void textWithAnOffsetIsTakenUpToItsBound(int length, Errors expected) {
        OffsetCommitResponseData response = core().ask(
                        ApiMessageType.OFFSET_COMMIT,
                        9,
                        new OffsetCommitRequestData()
                                .setGroupId("talkative")
                                .setTopics(List.of(new OffsetCommitRequestTopic()
                                        .setName("orders")
                                        .setPartitions(List.of(new OffsetCommitRequestPartition()
                                                .setPartitionIndex(0)
                                                .setCommittedOffset(1L)
                                                .setCommittedMetadata("x".repeat(length)))))),
                        new OffsetCommitResponseData());

        assertThat(errorOf(response)).isEqualTo(expected);
    }

    @Test
    void groupThatIsFullTakesNoMoreMembers() {
        JoinGroupRequestData joining = new JoinGroupRequestData()
                .setGroupId("full")
                .setSessionTimeoutMs(10_000)
                .setRebalanceTimeoutMs(10_000)
                .setProtocolType("consumer")
                .setProtocols(range());

        JoinGroupResponseData first =
                core().ask(ApiMessageType.JOIN_GROUP, 3, joining.duplicate(), new JoinGroupResponseData());
        JoinGroupResponseData second = core().ask(ApiMessageType.JOIN_GROUP, 3, joining, new JoinGroupResponseData());

        assertThat(Errors.forCode(first.errorCode())).isEqualTo(Errors.NONE);
        assertThat(Errors.forCode(second.errorCode())).isEqualTo(Errors.GROUP_MAX_SIZE_REACHED);
    }

    private static JoinGroupRequestProtocolCollection range() {
        return new JoinGroupRequestProtocolCollection(
                List.of(new JoinGroupRequestProtocol().setName("range").setMetadata(new byte[0]))
                        .iterator());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 4, 6, 7, 9})
    void joiningIsRefusedInWordsThatEachVersionCanRead(int version) {
        JoinGroupResponseData response = core().ask(
                        ApiMessageType.JOIN_GROUP,
                        version,
                        new JoinGroupRequestData()
                                .setGroupId("joined")
                                .setMemberId("a stranger")
                                .setSessionTimeoutMs(10_000)
                                .setRebalanceTimeoutMs(10_000)
                                .setProtocolType("consumer")
                                .setProtocols(range()),
                        new JoinGroupResponseData());

        assertThat(Errors.forCode(response.errorCode())).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
        assertThat(response.protocolName()).isEqualTo(version < 7 ? "" : null);
    }

    @ParameterizedTest
    @CsvSource({"__consumer_offsets, internal", "a b, not valid"})
    void topologyWithATopicThatCannotBeIsRefused(String name, String reason) {
        StreamsGroupHeartbeatResponseData response = core().ask(
                        ApiMessageType.STREAMS_GROUP_HEARTBEAT,
                        0,
                        new StreamsGroupHeartbeatRequestData()
                                .setGroupId("counts")
                                .setMemberId("me")
                                .setProcessId("process")
                                .setRebalanceTimeoutMs(10_000)
                                .setActiveTasks(List.of())
                                .setStandbyTasks(List.of())
                                .setWarmupTasks(List.of())
                                .setTopology(new Topology()
                                        .setSubtopologies(List.of(new Subtopology()
                                                .setSubtopologyId("0")
                                                .setSourceTopics(List.of("orders"))
                                                .setStateChangelogTopics(List.of(new TopicInfo().setName(name)))))),
                        new StreamsGroupHeartbeatResponseData());

        assertThat(Errors.forCode(response.errorCode())).isEqualTo(Errors.STREAMS_INVALID_TOPOLOGY);
        assertThat(response.errorMessage()).contains(name).contains(reason);
    }
}
