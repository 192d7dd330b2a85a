package io.wellspring.api.metadata;

import io.wellspring.api.metadata.ReplicaStates.ReplicaState;
import io.wellspring.model.NodeId;
import java.util.List;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * A partition as metadata shows it on a broker that is alone: it is leader, only replica and in sync. A partition whose log is offline keeps
 * its replica but has no leader, as in Kafka when the only replica's directory fails; clients go on asking until it is back.
 */
record PartitionView(
        Errors error, int leaderId, int leaderEpoch, List<Integer> replicas, List<Integer> offlineReplicas) {
    private static final int NO_LEADER = -1;
    private static final int UNKNOWN_EPOCH = -1;

    static PartitionView of(NodeId node, @Nullable ReplicaState state) {
        List<Integer> replicas = List.of(node.value());
        if (state == null) {
            // In the catalog already, not yet opened.
            return new PartitionView(Errors.LEADER_NOT_AVAILABLE, NO_LEADER, UNKNOWN_EPOCH, replicas, replicas);
        }
        if (!state.isOnline()) {
            return new PartitionView(Errors.LEADER_NOT_AVAILABLE, NO_LEADER, state.leaderEpoch(), replicas, replicas);
        }
        return new PartitionView(Errors.NONE, node.value(), state.leaderEpoch(), replicas, List.of());
    }
}
