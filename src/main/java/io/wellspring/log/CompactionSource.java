package io.wellspring.log;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What compaction must know of logs and a log does not know itself; {@code partition} tells it. Threads: any that may block. */
public interface CompactionSource {
    /** The logs that are to be compacted and may be now. */
    List<Candidate> candidates();

    /**
     * The producers that the log's owner remembers; for each the last entry counts.
     *
     * @return null: it cannot be told now
     */
    @Nullable
    List<ProducerSnapshot.Entry> producers(PartitionLog log);

    /**
     * A log with the cleanup policy {@code compact}.
     *
     * @param log the log
     * @param settings of its topic
     * @param stableOffset what lies below is committed, and every transaction in it is decided
     */
    record Candidate(PartitionLog log, CompactionSettings settings, long stableOffset) {}
}
