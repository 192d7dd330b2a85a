package io.wellspring.log;

/**
 * How one log is compacted: Kafka's topic settings. Immutable.
 *
 * @param minDirtyRatio it is compacted once more than this share of it, 0 to 1, was not compacted yet
 * @param minLagMs a record is left alone for this long, ms
 * @param maxLagMs it is compacted, whatever the share, when a record was not for this long, ms
 * @param deleteRetentionMs how long tombstones and ends of transactions stay after the first compaction that met them, ms
 */
public record CompactionSettings(double minDirtyRatio, long minLagMs, long maxLagMs, long deleteRetentionMs) {}
