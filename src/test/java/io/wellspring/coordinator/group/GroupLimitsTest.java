package io.wellspring.coordinator.group;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.wellspring.testing.TestCore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.message.ApiMessageType;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.FindCoordinatorResponseData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData.JoinGroupRequestProtocol;
import org.apache.kafka.common.message.JoinGroupRequestData.JoinGroupRequestProtocolCollection;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.StreamsGroupHeartbeatRequestData;
import org.apache.kafka.common.message.StreamsGroupHeartbeatRequestData.Subtopology;
import org.apache.kafka.common.message.StreamsGroupHeartbeatRequestData.Topology;
import org.apache.kafka.common.message.StreamsGroupHeartbeatResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Limits of groups that the library keeps: the broker's settings reach it. */
final class GroupLimitsTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @TempDir
    Path directory = Path.of("");

    private TestCore start() {
        TestCore core = TestCore.withGroups(
                directory,
                Map.of(
                        "wellspring.groups.offsets-topic-partitions",
                        1,
                        "wellspring.groups.min-session-timeout",
                        Duration.ofSeconds(10),
                        "wellspring.groups.max-session-timeout",
                        Duration.ofSeconds(20),
                        "wellspring.groups.initial-rebalance-delay",
                        Duration.ZERO,
                        "wellspring.groups.kafka.group.consumer.max.size",
                        "2",
                        "wellspring.groups.kafka.group.streams.max.size",
                        "2"));
        core.ask(
                ApiMessageType.FIND_COORDINATOR,
                4,
                new FindCoordinatorRequestData().setCoordinatorKeys(List.of("any")),
                new FindCoordinatorResponseData());
        return core;
    }

    @Test
    void consumerGroupTakesNoMoreMembersThanTheSetting() {
        try (TestCore core = start()) {
            core.createTopic("orders", 1, Map.of());
            await().atMost(LIMIT).until(() -> consumer(core, "one", 0) == Errors.NONE);
            assertThat(consumer(core, "two", 0)).isEqualTo(Errors.NONE);
            assertThat(consumer(core, "three", 0)).isEqualTo(Errors.GROUP_MAX_SIZE_REACHED);

            assertThat(consumer(core, "one", -1)).isEqualTo(Errors.NONE);

            assertThat(consumer(core, "three", 0)).isEqualTo(Errors.NONE);
        }
    }

    private static Errors consumer(TestCore core, String member, int epoch) {
        return Errors.forCode(core.ask(
                        ApiMessageType.CONSUMER_GROUP_HEARTBEAT,
                        1,
                        new ConsumerGroupHeartbeatRequestData()
                                .setGroupId("readers")
                                .setMemberId(member)
                                .setMemberEpoch(epoch)
                                .setRebalanceTimeoutMs(300_000)
                                .setSubscribedTopicNames(List.of("orders"))
                                .setTopicPartitions(List.of()),
                        new ConsumerGroupHeartbeatResponseData())
                .errorCode());
    }

    @Test
    void streamsGroupTakesNoMoreMembersThanTheSetting() {
        try (TestCore core = start()) {
            core.createTopic("orders", 1, Map.of());
            await().atMost(LIMIT).until(() -> streams(core, "one", 0) == Errors.NONE);
            assertThat(streams(core, "two", 0)).isEqualTo(Errors.NONE);
            assertThat(streams(core, "three", 0)).isEqualTo(Errors.GROUP_MAX_SIZE_REACHED);
        }
    }

    private static Errors streams(TestCore core, String member, int epoch) {
        return Errors.forCode(core.ask(
                        ApiMessageType.STREAMS_GROUP_HEARTBEAT,
                        0,
                        new StreamsGroupHeartbeatRequestData()
                                .setGroupId("application")
                                .setMemberId(member)
                                .setMemberEpoch(epoch)
                                .setRebalanceTimeoutMs(300_000)
                                .setProcessId(member)
                                .setClientTags(List.of())
                                .setTopology(new Topology()
                                        .setSubtopologies(List.of(new Subtopology()
                                                .setSubtopologyId("0")
                                                .setSourceTopics(List.of("orders")))))
                                .setActiveTasks(List.of())
                                .setStandbyTasks(List.of())
                                .setWarmupTasks(List.of()),
                        new StreamsGroupHeartbeatResponseData())
                .errorCode());
    }

    @Test
    void sessionTimeoutsLieWithinTheSettings() {
        try (TestCore core = start()) {
            await().atMost(LIMIT).until(() -> join(core, 10_000) == Errors.NONE);
            assertThat(join(core, 20_000)).isEqualTo(Errors.NONE);
            assertThat(join(core, 9_999)).isEqualTo(Errors.INVALID_SESSION_TIMEOUT);
            assertThat(join(core, 20_001)).isEqualTo(Errors.INVALID_SESSION_TIMEOUT);
        }
    }

    /** Each in a group of its own, which its answer does not wait for another member in. */
    private static Errors join(TestCore core, int sessionTimeoutMs) {
        JoinGroupRequestProtocolCollection protocols = new JoinGroupRequestProtocolCollection();
        protocols.add(new JoinGroupRequestProtocol().setName("range").setMetadata(new byte[0]));
        return Errors.forCode(core.ask(
                        ApiMessageType.JOIN_GROUP,
                        3,
                        new JoinGroupRequestData()
                                .setGroupId("timeout-" + sessionTimeoutMs)
                                .setProtocolType("consumer")
                                .setSessionTimeoutMs(sessionTimeoutMs)
                                .setRebalanceTimeoutMs(300_000)
                                .setProtocols(protocols),
                        new JoinGroupResponseData())
                .errorCode());
    }
}
