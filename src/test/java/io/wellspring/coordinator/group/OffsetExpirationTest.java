package io.wellspring.coordinator.group;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.wellspring.testing.TestCore;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.Subscription;
import org.apache.kafka.clients.consumer.internals.ConsumerProtocol;
import org.apache.kafka.common.message.ApiMessageType;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.FindCoordinatorResponseData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData.JoinGroupRequestProtocol;
import org.apache.kafka.common.message.JoinGroupRequestData.JoinGroupRequestProtocolCollection;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.ListGroupsRequestData;
import org.apache.kafka.common.message.ListGroupsResponseData;
import org.apache.kafka.common.message.ListGroupsResponseData.ListedGroup;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchResponseData;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseGroup;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseTopics;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.SyncGroupRequestData.SyncGroupRequestAssignment;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Committed offsets get old on a clock that the test sets; the broker looks for old ones all the time. */
final class OffsetExpirationTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Duration RETENTION = Duration.ofDays(7);
    private static final String ORDERS = "orders";
    private static final String CLICKS = "clicks";

    @TempDir
    Path directory = Path.of("");

    private final AtomicLong nowMs = new AtomicLong(1_700_000_000_000L);

    /** One partition: what has gone of one group shows that all were looked at. */
    private TestCore start() {
        TestCore core = TestCore.withGroups(
                directory,
                Map.of(
                        "wellspring.groups.offsets-topic-partitions",
                        1,
                        "wellspring.groups.offsets-retention",
                        RETENTION,
                        "wellspring.groups.initial-rebalance-delay",
                        Duration.ZERO,
                        "wellspring.groups.kafka.offsets.retention.check.interval.ms",
                        "20"),
                () -> Instant.ofEpochMilli(nowMs.get()));
        await().atMost(LIMIT)
                .until(() -> core.ask(
                                        ApiMessageType.FIND_COORDINATOR,
                                        4,
                                        new FindCoordinatorRequestData().setCoordinatorKeys(List.of("any")),
                                        new FindCoordinatorResponseData())
                                .coordinators()
                                .getFirst()
                                .errorCode()
                        == 0);
        await().atMost(LIMIT)
                .until(() -> core.ask(
                                        ApiMessageType.LIST_GROUPS,
                                        5,
                                        new ListGroupsRequestData(),
                                        new ListGroupsResponseData())
                                .errorCode()
                        == 0);
        return core;
    }

    private void pass(Duration time) {
        nowMs.addAndGet(time.toMillis());
    }

    @Test
    void offsetsOfGroupsWithoutMembersGoWhenTheyAreOldAndTheGroupWithThem() {
        try (TestCore core = start()) {
            core.createTopic(ORDERS, 1, Map.of());
            core.createTopic(CLICKS, 1, Map.of());
            commit(core, "old", "", -1, ORDERS);
            commit(core, "old and new", "", -1, ORDERS);
            pass(RETENTION.minusMinutes(1));
            commit(core, "old and new", "", -1, CLICKS);
            commit(core, "new", "", -1, ORDERS);
            pass(Duration.ofMinutes(2));

            await().atMost(LIMIT).until(() -> !groups(core).contains("old"));

            assertThat(groups(core)).contains("old and new", "new");
            await().atMost(LIMIT).until(() -> topics(core, "old and new").equals(List.of(CLICKS)));
            assertThat(topics(core, "new")).containsExactly(ORDERS);
        }
    }

    @Test
    void offsetsOfTopicsThatMembersReadStayAndThoseOfOthersGo() {
        try (TestCore core = start()) {
            core.createTopic(ORDERS, 1, Map.of());
            core.createTopic(CLICKS, 1, Map.of());
            joinClassic(core);
            joinConsumer(core);
            commit(core, "witness", "", -1, ORDERS);
            pass(RETENTION.plusMinutes(1));

            await().atMost(LIMIT).until(() -> !groups(core).contains("witness"));

            await().atMost(LIMIT).until(() -> topics(core, "classic").equals(List.of(ORDERS)));
            await().atMost(LIMIT).until(() -> topics(core, "consumer").equals(List.of(ORDERS)));
            pass(RETENTION.multipliedBy(10));
            commit(core, "witness", "", -1, ORDERS);
            pass(RETENTION.plusMinutes(1));
            await().atMost(LIMIT).until(() -> !groups(core).contains("witness"));
            assertThat(topics(core, "classic")).containsExactly(ORDERS);
            assertThat(topics(core, "consumer")).containsExactly(ORDERS);
        }
    }

    @Test
    void agesAndExpirationsSurviveARestart() {
        try (TestCore core = start()) {
            core.createTopic(ORDERS, 1, Map.of());
            commit(core, "old", "", -1, ORDERS);
            pass(Duration.ofDays(1));
            commit(core, "new", "", -1, ORDERS);
            pass(RETENTION.minusHours(1));
            await().atMost(LIMIT).until(() -> !groups(core).contains("old"));
        }
        try (TestCore core = start()) {
            assertThat(groups(core)).containsExactly("new");
            assertThat(topics(core, "new")).containsExactly(ORDERS);
            pass(Duration.ofHours(2));
            await().atMost(LIMIT).until(() -> groups(core).isEmpty());
        }
        try (TestCore core = start()) {
            assertThat(groups(core)).isEmpty();
        }
    }

    /** Old clients say how long they want an offset kept. */
    @Test
    void retentionThatAnOldClientAsksForCounts() {
        try (TestCore core = start()) {
            core.createTopic(ORDERS, 1, Map.of());
            commit(core, "other", "", -1, ORDERS);
            OffsetCommitResponseData answer = core.ask(
                    ApiMessageType.OFFSET_COMMIT,
                    3,
                    request("short", "", -1, ORDERS).setRetentionTimeMs(60_000L),
                    new OffsetCommitResponseData());
            assertThat(answer.topics().getFirst().partitions().getFirst().errorCode())
                    .isZero();
            pass(Duration.ofMinutes(2));

            await().atMost(LIMIT).until(() -> !groups(core).contains("short"));

            assertThat(groups(core)).containsExactly("other");
        }
    }

    private static void joinClassic(TestCore core) {
        byte[] subscription = bytes(new Subscription(List.of(ORDERS)));
        JoinGroupRequestProtocolCollection protocols = new JoinGroupRequestProtocolCollection();
        protocols.add(new JoinGroupRequestProtocol().setName("range").setMetadata(subscription));
        JoinGroupResponseData joined = core.ask(
                ApiMessageType.JOIN_GROUP,
                3,
                new JoinGroupRequestData()
                        .setGroupId("classic")
                        .setProtocolType("consumer")
                        .setSessionTimeoutMs(1_800_000)
                        .setRebalanceTimeoutMs(1_800_000)
                        .setProtocols(protocols),
                new JoinGroupResponseData());
        SyncGroupResponseData synced = core.ask(
                ApiMessageType.SYNC_GROUP,
                3,
                new SyncGroupRequestData()
                        .setGroupId("classic")
                        .setMemberId(joined.memberId())
                        .setGenerationId(joined.generationId())
                        .setAssignments(List.of(new SyncGroupRequestAssignment()
                                .setMemberId(joined.memberId())
                                .setAssignment(new byte[0]))),
                new SyncGroupResponseData());
        assertThat(Errors.forCode(synced.errorCode())).isEqualTo(Errors.NONE);
        commit(core, "classic", joined.memberId(), joined.generationId(), ORDERS, CLICKS);
    }

    private static byte[] bytes(Subscription subscription) {
        ByteBuffer buffer = ConsumerProtocol.serializeSubscription(subscription);
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }

    private static void joinConsumer(TestCore core) {
        ConsumerGroupHeartbeatResponseData joined = core.ask(
                ApiMessageType.CONSUMER_GROUP_HEARTBEAT,
                1,
                new ConsumerGroupHeartbeatRequestData()
                        .setGroupId("consumer")
                        .setMemberId("member")
                        .setMemberEpoch(0)
                        .setRebalanceTimeoutMs(300_000)
                        .setSubscribedTopicNames(List.of(ORDERS))
                        .setTopicPartitions(List.of()),
                new ConsumerGroupHeartbeatResponseData());
        assertThat(Errors.forCode(joined.errorCode())).isEqualTo(Errors.NONE);
        commit(core, "consumer", "member", joined.memberEpoch(), ORDERS, CLICKS);
    }

    private static void commit(TestCore core, String group, String member, int epoch, String... topics) {
        OffsetCommitResponseData answer = core.ask(
                ApiMessageType.OFFSET_COMMIT, 9, request(group, member, epoch, topics), new OffsetCommitResponseData());
        assertThat(answer.topics())
                .allSatisfy(topic -> assertThat(
                                Errors.forCode(topic.partitions().getFirst().errorCode()))
                        .isEqualTo(Errors.NONE));
    }

    private static OffsetCommitRequestData request(String group, String member, int epoch, String... topics) {
        OffsetCommitRequestData request = new OffsetCommitRequestData()
                .setGroupId(group)
                .setMemberId(member)
                .setGenerationIdOrMemberEpoch(epoch);
        for (String topic : topics) {
            request.topics()
                    .add(new OffsetCommitRequestTopic()
                            .setName(topic)
                            .setPartitions(List.of(new OffsetCommitRequestPartition()
                                    .setPartitionIndex(0)
                                    .setCommittedOffset(42L))));
        }
        return request;
    }

    private static List<String> groups(TestCore core) {
        return core
                .ask(ApiMessageType.LIST_GROUPS, 5, new ListGroupsRequestData(), new ListGroupsResponseData())
                .groups()
                .stream()
                .map(ListedGroup::groupId)
                .sorted()
                .toList();
    }

    /** Topics that the group has offsets of. */
    private static List<String> topics(TestCore core, String group) {
        OffsetFetchResponseGroup answer = core.ask(
                        ApiMessageType.OFFSET_FETCH,
                        8,
                        new OffsetFetchRequestData()
                                .setGroups(List.of(new OffsetFetchRequestGroup()
                                        .setGroupId(group)
                                        .setTopics(null))),
                        new OffsetFetchResponseData())
                .groups()
                .getFirst();
        assertThat(Errors.forCode(answer.errorCode())).isEqualTo(Errors.NONE);
        return answer.topics().stream()
                .map(OffsetFetchResponseTopics::name)
                .sorted()
                .toList();
    }
}
