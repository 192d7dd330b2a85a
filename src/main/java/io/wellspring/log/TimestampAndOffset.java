package io.wellspring.log;

/**
 * A record found by time.
 *
 * @param timestampMs its timestamp, ms; -1: none
 * @param offset its offset; -1: none
 * @param leaderEpoch the epoch of its batch; -1: none
 */
public record TimestampAndOffset(long timestampMs, long offset, int leaderEpoch) {}
