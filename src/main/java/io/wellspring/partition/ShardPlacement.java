package io.wellspring.partition;

import io.wellspring.model.TopicPartition;

/**
 * Which shard a partition belongs to, by a stable hash of its name; the partitions of one topic go round the shards. A single broker
 * may start with another number of shards: nothing on disk depends on it.
 *
 * @param shardCount at least 1
 */
record ShardPlacement(int shardCount) {
    /** 2^32 over the golden ratio: spreads names that differ in the last letter only. */
    private static final int SPREAD = 0x9E3779B9;

    ShardId shardOf(TopicPartition partition) {
        int first = (partition.topic().hashCode() * SPREAD) >>> 16;
        return new ShardId((first + partition.partition() & Integer.MAX_VALUE) % shardCount);
    }
}
