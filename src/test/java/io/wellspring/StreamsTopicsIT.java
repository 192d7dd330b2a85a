package io.wellspring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.wellspring.testing.JavaClients;
import io.wellspring.testing.TestBroker;
import io.wellspring.testing.WireClient;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.ApiMessageType;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.FindCoordinatorResponseData;
import org.apache.kafka.common.message.StreamsGroupHeartbeatRequestData;
import org.apache.kafka.common.message.StreamsGroupHeartbeatRequestData.KeyValue;
import org.apache.kafka.common.message.StreamsGroupHeartbeatRequestData.Subtopology;
import org.apache.kafka.common.message.StreamsGroupHeartbeatRequestData.TopicInfo;
import org.apache.kafka.common.message.StreamsGroupHeartbeatRequestData.Topology;
import org.apache.kafka.common.message.StreamsGroupHeartbeatResponseData;
import org.apache.kafka.common.message.StreamsGroupTopologyDescriptionUpdateRequestData;
import org.apache.kafka.common.message.StreamsGroupTopologyDescriptionUpdateResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.StreamsGroupHeartbeatResponse;
import org.junit.jupiter.api.Test;

/** A streams group whose internal topics cannot be made, as its members see it on the wire. */
final class StreamsTopicsIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @Test
    void aGroupIsToldWhyItsTopicsCannotBeMadeAndGoesOnWhenTheyAreThere() throws Exception {
        try (TestBroker broker = TestBroker.start(Map.of(
                        "wellspring.groups.offsets-topic-partitions", "1",
                        "wellspring.groups.kafka.group.streams.initial.rebalance.delay.ms", "0",
                        "wellspring.groups.kafka.group.streams.min.heartbeat.interval.ms", "200",
                        "wellspring.groups.kafka.group.streams.heartbeat.interval.ms", "200"));
                WireClient wire = new WireClient(broker.bootstrapServers());
                Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            JavaClients.createTopics(broker.bootstrapServers(), List.of(new NewTopic("in", 2, (short) 1)));
            awaitCoordinator(wire);
            Member member = new Member(wire);
            await().atMost(LIMIT)
                    .until(() -> member.beat().contains("; Creation failed: with-a-wrong-setting (")
                            && member.beat().contains("with-too-many-copies ("));
            await().atMost(LIMIT).until(() -> admin.listTopics().names().get().contains("with-nothing-wrong"));
            assertThat(admin.listTopics().names().get()).doesNotContain("with-a-wrong-setting", "with-too-many-copies");
            assertThat(member.activeTasks).isZero();

            JavaClients.createTopics(
                    broker.bootstrapServers(),
                    List.of(
                            new NewTopic("with-a-wrong-setting", 2, (short) 1),
                            new NewTopic("with-too-many-copies", 2, (short) 1)));
            await().atMost(LIMIT).until(() -> member.beat().isEmpty() && member.activeTasks == 2);

            // No plugin keeps what topologies look like: Kafka without one answers the same.
            StreamsGroupTopologyDescriptionUpdateResponseData described = wire.call(
                    ApiMessageType.STREAMS_GROUP_TOPOLOGY_DESCRIPTION_UPDATE,
                    0,
                    new StreamsGroupTopologyDescriptionUpdateRequestData()
                            .setGroupId("wired")
                            .setMemberId(member.id)
                            .setTopologyEpoch(0)
                            .setTopologyDescription(
                                    new StreamsGroupTopologyDescriptionUpdateRequestData.TopologyDescription()),
                    new StreamsGroupTopologyDescriptionUpdateResponseData());
            assertThat(Errors.forCode(described.errorCode())).isEqualTo(Errors.UNSUPPORTED_VERSION);
        }
    }

    private static void awaitCoordinator(WireClient wire) {
        await().atMost(LIMIT)
                .until(() -> wire.call(
                                        ApiMessageType.FIND_COORDINATOR,
                                        4,
                                        new FindCoordinatorRequestData().setCoordinatorKeys(List.of("wired")),
                                        new FindCoordinatorResponseData())
                                .coordinators()
                                .getFirst()
                                .errorCode()
                        == 0);
    }

    private static final class Member {
        private final WireClient wire;
        private final String id = Uuid.randomUuid().toString();
        private int epoch;
        private int activeTasks;

        Member(WireClient wire) {
            this.wire = wire;
        }

        /** @return what the broker says of missing internal topics, empty: nothing */
        String beat() throws IOException {
            StreamsGroupHeartbeatRequestData request = new StreamsGroupHeartbeatRequestData()
                    .setGroupId("wired")
                    .setMemberId(id)
                    .setMemberEpoch(epoch)
                    .setRebalanceTimeoutMs(30_000)
                    .setProcessId("process")
                    .setActiveTasks(List.of())
                    .setStandbyTasks(List.of())
                    .setWarmupTasks(List.of());
            if (epoch == 0) {
                request.setTopology(topology()).setClientTags(List.of());
            }
            StreamsGroupHeartbeatResponseData response = wire.call(
                    ApiMessageType.STREAMS_GROUP_HEARTBEAT, 1, request, new StreamsGroupHeartbeatResponseData());
            Errors error = Errors.forCode(response.errorCode());
            if (error == Errors.COORDINATOR_LOAD_IN_PROGRESS || error == Errors.NOT_COORDINATOR) {
                return "";
            }
            assertThat(error).as(response.errorMessage()).isEqualTo(Errors.NONE);
            epoch = response.memberEpoch();
            if (response.activeTasks() != null) {
                activeTasks = response.activeTasks().stream()
                        .mapToInt(tasks -> tasks.partitions().size())
                        .sum();
            }
            return response.status() == null
                    ? ""
                    : response.status().stream()
                            .filter(status -> status.statusCode()
                                    == StreamsGroupHeartbeatResponse.Status.MISSING_INTERNAL_TOPICS.code())
                            .map(StreamsGroupHeartbeatResponseData.Status::statusDetail)
                            .findFirst()
                            .orElse("");
        }

        private static Topology topology() {
            return new Topology()
                    .setEpoch(0)
                    .setSubtopologies(List.of(new Subtopology()
                            .setSubtopologyId("0")
                            .setSourceTopics(List.of("in"))
                            .setStateChangelogTopics(List.of(
                                    changelog("with-a-wrong-setting", 0, "compress"),
                                    changelog("with-nothing-wrong", 0, "compact"),
                                    changelog("with-too-many-copies", 3, "compact")))));
        }

        private static TopicInfo changelog(String name, int copies, String policy) {
            return new TopicInfo()
                    .setName(name)
                    .setReplicationFactor((short) copies)
                    .setTopicConfigs(
                            List.of(new KeyValue().setKey("cleanup.policy").setValue(policy)));
        }
    }
}
