package io.wellspring.log;

import io.wellspring.model.TopicPartition;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Tells which files that were taken out of a log may not be deleted yet: a log that went offline keeps the mark that it had, and the
 * next start asks for each segment that the mark names. Threads: any.
 */
final class RetiredFiles {
    private RetiredFiles() {}

    /** The first of the files that a mark on disk asks for; null if there is none. */
    static @Nullable Path stillAskedFor(
            LogFiles files, List<Path> retired, Map<TopicPartition, DurableMarks.Entry> marks) {
        for (Path file : retired) {
            Path directory = FileNames.parentOf(file);
            TopicPartition partition = FileNames.partitionOf(String.valueOf(directory.getFileName()));
            DurableMarks.Entry entry = partition == null ? null : marks.get(partition);
            OptionalLong base = SegmentPaths.offsetOf(
                    String.valueOf(file.getFileName()), SegmentPaths.LOG_SUFFIX + SegmentPaths.DELETED_SUFFIX);
            // A segment that was cut off may have a successor of the same name.
            if (entry != null
                    && base.isPresent()
                    && entry.checkpoint().mark().asksFor(base.getAsLong())
                    && !files.exists(new SegmentPaths(directory, base.getAsLong()).log())) {
                return file;
            }
        }
        return null;
    }
}
