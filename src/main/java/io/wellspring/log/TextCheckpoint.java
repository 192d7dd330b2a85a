package io.wellspring.log;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Kafka's text checkpoint: version, number of lines, lines.
 *
 * <pre>
 *   0                 version
 *   2                 lines that follow
 *   orders 0 17       log-start-offset-checkpoint: topic partition offset
 *   orders 1 0
 *
 *   0
 *   2
 *   0 0               leader-epoch-checkpoint: epoch startOffset
 *   3 4711
 * </pre>
 *
 * There is no checksum in Kafka's format; the files are replaced in one step and a wrong one is refused as a whole. Threads: any.
 */
final class TextCheckpoint {
    private static final String VERSION = "0";

    private TextCheckpoint() {}

    /** The whole file, position 0. */
    static ByteBuffer encode(List<String> lines) {
        StringBuilder text = new StringBuilder();
        text.append(VERSION).append('\n').append(lines.size()).append('\n');
        for (String line : lines) {
            text.append(line).append('\n');
        }
        return ByteBuffer.wrap(text.toString().getBytes(StandardCharsets.UTF_8));
    }

    /**
     * The words of each line.
     *
     * @param file position to limit; not moved
     * @param words words that each line must have
     * @return null if the file is torn, padded or of another version
     */
    static @Nullable List<String[]> decode(ByteBuffer file, int words) {
        String text = StandardCharsets.UTF_8.decode(file.duplicate()).toString();
        String[] lines = text.split("\n", -1);
        // The last line ends with a line feed too, so that a file cut inside its last number is not taken for a whole
        // one.
        int count = lines.length - 3;
        if (count < 0
                || !lines[0].equals(VERSION)
                || !lines[1].equals(Integer.toString(count))
                || !lines[lines.length - 1].isEmpty()) {
            return null;
        }
        List<String[]> rows = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            String[] row = lines[i + 2].split(" ", -1);
            if (row.length != words) {
                return null;
            }
            rows.add(row);
        }
        return rows;
    }
}
