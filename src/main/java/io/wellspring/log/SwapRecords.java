package io.wellspring.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The {@link SwapRecord}s in a log's directory. Threads: whoever opens or compacts the log, one at a time. */
final class SwapRecords {
    private static final Logger LOG = LoggerFactory.getLogger(SwapRecords.class);

    private SwapRecords() {}

    static List<Path> in(LogFiles files, Path directory) throws IOException {
        return files.list(directory).stream()
                .filter(name -> SegmentPaths.offsetOf(name, SwapRecord.SUFFIX).isPresent())
                .map(directory::resolve)
                .toList();
    }

    /** Null if it is damaged. */
    static @Nullable SwapRecord read(LogFiles files, Path path) throws IOException {
        ByteBuffer file = files.readWhole(path, SwapRecord.MAX_SIZE_BYTES);
        return file == null ? null : SwapRecord.decode(file);
    }

    /** Writes a mark that knows the new sizes; only then the records go. If that fails they stay until the next compaction, which is no harm. */
    static void giveUp(LogFiles files, LogDirectory directory, PartitionLog log) {
        if (log.isOffline() || log.isClosed()) {
            return;
        }
        try {
            directory.writeMarks();
            clear(files, log.directory(), directory.markOnDisk(log.partition()));
        } catch (IOException failure) {
            LOG.warn("Records of a compaction stay for now: partition={}", log.partition(), failure);
        }
    }

    /**
     * Deletes the records, and what a compaction has not finished, durably: before anything is written under those names again, for a record must not come
     * back to other files.
     *
     * @param mark of the log as it is on disk, null: none
     * @return false, and nothing was done: the mark still names segments that were replaced
     */
    static boolean clear(LogFiles files, Path directory, @Nullable DurableMark mark) throws IOException {
        List<Path> records = in(files, directory);
        for (Path path : records) {
            SwapRecord swap = read(files, path);
            if (mark == null || swap == null || !swap.in(mark).equals(mark)) {
                return false;
            }
        }
        for (Path path : records) {
            files.delete(path);
        }
        for (String name : files.list(directory)) {
            if (name.endsWith(SegmentPaths.CLEANED_SUFFIX)) {
                files.delete(directory.resolve(name));
            }
        }
        files.syncDirectory(directory);
        return true;
    }
}
