package io.wellspring.log;

import io.wellspring.model.TopicPartition;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Up to where each log of a directory was compacted: the file {@code cleaner-offset-checkpoint} in Kafka's format ({@link TextCheckpoint}: topic, partition,
 * offset). What survives a crash: the file is replaced in one step. One that is missing or behind costs a compaction of what was compacted already.
 * Threads: any.
 */
final class CleanerCheckpoint {
    static final String FILE_NAME = "cleaner-offset-checkpoint";
    private static final long NONE = -1L;

    private final LogFiles files;
    private final Path path;
    private final Map<TopicPartition, Long> offsets = new ConcurrentHashMap<>();

    /** Reads the file, writes nothing. */
    CleanerCheckpoint(LogFiles files, Path directory) throws IOException {
        this.files = files;
        this.path = directory.resolve(FILE_NAME);
        ByteBuffer file = files.readWhole(path, DurableMarks.MAX_SIZE_BYTES);
        List<String[]> rows = file == null ? null : TextCheckpoint.decode(file, 3);
        if (rows == null) {
            return;
        }
        try {
            for (String[] row : rows) {
                offsets.put(new TopicPartition(row[0], Integer.parseInt(row[1])), Long.parseLong(row[2]));
            }
        } catch (IllegalArgumentException damaged) {
            offsets.clear();
        }
    }

    /** True if the log was compacted once, so that offsets may be missing in it, whatever its policy is now. */
    boolean knows(TopicPartition partition) {
        return offsets.containsKey(partition);
    }

    /** The offset up to which the log was compacted; -1: never. */
    long cleanedTo(TopicPartition partition) {
        return offsets.getOrDefault(partition, NONE);
    }

    /** The log was compacted up to here; durable when it returns. */
    void cleaned(TopicPartition partition, long offset) throws IOException {
        offsets.put(partition, offset);
        write();
    }

    /** The log is cut back to here: what comes after was never compacted. */
    void truncated(TopicPartition partition, long offset) throws IOException {
        if (cleanedTo(partition) > offset) {
            cleaned(partition, offset);
        }
    }

    /** The log is gone; the file loses it with its next writing. */
    void forget(TopicPartition partition) {
        offsets.remove(partition);
    }

    /** A new log of this name inherits nothing. */
    void forgetOnDisk(TopicPartition partition) throws IOException {
        if (offsets.remove(partition) != null) {
            write();
        }
    }

    private synchronized void write() throws IOException {
        List<String> lines = new TreeMap<>(offsets)
                .entrySet().stream()
                        .map(entry ->
                                entry.getKey().topic() + " " + entry.getKey().partition() + " " + entry.getValue())
                        .toList();
        files.replace(path, TextCheckpoint.encode(lines));
    }
}
