package io.wellspring.bench.floor;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;

/**
 * The floor's files, one for each partition that something was ever sent to.
 *
 * <p>Threads: the server's one.
 */
final class FloorFiles {
    /** Which partition: a topic's id and a number. */
    record Key(long high, long low, int partition) {}

    /** One file that grows. */
    static final class LogFile {
        private final Path path;
        private final FileChannel channel;
        private long sizeBytes;
        private boolean isDirty;

        private LogFile(Path path) throws IOException {
            this.path = path;
            channel = FileChannel.open(
                    path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            channel.truncate(0);
        }

        FileChannel channel() {
            return channel;
        }

        long sizeBytes() {
            return sizeBytes;
        }

        /** @return the position it was written to */
        long append(ByteBuffer bytes) throws IOException {
            long position = sizeBytes;
            while (bytes.hasRemaining()) {
                sizeBytes += channel.write(bytes, sizeBytes);
            }
            isDirty = true;
            return position;
        }
    }

    private final Path directory;
    private final Map<Key, LogFile> files = new HashMap<>();

    FloorFiles(Path directory) {
        this.directory = directory;
    }

    LogFile at(Key key) throws IOException {
        LogFile file = files.get(key);
        if (file == null) {
            String name = Long.toHexString(key.high()) + Long.toHexString(key.low()) + "-" + key.partition();
            file = new LogFile(directory.resolve(name));
            files.put(key, file);
        }
        return file;
    }

    /** Has everything on the disk that was appended. */
    void sync() throws IOException {
        for (LogFile file : files.values()) {
            if (file.isDirty) {
                file.channel.force(false);
                file.isDirty = false;
            }
        }
    }

    /** Deletes them all. */
    void clear() throws IOException {
        for (LogFile file : files.values()) {
            file.channel.close();
            Files.deleteIfExists(file.path);
        }
        files.clear();
    }
}
