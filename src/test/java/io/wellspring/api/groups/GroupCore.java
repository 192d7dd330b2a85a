package io.wellspring.api.groups;

import static org.awaitility.Awaitility.await;

import io.wellspring.api.TopicIds;
import io.wellspring.testing.TestCore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.ApiMessageType;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.FindCoordinatorResponseData;
import org.apache.kafka.common.message.JoinGroupRequestData.JoinGroupRequestProtocol;
import org.apache.kafka.common.message.JoinGroupRequestData.JoinGroupRequestProtocolCollection;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopics;
import org.apache.kafka.common.message.OffsetFetchResponseData;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseGroup;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

/** A broker without its network that coordinates groups: a topic {@code orders}, and groups that have committed offsets of it. */
final class GroupCore implements AutoCloseable {
    static final int PARTITIONS_MOST = 20;
    static final int METADATA_MOST = 10;

    private final TestCore core;
    private final Uuid orders;

    GroupCore(Path directory) {
        core = TestCore.withGroups(
                directory,
                Map.of(
                        "wellspring.api.max-partitions-per-request",
                        PARTITIONS_MOST,
                        "wellspring.groups.initial-rebalance-delay",
                        "0s",
                        "wellspring.groups.offset-metadata-max-size",
                        METADATA_MOST + "B",
                        "wellspring.groups.max-size",
                        1,
                        "wellspring.groups.offsets-topic-partitions",
                        3));
        orders = TopicIds.uuidOf(core.createTopic("orders", 2, Map.of()));
        await().atMost(Duration.ofSeconds(60)).until(() -> {
            core.ask(
                    ApiMessageType.FIND_COORDINATOR,
                    4,
                    new FindCoordinatorRequestData().setCoordinatorKeys(List.of("readers")),
                    new FindCoordinatorResponseData());
            return errorOf(commit("readers", 10L)) == Errors.NONE && errorOf(commit("others", 20L)) == Errors.NONE;
        });
    }

    TestCore core() {
        return core;
    }

    Uuid orders() {
        return orders;
    }

    /** A request, and its answer. */
    <R extends ApiMessage> R ask(ApiMessageType api, int version, ApiMessage request, R response) {
        return core.ask(api, version, request, response);
    }

    OffsetCommitResponseData commit(String group, long offset) {
        return commit(group, "orders", offset);
    }

    OffsetCommitResponseData commit(String group, String topic, long offset) {
        return core.ask(
                ApiMessageType.OFFSET_COMMIT,
                9,
                new OffsetCommitRequestData()
                        .setGroupId(group)
                        .setTopics(List.of(new OffsetCommitRequestTopic()
                                .setName(topic)
                                .setPartitions(List.of(new OffsetCommitRequestPartition()
                                        .setPartitionIndex(0)
                                        .setCommittedOffset(offset))))),
                new OffsetCommitResponseData());
    }

    static Errors errorOf(OffsetCommitResponseData response) {
        return Errors.forCode(
                response.topics().getFirst().partitions().getFirst().errorCode());
    }

    static OffsetFetchRequestGroup asked(String group) {
        return asked(group, "orders");
    }

    static OffsetFetchRequestGroup asked(String group, String topic) {
        return new OffsetFetchRequestGroup()
                .setGroupId(group)
                .setTopics(List.of(new OffsetFetchRequestTopics().setName(topic).setPartitionIndexes(List.of(0))));
    }

    List<OffsetFetchResponseGroup> fetch(int version, List<OffsetFetchRequestGroup> groups) {
        return core.ask(
                        ApiMessageType.OFFSET_FETCH,
                        version,
                        new OffsetFetchRequestData().setGroups(groups),
                        new OffsetFetchResponseData())
                .groups();
    }

    static Errors errorOf(OffsetFetchResponseGroup group) {
        return Errors.forCode(group.errorCode());
    }

    static long offsetOf(OffsetFetchResponseGroup group) {
        return group.topics().getFirst().partitions().getFirst().committedOffset();
    }

    static JoinGroupRequestProtocolCollection range() {
        return new JoinGroupRequestProtocolCollection(
                List.of(new JoinGroupRequestProtocol().setName("range").setMetadata(new byte[0]))
                        .iterator());
    }

    @Override
    public void close() {
        core.close();
    }
}
