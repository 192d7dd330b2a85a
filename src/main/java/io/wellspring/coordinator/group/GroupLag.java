package io.wellspring.coordinator.group;

import io.wellspring.model.TopicPartition;
import java.util.List;

/**
 * How far a group is behind.
 *
 * @param groupId the group
 * @param type Kafka's word: {@code Classic}, {@code Consumer}, {@code Streams}
 * @param state Kafka's word, such as {@code Stable} or {@code Empty}
 * @param partitions those it has committed offsets for, by topic and number
 */
public record GroupLag(String groupId, String type, String state, List<OfPartition> partitions) {
    /** An age that could not be had. */
    public static final long UNKNOWN_MS = -1L;

    /**
     * One partition of it.
     *
     * @param committedOffset the offset of the first record that the group has not read
     * @param endOffset the offset after the last record that a consumer can read
     * @param stableOffset the same for a consumer that waits for transactions to end
     * @param lagMs the age of the first record that the group has not read, by that record's own time; 0: there is none, or its time lies in
     *     the future; {@value GroupLag#UNKNOWN_MS}: the log could not be read just now
     */
    public record OfPartition(
            TopicPartition partition, long committedOffset, long endOffset, long stableOffset, long lagMs) {
        /** Offsets between what was read and the end, as Kafka's tools count: those of records that were deleted or compacted away too. */
        public long lag() {
            return Math.max(0L, endOffset - committedOffset);
        }

        /** Offsets between what was read and the last stable offset: what a consumer of committed transactions has before it. */
        public long stableLag() {
            return Math.max(0L, stableOffset - committedOffset);
        }
    }

    /** Records over all partitions. */
    public long lag() {
        return partitions.stream().mapToLong(OfPartition::lag).sum();
    }

    /** The oldest unread record's age; {@value #UNKNOWN_MS}: none is known. */
    public long lagMs() {
        return partitions.stream().mapToLong(OfPartition::lagMs).reduce(0L, GroupLag::older);
    }

    /** The larger of two ages. What is not known makes nothing younger, and does not pass for nothing. */
    public static long older(long oneMs, long otherMs) {
        return oneMs > 0 || otherMs > 0 ? Math.max(oneMs, otherMs) : Math.min(oneMs, otherMs);
    }
}
