package io.wellspring.partition;

import io.wellspring.model.NodeId;
import org.jspecify.annotations.Nullable;

/**
 * What a broker knows of a shard just now.
 *
 * @param leader the broker that leads, null if none is known
 * @param epoch the leader's epoch, -1 before the first
 * @param isReady true once the leader has committed everything of the epochs before its own
 * @param inSyncReplicaCount brokers that have everything committed, this one included
 */
public record ShardState(Role role, @Nullable NodeId leader, int epoch, boolean isReady, int inSyncReplicaCount) {
    /** A shard before anybody leads it. */
    public static final ShardState UNKNOWN = new ShardState(Role.FOLLOWER, null, -1, false, 0);

    public boolean isLeader() {
        return role == Role.LEADER && isReady;
    }

    /** What this broker is to the shard. */
    public enum Role {
        LEADER,
        FOLLOWER,
        /** Its store failed: it takes no part until the broker starts again. */
        FAILED
    }
}
