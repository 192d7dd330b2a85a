package io.wellspring.partition;

import io.wellspring.model.IsolationLevel;

/**
 * A reader's wish on one partition.
 *
 * @param fetchOffset the first offset wanted
 * @param currentLeaderEpoch the leader epoch the reader believes in, -1: unknown
 * @param lastFetchedEpoch the epoch of the last record it has, -1: unknown
 * @param maxBytes allowance
 * @param atLeastOne gives the first batch even if it is larger than the allowance
 */
public record ReadRequest(
        long fetchOffset,
        int currentLeaderEpoch,
        int lastFetchedEpoch,
        IsolationLevel isolation,
        int maxBytes,
        boolean atLeastOne) {}
