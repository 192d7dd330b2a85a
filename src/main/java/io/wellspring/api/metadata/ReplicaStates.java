package io.wellspring.api.metadata;

import io.wellspring.model.TopicId;
import org.jspecify.annotations.Nullable;

/** How this broker's partitions stand, as far as metadata tells it. Threads: any. */
@FunctionalInterface
interface ReplicaStates {
    /** The state of a partition, null if it is not (or not yet) there. */
    @Nullable
    ReplicaState find(TopicId topic, int partition);

    /**
     * @param leaderEpoch the newest epoch of its leadership
     * @param isOnline false if its log takes no reads and writes
     */
    record ReplicaState(int leaderEpoch, boolean isOnline) {}
}
