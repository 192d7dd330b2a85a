package io.wellspring.log;

/**
 * How one log is kept; {@code topic.TopicSettings} makes it from Kafka's topic settings. Immutable; a log takes a new one at any time.
 *
 * @param segmentBytes a segment is closed before it grows past this size, bytes
 * @param segmentMs a segment is closed this long after its first record, ms
 * @param segmentJitterMs at most this much is taken off {@code segmentMs}, at random per segment, ms
 * @param indexBytes the largest size of an offset or time index, bytes
 * @param indexIntervalBytes one index entry for about this many bytes of log
 * @param retentionBytes the oldest segments go when the log is larger, bytes; -1: never
 * @param retentionMs a segment goes this long after its newest record, ms; -1: never
 * @param fileDeleteDelayMs files of a deleted segment stay this long, ms
 * @param flushMessages fsync after this many records, whatever the broker's flush policy
 * @param flushMs fsync this long after an append, whatever the broker's flush policy, ms
 * @param deletes the cleanup policy names deletion
 * @param compacts the cleanup policy names compaction
 * @param preallocate the segment file is given its full size when it is made
 */
public record LogSettings(
        int segmentBytes,
        long segmentMs,
        long segmentJitterMs,
        int indexBytes,
        int indexIntervalBytes,
        long retentionBytes,
        long retentionMs,
        long fileDeleteDelayMs,
        long flushMessages,
        long flushMs,
        boolean deletes,
        boolean compacts,
        boolean preallocate) {
    /** Kafka's defaults. */
    public static final LogSettings DEFAULTS = new LogSettings(
            1 << 30,
            604_800_000L,
            0L,
            10 << 20,
            4096,
            -1L,
            604_800_000L,
            60_000L,
            Long.MAX_VALUE,
            Long.MAX_VALUE,
            true,
            false,
            false);
}
