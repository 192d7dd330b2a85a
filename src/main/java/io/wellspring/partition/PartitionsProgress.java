package io.wellspring.partition;

/**
 * How far the start has come, for health.
 *
 * @param isRecovering true until all partitions are open
 * @param openedCount partitions opened so far, those that came up offline included
 * @param totalCount partitions that the catalog knows; 0 until it was replayed
 * @param offlineCount partitions that serve nothing
 */
public record PartitionsProgress(boolean isRecovering, int openedCount, int totalCount, int offlineCount) {}
