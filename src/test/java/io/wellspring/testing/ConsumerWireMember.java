package io.wellspring.testing;

import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.ApiMessageType;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;

/** A member of a consumer group (KIP-848); takes and gives partitions as the broker says, at once. Threads: one. */
final class ConsumerWireMember implements WireMember {
    private static final int HEARTBEAT = 1;
    private static final int ANSWER_LIMIT_MS = 300_000;
    private static final int REBALANCE_TIMEOUT_MS = 300_000;

    private final WireClient client;
    private final String groupId;
    private final GroupWire.Source source;
    private final String memberId = Uuid.randomUuid().toString();
    private int heartbeatIntervalMs;
    private int retries;
    private volatile Holding holding = new Holding(-1, Set.of());

    ConsumerWireMember(String address, String groupId, GroupWire.Source source) throws IOException {
        this.client = new WireClient(address, ANSWER_LIMIT_MS);
        this.groupId = groupId;
        this.source = source;
    }

    @Override
    public Holding holding() {
        return holding;
    }

    @Override
    public int heartbeatIntervalMs() {
        return heartbeatIntervalMs;
    }

    @Override
    public void join() throws IOException {
        GroupWire.findCoordinator(client, groupId);
        take(ask(new ConsumerGroupHeartbeatRequestData()
                .setMemberEpoch(0)
                .setRebalanceTimeoutMs(REBALANCE_TIMEOUT_MS)
                .setSubscribedTopicNames(List.of(source.name()))
                .setTopicPartitions(List.of())));
    }

    @Override
    public void heartbeat() throws IOException {
        take(ask(new ConsumerGroupHeartbeatRequestData().setMemberEpoch(holding.epoch())));
    }

    private ConsumerGroupHeartbeatResponseData ask(ConsumerGroupHeartbeatRequestData request) throws IOException {
        ConsumerGroupHeartbeatResponseData answer;
        do {
            answer = client.call(
                    ApiMessageType.CONSUMER_GROUP_HEARTBEAT,
                    HEARTBEAT,
                    request.setGroupId(groupId).setMemberId(memberId),
                    new ConsumerGroupHeartbeatResponseData());
        } while (isToAskAgain(answer.errorCode()));
        GroupWire.expectNone(groupId, "ConsumerGroupHeartbeat", answer.errorCode());
        return answer;
    }

    private boolean isToAskAgain(short errorCode) {
        boolean isSo = GroupWire.isToAskAgain(errorCode);
        retries += isSo ? 1 : 0;
        return isSo;
    }

    @Override
    public int retries() {
        return retries;
    }

    /** A change of partitions is confirmed by a heartbeat that names what is held now, until the broker has nothing new. */
    private void take(ConsumerGroupHeartbeatResponseData first) throws IOException {
        ConsumerGroupHeartbeatResponseData answer = first;
        while (answer.assignment() != null) {
            Set<Integer> partitions = new HashSet<>();
            answer.assignment().topicPartitions().forEach(topic -> partitions.addAll(topic.partitions()));
            holding = new Holding(answer.memberEpoch(), Set.copyOf(partitions));
            answer = ask(new ConsumerGroupHeartbeatRequestData()
                    .setMemberEpoch(answer.memberEpoch())
                    .setTopicPartitions(
                            partitions.isEmpty()
                                    ? List.of()
                                    : List.of(new ConsumerGroupHeartbeatRequestData.TopicPartitions()
                                            .setTopicId(source.id())
                                            .setPartitions(List.copyOf(partitions)))));
        }
        heartbeatIntervalMs = answer.heartbeatIntervalMs();
        if (answer.memberEpoch() != holding.epoch()) {
            holding = new Holding(answer.memberEpoch(), holding.partitions());
        }
    }

    @Override
    public int commit(long offset) throws IOException {
        Holding now = holding;
        return GroupWire.commit(client, groupId, memberId, now.epoch(), source, now.partitions(), offset);
    }

    @Override
    public void close() throws IOException {
        client.close();
    }
}
