package io.wellspring.log;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The real disk, on {@link FileChannel}. Threads: any. */
public final class DiskLogFiles implements LogFiles {
    /**
     * Lock files that this process holds. A POSIX lock is lost when the process closes any descriptor of the file, so a second
     * holder in this process must be turned away before it opens the file; that is a property of the process, hence static.
     */
    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

    @Override
    public LogFile create(Path path) throws IOException {
        return new DiskLogFile(
                path,
                FileChannel.open(
                        path, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE));
    }

    @Override
    public LogFile open(Path path) throws IOException {
        return new DiskLogFile(path, FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE));
    }

    @Override
    public LogFile openForReading(Path path) throws IOException {
        return new DiskLogFile(path, FileChannel.open(path, StandardOpenOption.READ));
    }

    @Override
    public boolean exists(Path path) {
        return Files.exists(path);
    }

    @Override
    public boolean isDirectory(Path path) {
        return Files.isDirectory(path);
    }

    @Override
    public boolean isWritable(Path directory) {
        return Files.isReadable(directory) && Files.isWritable(directory) && Files.isExecutable(directory);
    }

    @Override
    public long size(Path path) throws IOException {
        return Files.size(path);
    }

    @Override
    public long lastModifiedMs(Path path) throws IOException {
        return Files.getLastModifiedTime(path).toMillis();
    }

    @Override
    public List<String> list(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.map(entry -> String.valueOf(entry.getFileName()))
                    .sorted()
                    .toList();
        }
    }

    @Override
    public void createDirectory(Path directory) throws IOException {
        Files.createDirectory(directory);
    }

    @Override
    public void rename(Path source, Path target) throws IOException {
        Files.move(source, target, StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    public void delete(Path path) throws IOException {
        Files.deleteIfExists(path);
    }

    @Override
    public void syncDirectory(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    @Override
    public @Nullable AutoCloseable tryLock(Path path) throws IOException {
        Path name = FileNames.parentOf(path).toRealPath().resolve(path.getFileName());
        if (!HELD.add(name)) {
            return null;
        }
        FileChannel channel = null;
        FileLock lock = null;
        try {
            channel = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            lock = channel.tryLock();
        } finally {
            if (lock == null) {
                HELD.remove(name);
                if (channel != null) {
                    channel.close();
                }
            }
        }
        if (lock == null) {
            return null;
        }
        FileChannel locked = channel;
        return () -> {
            locked.close();
            HELD.remove(name);
        };
    }

    @Override
    public long totalBytes(Path directory) throws IOException {
        // Not through the file store, which reads the table of mounts: without file descriptors the disk would seem to
        // have failed.
        long bytes = directory.toFile().getTotalSpace();
        if (bytes == 0) {
            throw new IOException("the volume of " + directory + " does not answer");
        }
        return bytes;
    }

    @Override
    public long usableBytes(Path directory) throws IOException {
        long bytes = directory.toFile().getUsableSpace();
        // None free, or no answer: the size of the volume tells.
        return bytes == 0 && totalBytes(directory) > 0 ? 0 : bytes;
    }
}
