package io.wellspring.partition;

import io.wellspring.model.NodeId;
import io.wellspring.model.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Hears what becomes of shards. Threads: the shard's owner; the methods return at once and hand on. */
public interface ShardListener {
    /** This broker leads from now on; everything of earlier epochs is committed. */
    default void becameLeader(ShardId shard, int epoch) {}

    /**
     * Somebody else leads, or nobody.
     *
     * @param leader null: nobody is known
     */
    default void following(ShardId shard, @Nullable NodeId leader) {}

    default void highWatermarkMoved(TopicPartition partition, long highWatermark) {}
}
