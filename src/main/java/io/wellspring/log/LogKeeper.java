package io.wellspring.log;

import io.wellspring.model.TopicPartition;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** What a log asks of the store that holds it: the few files that all logs of a directory share, and deletion. Threads: any. */
interface LogKeeper {
    /** Writes the moved start of a log into {@code log-start-offset-checkpoint}; on disk when it returns. */
    void startOffsetMoved(TopicPartition partition, long startOffset) throws IOException;

    /**
     * Takes the durable mark back before a truncation touches the files, else recovery would take the shorter file for damage; on
     * disk when it returns.
     */
    void lowerMark(TopicPartition partition, DurableMark mark) throws IOException;

    /** A segment was closed and forced: the mark is written soon. Does not wait for the disk. */
    void rolled(TopicPartition partition);

    /**
     * Deletes files that no longer belong to the log (their names end in {@link FileNames#DELETED_SUFFIX}), after the delay and after
     * the durable mark that no longer names them is on disk. Does not wait for the disk.
     */
    void deleteLater(TopicPartition partition, List<Path> files, long delayMs);

    /** The disk failed under this log, once per log. */
    void wentOffline(TopicPartition partition, String reason);
}
