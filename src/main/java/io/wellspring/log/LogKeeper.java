package io.wellspring.log;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** What a log asks of whoever keeps it ({@link LogStore}). Threads: the log's owner thread. */
interface LogKeeper {
    /** The log begins at this offset from now on. Durable when it returns; called before anything below is removed. */
    void startOffsetMoves(PartitionLog log, long startOffset) throws IOException;

    /**
     * The log is about to be cut back to this offset: a durable mark above it must be lowered first, and be durable when this returns,
     * or the next start would take the cut for damage.
     */
    void truncating(PartitionLog log, long endOffset) throws IOException;

    /** A segment was closed and a new one begun: a durable mark is due as soon as the closed one is flushed. */
    void rolled(PartitionLog log);

    /** These files, renamed to {@code .deleted} already, are to be deleted after the delay. */
    void deleteLater(List<Path> files, long delayMs);

    /** The log refuses everything from now on. */
    void wentOffline(PartitionLog log, String reason);
}
