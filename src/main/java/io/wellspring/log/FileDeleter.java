package io.wellspring.log;

import io.wellspring.support.Timers;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes files and directories of logs later, on a thread of its own: unlinking a gigabyte can take the disk a while. What a crash
 * or a stop leaves undone carries its name ({@code .deleted}, {@code -delete}) and is removed at the next start. Threads: any.
 */
final class FileDeleter implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FileDeleter.class);

    /** A day: a longer delay would only keep a full disk full. */
    private static final long MAX_DELAY_MS = 86_400_000L;

    private static final long NO_ROOM_DELAY_MS = 5_000L;

    private final LogFiles files;
    private final Timers timers;
    private final ExecutorService worker;

    /** @param worker one thread; closed with this */
    FileDeleter(LogFiles files, Timers timers, ExecutorService worker) {
        this.worker = worker;
        this.files = files;
        this.timers = timers;
    }

    /** Something that must have happened before files go. */
    @FunctionalInterface
    interface Precondition {
        void meet() throws IOException;
    }

    /**
     * Deletes files after the delay.
     *
     * @param before done first, on the deleting thread; if it throws the files stay until the next start
     */
    void filesLater(List<Path> paths, long delayMs, Precondition before) {
        later(delayMs, () -> {
            try {
                before.meet();
            } catch (DiskFullException full) {
                // Their names must stay until the marks can be written, but not their bytes: else there never is room.
                empty(paths);
                throw full;
            }
            for (Path path : paths) {
                files.delete(path);
            }
        });
    }

    private void empty(List<Path> paths) throws IOException {
        for (Path path : paths) {
            if (files.exists(path)) {
                try (LogFile file = files.open(path)) {
                    file.resize(0L);
                }
            }
        }
    }

    void directoryLater(Path directory, long delayMs) {
        later(delayMs, () -> deleteTree(directory));
    }

    void directoryNow(Path directory) {
        later(0L, () -> deleteTree(directory));
    }

    /** What is left of a log that could not be made goes away, so that it can be made later. */
    void putAside(Path directory, String deletedName, IOException failure) {
        Path target = directory.resolveSibling(deletedName);
        try {
            files.rename(directory, target);
            directoryNow(target);
        } catch (IOException stays) {
            failure.addSuppressed(stays);
        }
    }

    private void later(long delayMs, Precondition work) {
        long bounded = Math.clamp(delayMs, 0L, MAX_DELAY_MS);
        if (bounded == 0) {
            hand(work);
        } else {
            timers.after(Duration.ofMillis(bounded), () -> hand(work));
        }
    }

    private void hand(Precondition work) {
        try {
            worker.execute(() -> {
                try {
                    work.meet();
                } catch (DiskFullException full) {
                    later(NO_ROOM_DELAY_MS, work);
                } catch (IOException failure) {
                    LOG.warn("Deleted files could not be removed, they go at the next start", failure);
                }
            });
        } catch (RejectedExecutionException closed) {
            LOG.debug("Deleted files stay until the next start");
        }
    }

    private void deleteTree(Path directory) throws IOException {
        for (String name : files.list(directory)) {
            Path entry = directory.resolve(name);
            if (files.isDirectory(entry)) {
                deleteTree(entry);
            } else {
                files.delete(entry);
            }
        }
        files.delete(directory);
        files.syncDirectory(FileNames.parentOf(directory));
    }

    /** Work that has begun ends; work that waits stays for the next start. */
    @Override
    public void close() {
        worker.close();
    }
}
