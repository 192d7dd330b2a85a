package io.wellspring.log;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A durable mark that is fit to be written down: what a start after a crash needs beside the batches is on disk as of the same offset, the
 * producers' state in a snapshot, the indexes as told. So that start reads nothing below. Immutable.
 *
 * @param mark what is forced
 * @param indexes of the mark's segment, up to the mark; null: they are made anew
 */
record Checkpoint(DurableMark mark, @Nullable IndexMark indexes) {
    /** See {@link DurableMark#within}. */
    Checkpoint within(List<Segment> segments) {
        DurableMark kept = mark.within(segments);
        return kept.equals(mark)
                ? this
                : new Checkpoint(kept, kept.segmentBaseOffset() == mark.segmentBaseOffset() ? indexes : null);
    }
}
