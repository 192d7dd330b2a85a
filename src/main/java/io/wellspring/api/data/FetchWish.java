package io.wellspring.api.data;

/**
 * What a client wants of one partition.
 *
 * @param key which partition
 * @param fetchOffset first offset wanted
 * @param currentLeaderEpoch the leader epoch the client believes in, -1: unknown
 * @param lastFetchedEpoch the epoch of the last record it has, -1: unknown
 * @param maxBytes allowance for this partition
 */
record FetchWish(FetchKey key, long fetchOffset, int currentLeaderEpoch, int lastFetchedEpoch, int maxBytes) {}
