package io.wellspring.log;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * How much of a log is known to be on disk: everything below {@code endOffset} was forced. Recovery begins here: what lies below
 * is never cut, what lies above is. Immutable.
 *
 * @param startOffset first offset of the log
 * @param endOffset offset after the last record that is known to be on disk
 * @param segmentBaseOffset name of the segment that holds the mark
 * @param batchPosition where the last batch below {@code endOffset} begins in that segment; -1: the segment has none
 * @param batchCrc the CRC stored in that batch, unsigned; 0 if there is none
 * @param endPosition where that batch ends in its segment: the bytes of the segment that are on disk
 * @param sealed the segments below that one, oldest first
 */
record DurableMark(
        long startOffset,
        long endOffset,
        long segmentBaseOffset,
        long batchPosition,
        long batchCrc,
        long endPosition,
        List<Sealed> sealed) {
    static final long NO_BATCH = -1L;

    /**
     * A segment that is no longer written to.
     *
     * @param baseOffset its name
     * @param sizeBytes size of its {@code .log} file
     */
    record Sealed(long baseOffset, long sizeBytes) {}

    DurableMark {
        sealed = List.copyOf(sealed);
        if (batchPosition == NO_BATCH
                ? endPosition != 0 || batchCrc != 0
                : batchPosition < 0 || endPosition <= batchPosition) {
            throw new IllegalArgumentException(
                    "a mark at batch " + batchPosition + " with crc " + batchCrc + " and end " + endPosition);
        }
        if (segmentBaseOffset < 0 || endOffset < segmentBaseOffset || startOffset < 0) {
            throw new IllegalArgumentException(
                    "a mark at " + endOffset + " in segment " + segmentBaseOffset + " of a log from " + startOffset);
        }
    }

    /** A mark at the first byte of a segment: all of it is above the mark. */
    static DurableMark atStartOf(long segmentBaseOffset, long startOffset, List<Sealed> sealed) {
        return new DurableMark(startOffset, segmentBaseOffset, segmentBaseOffset, NO_BATCH, 0L, 0L, sealed);
    }

    /**
     * The mark with the sealed segments as they are now: without those that retention took out since, and with those that compaction
     * put in the place of others. What they replace is deleted only after such a mark is on disk.
     */
    DurableMark within(List<Segment> segments) {
        Set<Long> bases = new HashSet<>();
        segments.forEach(segment -> bases.add(segment.baseOffset()));
        if (!bases.contains(segmentBaseOffset)) {
            // All that was marked is retired: what follows is above a mark at its beginning.
            return atStartOf(segments.getFirst().baseOffset(), startOffset, List.of());
        }
        List<Sealed> now = segments.stream()
                .filter(segment -> segment.baseOffset() < segmentBaseOffset)
                .map(segment -> new Sealed(segment.baseOffset(), segment.sizeBytes()))
                .toList();
        return now.equals(sealed)
                ? this
                : new DurableMark(startOffset, endOffset, segmentBaseOffset, batchPosition, batchCrc, endPosition, now);
    }

    /** True if a start misses the segment when it is not there. */
    boolean asksFor(long baseOffset) {
        return (hasBatch() && segmentBaseOffset == baseOffset)
                || sealed.stream().anyMatch(one -> one.baseOffset() == baseOffset);
    }

    boolean hasBatch() {
        return batchPosition != NO_BATCH;
    }
}
