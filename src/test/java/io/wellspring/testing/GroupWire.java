package io.wellspring.testing;

import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.ApiMessageType;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.FindCoordinatorResponseData;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.protocol.Errors;

/** What members of all protocols ask alike. */
final class GroupWire {
    private static final int FIND_COORDINATOR = 6;
    private static final int OFFSET_COMMIT = 10;
    private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private GroupWire() {}

    /** A topic that a group reads whole. */
    record Source(String name, Uuid id, int partitionCount) {}

    /** Asks who coordinates the group; fails unless it is the broker asked. */
    static void findCoordinator(WireClient client, String groupId) throws IOException {
        FindCoordinatorResponseData found = client.call(
                ApiMessageType.FIND_COORDINATOR,
                FIND_COORDINATOR,
                new FindCoordinatorRequestData().setKeyType((byte) 0).setCoordinatorKeys(List.of(groupId)),
                new FindCoordinatorResponseData());
        expectNone(groupId, "FindCoordinator", found.coordinators().getFirst().errorCode());
    }

    /** @return how many of the partitions were acknowledged: all, or none in the middle of a rebalance or if the broker cannot just now */
    static int commit(
            WireClient client,
            String groupId,
            String memberId,
            int epoch,
            Source source,
            Collection<Integer> partitions,
            long offset)
            throws IOException {
        OffsetCommitRequestData request = new OffsetCommitRequestData()
                .setGroupId(groupId)
                .setMemberId(memberId)
                .setGenerationIdOrMemberEpoch(epoch)
                .setTopics(List.of(new OffsetCommitRequestTopic()
                        .setTopicId(source.id())
                        .setPartitions(partitions.stream()
                                .map(partition -> new OffsetCommitRequestPartition()
                                        .setPartitionIndex(partition)
                                        .setCommittedOffset(offset)
                                        .setCommittedMetadata(""))
                                .toList())));
        OffsetCommitResponseData answer =
                client.call(ApiMessageType.OFFSET_COMMIT, OFFSET_COMMIT, request, new OffsetCommitResponseData());
        int acknowledged = 0;
        for (var topic : answer.topics()) {
            for (var partition : topic.partitions()) {
                if (partition.errorCode() != Errors.REBALANCE_IN_PROGRESS.code()
                        && !isToAskAgain(partition.errorCode())) {
                    expectNone(groupId, "OffsetCommit", partition.errorCode());
                    acknowledged++;
                }
            }
        }
        return acknowledged;
    }

    /** True if the broker cannot tell just now: a client asks again a little later, and so do we. */
    static boolean isToAskAgain(short errorCode) {
        if (errorCode != Errors.COORDINATOR_NOT_AVAILABLE.code()
                && errorCode != Errors.COORDINATOR_LOAD_IN_PROGRESS.code()) {
            return false;
        }
        LockSupport.parkNanos(RETRY_NANOS);
        return true;
    }

    static void expectNone(String groupId, String what, short errorCode) {
        if (errorCode != Errors.NONE.code()) {
            throw new AssertionError(what + " of group " + groupId + " was answered " + Errors.forCode(errorCode));
        }
    }
}
