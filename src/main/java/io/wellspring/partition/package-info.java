/**
 * One partition as this broker serves it: leader epoch, high watermark, last stable offset, idempotent producer state, waiting fetches;
 * the shards that own partitions, and the seam {@code ReplicationEngine} / {@code ShardStore} behind which a cluster may stand.
 * Knows neither requests nor wire error codes.
 */
@NullMarked
package io.wellspring.partition;

import org.jspecify.annotations.NullMarked;
