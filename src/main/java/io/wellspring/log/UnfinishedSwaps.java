package io.wellspring.log;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finishes, when a log is opened, the swaps of segments that a crash interrupted, and tells what the durable mark is after them. A swap that was not
 * decided yet leaves only files that end in {@code .cleaned}, which recovery deletes. What survives a crash: it can be run again at any point; the
 * records stay until a new mark is on disk. Threads: one per log.
 */
final class UnfinishedSwaps {
    private static final Logger LOG = LoggerFactory.getLogger(UnfinishedSwaps.class);

    private UnfinishedSwaps() {}

    /**
     * @param mark as it is after the swaps
     * @param isFound there are records of swaps, finished or not
     * @param damage why the log must be refused: then nothing was touched; null if it need not
     */
    record Outcome(
            @Nullable DurableMark mark,
            boolean isFound,
            @Nullable String damage) {}

    static Outcome finish(LogFiles files, Path directory, @Nullable DurableMark mark) {
        try {
            List<Path> records = SwapRecords.in(files, directory);
            DurableMark now = mark;
            for (Path path : records) {
                SwapRecord swap = SwapRecords.read(files, path);
                String damage = swap == null || !swap.path(directory).equals(path)
                        ? path.getFileName() + ", which says what a compaction has replaced, is damaged"
                        : finish(files, directory, swap);
                if (swap == null || damage != null) {
                    return new Outcome(mark, true, damage);
                }
                now = now == null ? null : swap.in(now);
            }
            return new Outcome(now, !records.isEmpty(), null);
        } catch (IOException failure) {
            LOG.error("An interrupted compaction cannot be finished: directory={}", directory, failure);
            return new Outcome(mark, true, "an interrupted compaction cannot be finished: " + failure.getMessage());
        }
    }

    private static @Nullable String finish(LogFiles files, Path directory, SwapRecord swap) throws IOException {
        DurableMark.Sealed replacement = swap.replacement();
        SegmentPaths cleaned = new SegmentPaths(directory, replacement.baseOffset(), SegmentPaths.CLEANED_SUFFIX);
        if (!files.exists(cleaned.log())) {
            return null;
        }
        long sizeBytes = files.size(cleaned.log());
        if (sizeBytes != replacement.sizeBytes()) {
            return "the compacted segment " + replacement.baseOffset() + " has " + sizeBytes + " bytes, "
                    + replacement.sizeBytes() + " were on disk";
        }
        LOG.info(
                "A compaction that was interrupted is finished: directory={} segment={}",
                directory,
                replacement.baseOffset());
        List<SegmentPaths> replaced = swap.replaced().stream()
                .map(segment -> new SegmentPaths(directory, segment.baseOffset()))
                .toList();
        SegmentSwap.retire(files, replaced);
        SegmentSwap.place(files, cleaned, new SegmentPaths(directory, replacement.baseOffset()));
        return null;
    }
}
