package io.wellspring.api.groups;

import static io.wellspring.api.groups.GroupCore.asked;
import static io.wellspring.api.groups.GroupCore.errorOf;
import static io.wellspring.api.groups.GroupCore.offsetOf;
import static io.wellspring.api.groups.GroupCore.range;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.ApiMessageType;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.OffsetDeleteRequestData;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestPartition;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestTopic;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestTopicCollection;
import org.apache.kafka.common.message.OffsetDeleteResponseData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopics;
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
    @TempDir
    private static Path directory = Path.of("");

    private static @Nullable GroupCore running;

    @BeforeAll
    static void start() {
        running = new GroupCore(directory);
    }

    @AfterAll
    static void stop() {
        groups().close();
    }

    private static GroupCore groups() {
        if (running == null) {
            throw new IllegalStateException("not started");
        }
        return running;
    }

    /** A consumer group of one member. */
    private static void makeModern() {
        assertThat(groups().ask(
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

    @Test
    void oneGroupWhoseOffsetsCannotBeHadLeavesTheOthersTheirs() {
        makeModern();
        List<OffsetFetchResponseGroup> answers = groups().fetch(
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
        makeModern();
        OffsetFetchRequestTopics unknown =
                new OffsetFetchRequestTopics().setTopicId(Uuid.randomUuid()).setPartitionIndexes(List.of(0));
        OffsetFetchRequestTopics known =
                new OffsetFetchRequestTopics().setTopicId(groups().orders()).setPartitionIndexes(List.of(0));

        List<OffsetFetchResponseGroup> answers = groups().fetch(
                        10,
                        List.of(
                                new OffsetFetchRequestGroup()
                                        .setGroupId("readers")
                                        .setTopics(List.of(unknown, known)),
                                new OffsetFetchRequestGroup()
                                        .setGroupId("modern")
                                        .setMemberId("a stranger")
                                        .setMemberEpoch(5)
                                        .setTopics(List.of(unknown))));

        assertThat(answers.getFirst().topics()).hasSize(2).allSatisfy(topic -> {
            boolean isKnown = topic.topicId().equals(groups().orders());
            assertThat(Errors.forCode(topic.partitions().getFirst().errorCode()))
                    .isEqualTo(isKnown ? Errors.NONE : Errors.UNKNOWN_TOPIC_ID);
            assertThat(topic.partitions().getFirst().committedOffset()).isEqualTo(isKnown ? 10L : -1L);
        });
        assertThat(errorOf(answers.getLast())).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
    }

    @Test
    void topicThatIsMadeAnewInheritsNoOffsets() {
        groups().core().createTopic("short-lived", 1, Map.of());
        assertThat(errorOf(groups().commit("readers", "short-lived", 7L))).isEqualTo(Errors.NONE);
        assertThat(offsetOf(groups().fetch(9, List.of(asked("readers", "short-lived")))
                        .getFirst()))
                .isEqualTo(7L);

        groups().core().deleteTopic("short-lived");
        groups().core().createTopic("short-lived", 1, Map.of());

        await().atMost(Duration.ofSeconds(60))
                .until(() -> offsetOf(groups().fetch(9, List.of(asked("readers", "short-lived")))
                                .getFirst())
                        == -1L);
    }

    @Test
    void offsetsAreNotDeletedOfAGroupThatIsNotThereWhateverTheirTopics() {
        OffsetDeleteRequestTopicCollection topics = new OffsetDeleteRequestTopicCollection();
        topics.add(new OffsetDeleteRequestTopic()
                .setName("unknown")
                .setPartitions(List.of(new OffsetDeleteRequestPartition().setPartitionIndex(0))));

        OffsetDeleteResponseData deleted = groups().ask(
                        ApiMessageType.OFFSET_DELETE,
                        0,
                        new OffsetDeleteRequestData().setGroupId("nobody").setTopics(topics),
                        new OffsetDeleteResponseData());

        assertThat(Errors.forCode(deleted.errorCode())).isEqualTo(Errors.GROUP_ID_NOT_FOUND);
    }

    @ParameterizedTest
    @CsvSource({"4, UNKNOWN_MEMBER_ID", "5, INCONSISTENT_GROUP_PROTOCOL"})
    void fromVersionFiveOnAMemberThatSyncsNamesItsProtocol(int version, Errors expected) {
        SyncGroupResponseData response = groups().ask(
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
    @ValueSource(ints = {0, 1, 4, 6, 7, 9})
    void joiningIsRefusedInWordsThatEachVersionCanRead(int version) {
        JoinGroupResponseData response = groups().ask(
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
        StreamsGroupHeartbeatResponseData response = groups().ask(
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
