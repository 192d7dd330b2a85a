package io.wellspring.bench.load;

import org.apache.kafka.common.Uuid;

/**
 * A topic that load goes to.
 *
 * @param id as the broker tells it
 */
public record Topic(String name, Uuid id, int partitionCount) {}
