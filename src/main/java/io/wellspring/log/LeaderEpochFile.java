package io.wellspring.log;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Kafka's {@code leader-epoch-checkpoint}, see {@link TextCheckpoint}. Threads: any. */
final class LeaderEpochFile {
    private LeaderEpochFile() {}

    /** The whole file, position 0. */
    static ByteBuffer encode(List<LeaderEpochs.Entry> entries) {
        return TextCheckpoint.encode(entries.stream()
                .map(entry -> entry.epoch() + " " + entry.startOffset())
                .toList());
    }

    /** Null if the file is damaged: wrong format, or epochs and offsets that do not rise. */
    static @Nullable List<LeaderEpochs.Entry> decode(ByteBuffer file) {
        List<String[]> rows = TextCheckpoint.decode(file, 2);
        if (rows == null) {
            return null;
        }
        List<LeaderEpochs.Entry> entries = new ArrayList<>(rows.size());
        int epochBefore = -1;
        long offsetBefore = -1;
        for (String[] row : rows) {
            try {
                LeaderEpochs.Entry entry = new LeaderEpochs.Entry(Integer.parseInt(row[0]), Long.parseLong(row[1]));
                if (entry.epoch() <= epochBefore || entry.startOffset() <= offsetBefore) {
                    return null;
                }
                epochBefore = entry.epoch();
                offsetBefore = entry.startOffset();
                entries.add(entry);
            } catch (NumberFormatException damaged) {
                return null;
            }
        }
        return entries;
    }
}
