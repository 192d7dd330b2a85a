package io.wellspring.partition;

import java.io.IOException;

/** Work on a shard's partitions that takes its place in the shard's order. Threads: run by the shard's owner. */
@FunctionalInterface
public interface ShardCommand<T> {
    T run() throws IOException;
}
