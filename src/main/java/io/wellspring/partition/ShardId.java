package io.wellspring.partition;

/**
 * A shard: the unit of order, ownership and (in a cluster) replication. It holds many partitions and one thread owns it.
 *
 * @param number from 0 to the number of shards, exclusive
 */
public record ShardId(int number) {
    @Override
    public String toString() {
        return "shard-" + number;
    }
}
