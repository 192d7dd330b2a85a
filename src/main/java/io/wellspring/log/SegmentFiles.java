package io.wellspring.log;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;

/** Makes the file of a new segment. Threads: any. */
final class SegmentFiles {
    private SegmentFiles() {}

    /** Empty, of its full size if it is to be preallocated. Its name is not durable before the directory is synced. */
    static void create(LogFiles files, SegmentPaths paths, LogSettings settings) throws IOException {
        for (Path stale : paths.all()) {
            // A crash between cutting a log and syncing its directory can leave the indexes of a segment that is gone.
            if (!stale.equals(paths.log())) {
                files.delete(stale);
            }
        }
        try (LogFile created = files.create(paths.log())) {
            if (settings.preallocate()) {
                created.resize(settings.segmentBytes());
            }
        } catch (IOException failure) {
            if (!(failure instanceof FileAlreadyExistsException)) {
                files.delete(paths.log());
            }
            throw failure;
        }
    }
}
