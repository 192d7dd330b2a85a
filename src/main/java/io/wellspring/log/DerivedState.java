package io.wellspring.log;

import io.wellspring.batch.RecordBatch;
import java.util.List;

/**
 * What somebody derives from a log's batches and wants kept beside it, in {@code .snapshot} files: the state of producers
 * ({@code partition.ProducerStates} implements it). The log drives it at open and after a truncation; in between its owner
 * keeps it up to date. Threads: the log's owner thread.
 */
public interface DerivedState {
    /** Begins anew with what a snapshot said as of {@code offset}; an empty list: nothing known. */
    void restore(long offset, List<ProducerSnapshot.Entry> entries);

    /** A batch that lies after the snapshot, header-only, in order of offsets. */
    void replay(RecordBatch batch);

    /** What to write as a snapshot now. */
    List<ProducerSnapshot.Entry> snapshot();
}
