package io.wellspring.testing;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.Assignment;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.Subscription;
import org.apache.kafka.clients.consumer.internals.ConsumerProtocol;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.ApiMessageType;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.HeartbeatResponseData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData.JoinGroupRequestProtocol;
import org.apache.kafka.common.message.JoinGroupRequestData.JoinGroupRequestProtocolCollection;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.JoinGroupResponseData.JoinGroupResponseMember;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.SyncGroupRequestData.SyncGroupRequestAssignment;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.Errors;

/** A member of a classic group with the timeouts of the Java client; as the leader it deals the partitions out in order. Threads: one. */
final class ClassicWireMember implements WireMember {
    private static final int JOIN_GROUP = 9;
    private static final int SYNC_GROUP = 5;
    private static final int HEARTBEAT = 4;
    private static final int HEARTBEAT_INTERVAL_MS = 3_000;
    private static final int SESSION_TIMEOUT_MS = 45_000;
    private static final int REBALANCE_TIMEOUT_MS = 300_000;
    private static final String PROTOCOL_TYPE = "consumer";
    private static final String ASSIGNOR = "range";

    private final WireClient client;
    private final String groupId;
    private final GroupWire.Source source;
    private final ByteBuffer subscription;
    private String memberId = "";
    private int retries;
    private volatile Holding holding = new Holding(-1, Set.of());

    ClassicWireMember(String address, String groupId, GroupWire.Source source) throws IOException {
        this.client = new WireClient(address, REBALANCE_TIMEOUT_MS);
        this.groupId = groupId;
        this.source = source;
        this.subscription = ConsumerProtocol.serializeSubscription(new Subscription(List.of(source.name())));
    }

    @Override
    public Holding holding() {
        return holding;
    }

    @Override
    public int heartbeatIntervalMs() {
        return HEARTBEAT_INTERVAL_MS;
    }

    @Override
    public void join() throws IOException {
        GroupWire.findCoordinator(client, groupId);
        rejoin();
    }

    private void rejoin() throws IOException {
        boolean isSynced = false;
        while (!isSynced) {
            JoinGroupResponseData joined = joinOnce();
            while (isToAskAgain(joined.errorCode())) {
                joined = joinOnce();
            }
            if (joined.errorCode() == Errors.MEMBER_ID_REQUIRED.code()) {
                memberId = joined.memberId();
                joined = joinOnce();
                if (isToAskAgain(joined.errorCode())) {
                    continue;
                }
            }
            GroupWire.expectNone(groupId, "JoinGroup", joined.errorCode());
            memberId = joined.memberId();
            isSynced = sync(joined);
        }
    }

    private JoinGroupResponseData joinOnce() throws IOException {
        JoinGroupRequestProtocolCollection protocols = new JoinGroupRequestProtocolCollection();
        protocols.add(new JoinGroupRequestProtocol().setName(ASSIGNOR).setMetadata(array(subscription)));
        return client.call(
                ApiMessageType.JOIN_GROUP,
                JOIN_GROUP,
                new JoinGroupRequestData()
                        .setGroupId(groupId)
                        .setMemberId(memberId)
                        .setSessionTimeoutMs(SESSION_TIMEOUT_MS)
                        .setRebalanceTimeoutMs(REBALANCE_TIMEOUT_MS)
                        .setProtocolType(PROTOCOL_TYPE)
                        .setProtocols(protocols),
                new JoinGroupResponseData());
    }

    /** @return false: the next rebalance has begun already */
    private boolean sync(JoinGroupResponseData joined) throws IOException {
        SyncGroupResponseData synced = client.call(
                ApiMessageType.SYNC_GROUP,
                SYNC_GROUP,
                new SyncGroupRequestData()
                        .setGroupId(groupId)
                        .setMemberId(memberId)
                        .setGenerationId(joined.generationId())
                        .setProtocolType(PROTOCOL_TYPE)
                        .setProtocolName(ASSIGNOR)
                        .setAssignments(joined.leader().equals(memberId) ? deal(joined.members()) : List.of()),
                new SyncGroupResponseData());
        if (synced.errorCode() == Errors.REBALANCE_IN_PROGRESS.code() || isToAskAgain(synced.errorCode())) {
            return false;
        }
        GroupWire.expectNone(groupId, "SyncGroup", synced.errorCode());
        Set<Integer> partitions = new HashSet<>();
        ConsumerProtocol.deserializeAssignment(ByteBuffer.wrap(synced.assignment()))
                .partitions()
                .forEach(partition -> partitions.add(partition.partition()));
        holding = new Holding(joined.generationId(), Set.copyOf(partitions));
        return true;
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

    private List<SyncGroupRequestAssignment> deal(List<JoinGroupResponseMember> members) {
        List<SyncGroupRequestAssignment> dealt = new ArrayList<>();
        for (int i = 0; i < members.size(); i++) {
            int place = i;
            List<TopicPartition> share = IntStream.range(0, source.partitionCount())
                    .filter(partition -> partition % members.size() == place)
                    .mapToObj(partition -> new TopicPartition(source.name(), partition))
                    .toList();
            dealt.add(new SyncGroupRequestAssignment()
                    .setMemberId(members.get(i).memberId())
                    .setAssignment(array(ConsumerProtocol.serializeAssignment(new Assignment(share)))));
        }
        return dealt;
    }

    private static byte[] array(ByteBuffer bytes) {
        byte[] array = new byte[bytes.remaining()];
        bytes.duplicate().get(array);
        return array;
    }

    @Override
    public void heartbeat() throws IOException {
        HeartbeatResponseData answer = client.call(
                ApiMessageType.HEARTBEAT,
                HEARTBEAT,
                new HeartbeatRequestData()
                        .setGroupId(groupId)
                        .setMemberId(memberId)
                        .setGenerationId(holding.epoch()),
                new HeartbeatResponseData());
        if (answer.errorCode() == Errors.REBALANCE_IN_PROGRESS.code()) {
            rejoin();
        } else if (!isToAskAgain(answer.errorCode())) {
            GroupWire.expectNone(groupId, "Heartbeat", answer.errorCode());
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
