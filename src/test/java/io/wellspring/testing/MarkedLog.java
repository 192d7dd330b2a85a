package io.wellspring.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A partition's files as they lie on disk, and what the file {@code durable-marks} beside them says of it.
 *
 * @param data the log directory
 * @param name of the partition's directory, such as {@code orders-0}
 */
public record MarkedLog(Path data, String name) {
    private static final String LOG_SUFFIX = ".log";
    private static final int FIXED_FIELDS = 10;

    /**
     * What is known to be on disk: all records below the end offset.
     *
     * @param endOffset after the last record that is on disk
     * @param segment base offset of the segment that holds the mark
     * @param batchPosition where the last batch below the mark begins in it, -1 if it has none
     * @param endPosition where that batch ends
     */
    public record Mark(long endOffset, long segment, long batchPosition, long endPosition) {}

    public Path directory() {
        return data.resolve(name);
    }

    /** The mark; empty if there is none. */
    public Optional<Mark> mark() throws IOException {
        return Optional.ofNullable(marks(data).get(name));
    }

    /** All marks of a log directory, by the names of the partitions' directories. */
    public static Map<String, Mark> marks(Path data) throws IOException {
        Map<String, Mark> marks = new HashMap<>();
        for (String line : Files.readAllLines(data.resolve("durable-marks"))) {
            String[] fields = line.split(" ", -1);
            if (fields.length >= FIXED_FIELDS) {
                Mark mark = new Mark(
                        Long.parseLong(fields[4]),
                        Long.parseLong(fields[5]),
                        Long.parseLong(fields[6]),
                        Long.parseLong(fields[8]));
                marks.put(fields[0] + "-" + fields[1], mark);
            }
        }
        return marks;
    }

    /** The {@code .log} files, oldest first. */
    public List<Path> segments() throws IOException {
        try (Stream<Path> files = Files.list(directory())) {
            return files.filter(file -> file.toString().endsWith(LOG_SUFFIX))
                    .sorted()
                    .toList();
        }
    }

    public Path lastSegment() throws IOException {
        return segments().getLast();
    }

    public Path segment(long baseOffset) {
        return directory().resolve("%020d".formatted(baseOffset) + LOG_SUFFIX);
    }

    /** All files with their bytes as text of their own kind, to compare a before with an after. */
    public Map<String, String> contents() throws IOException {
        Map<String, String> contents = new TreeMap<>();
        List<Path> all = new ArrayList<>();
        try (Stream<Path> files = Files.list(directory())) {
            files.forEach(all::add);
        }
        for (Path file : all) {
            contents.put(String.valueOf(file.getFileName()), Digests.sha256(Files.readAllBytes(file)));
        }
        return contents;
    }
}
