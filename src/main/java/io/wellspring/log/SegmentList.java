package io.wellspring.log;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The segments of a log in order of their base offsets; never empty, the last one is the active one. Immutable. */
final class SegmentList {
    private final Segment[] segments;

    private SegmentList(Segment[] segments) {
        if (segments.length == 0) {
            throw new IllegalArgumentException("a log has at least one segment");
        }
        this.segments = segments;
    }

    static SegmentList of(List<Segment> segments) {
        return new SegmentList(segments.toArray(Segment[]::new));
    }

    SegmentList with(Segment active) {
        Segment[] longer = Arrays.copyOf(segments, segments.length + 1);
        longer[segments.length] = active;
        return new SegmentList(longer);
    }

    /** True if these are there, one after the other. */
    boolean holds(List<Segment> run) {
        int first = asList().indexOf(run.getFirst());
        return first >= 0
                && first + run.size() <= segments.length
                && asList().subList(first, first + run.size()).equals(run);
    }

    /** One segment in the place of a run of others. */
    SegmentList swapped(List<Segment> run, Segment replacement) {
        List<Segment> next = new ArrayList<>(asList());
        int first = next.indexOf(run.getFirst());
        next.subList(first, first + run.size()).clear();
        next.add(first, replacement);
        return of(next);
    }

    SegmentList withoutFirst(int count) {
        return new SegmentList(Arrays.copyOfRange(segments, count, segments.length));
    }

    SegmentList first(int count) {
        return new SegmentList(Arrays.copyOf(segments, count));
    }

    int count() {
        return segments.length;
    }

    Segment get(int index) {
        return segments[index];
    }

    Segment active() {
        return segments[segments.length - 1];
    }

    List<Segment> asList() {
        return List.of(segments);
    }

    /** The offset that no record of this segment reaches: the next one's base offset, the log's end for the active one. */
    long endOffset(int index) {
        return index + 1 < segments.length ? segments[index + 1].baseOffset() : segments[index].nextOffset();
    }

    /** Index of the last segment whose base offset is at most {@code offset}; 0 if all are above. */
    int floor(long offset) {
        int low = 0;
        int high = segments.length - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            if (segments[middle].baseOffset() <= offset) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return Math.max(high, 0);
    }

    long sizeBytes() {
        long total = 0;
        for (Segment segment : segments) {
            total += segment.sizeBytes();
        }
        return total;
    }

    /** The segments before the active one, for a durable mark. */
    List<DurableMark.Sealed> sealed(int count) {
        List<DurableMark.Sealed> sealed = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            sealed.add(new DurableMark.Sealed(segments[i].baseOffset(), segments[i].sizeBytes()));
        }
        return sealed;
    }
}
