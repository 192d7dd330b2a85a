package io.wellspring.testing;

import io.wellspring.log.DiskLogFiles;
import io.wellspring.log.LogFile;
import io.wellspring.log.LogFiles;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A disk that fails on command and loses power. It works on a real directory, so that mappings and file regions work, and keeps a second
 * picture beside it: what would be there after a power cut. Of bytes that were written and not forced a random part survives, sector by sector;
 * of names that were changed and not synced a random prefix, directory by directory. {@link #crashInto} lays that picture into another directory.
 *
 * <p>Every call that changes the disk counts; {@link #failAt} makes one of them fail, {@link #crashAt} makes one and all later ones fail, as if the machine had stopped.
 * Threads: any.
 */
public final class FaultyLogFiles implements LogFiles {
    private final LogFiles disk = new DiskLogFiles();
    private final Path root;
    private final AtomicInteger calls = new AtomicInteger();
    private final List<LogFile> open = new ArrayList<>();
    private final PowerCutPicture picture;
    private int failAt = Integer.MAX_VALUE;
    private int crashAt = Integer.MAX_VALUE;
    private int noRoomAt = Integer.MAX_VALUE;
    private boolean ignoresForce;
    private boolean ignoresDirectorySync;
    private final List<Path> forcesAfterFailedForce = new ArrayList<>();
    private final List<Path> failedForces = new ArrayList<>();

    public FaultyLogFiles(Path root) {
        this.root = root.toAbsolutePath().normalize();
        this.picture = new PowerCutPicture(this.root);
    }

    /** The call with this number, from 1 on, fails once. */
    public void failAt(int call) {
        failAt = call;
    }

    /** The call with this number, from 1 on, finds no room, once. */
    public void noRoomAt(int call) {
        noRoomAt = call;
    }

    /** The call with this number and all later ones fail. */
    public void crashAt(int call) {
        crashAt = call;
    }

    /** A disk that lies, for showing that a test can fail. */
    public void ignoreForce() {
        ignoresForce = true;
    }

    /** As {@link #ignoreForce}, for names. */
    public void ignoreDirectorySync() {
        ignoresDirectorySync = true;
    }

    /** Calls so far that would have changed the disk. */
    public int calls() {
        return calls.get();
    }

    /** Files that were forced again after their force had failed: must be none. */
    public synchronized List<Path> forcesAfterFailedForce() {
        return List.copyOf(forcesAfterFailedForce);
    }

    private void count(String what, Path path) throws IOException {
        int call = calls.incrementAndGet();
        if (call == noRoomAt) {
            throw new IOException("No space left on device");
        }
        if (call >= crashAt || call == failAt) {
            throw new IOException(
                    "Input/output error (made by the test at call " + call + ": " + what + " " + path + ")");
        }
    }

    /** Closes what a broker that was killed would have left open. */
    public synchronized void closeAll() throws IOException {
        for (LogFile file : open) {
            file.close();
        }
        open.clear();
    }

    /** Lays what a power cut would leave into an empty directory. */
    public synchronized void crashInto(Path target, RandomGenerator random) throws IOException {
        Files.createDirectories(target);
        picture.layInto(target, random);
    }

    @Override
    public synchronized LogFile create(Path path) throws IOException {
        count("create", path);
        LogFile file = disk.create(path);
        PowerCutPicture.Content content = new PowerCutPicture.Content();
        content.path = path;
        PowerCutPicture.Folder folder = picture.parent(path);
        folder.now.put(PowerCutPicture.name(path), content);
        folder.changed();
        return opened(file, content);
    }

    @Override
    public synchronized LogFile open(Path path) throws IOException {
        LogFile file = disk.open(path);
        return opened(
                file,
                picture.find(path) instanceof PowerCutPicture.Content content
                        ? content
                        : new PowerCutPicture.Content());
    }

    @Override
    public synchronized LogFile openForReading(Path path) throws IOException {
        LogFile file = disk.openForReading(path);
        return opened(
                file,
                picture.find(path) instanceof PowerCutPicture.Content content
                        ? content
                        : new PowerCutPicture.Content());
    }

    private LogFile opened(LogFile file, PowerCutPicture.Content content) {
        LogFile faulty = new FaultyFile(file, content);
        open.add(faulty);
        return faulty;
    }

    @Override
    public boolean exists(Path path) {
        return disk.exists(path);
    }

    @Override
    public boolean isDirectory(Path path) {
        return disk.isDirectory(path);
    }

    @Override
    public boolean isWritable(Path directory) {
        return disk.isWritable(directory);
    }

    @Override
    public long size(Path path) throws IOException {
        return disk.size(path);
    }

    @Override
    public long lastModifiedMs(Path path) throws IOException {
        return disk.lastModifiedMs(path);
    }

    @Override
    public List<String> list(Path directory) throws IOException {
        return disk.list(directory);
    }

    @Override
    public synchronized void createDirectory(Path directory) throws IOException {
        count("createDirectory", directory);
        disk.createDirectory(directory);
        PowerCutPicture.Folder folder = picture.parent(directory);
        folder.now.put(PowerCutPicture.name(directory), new PowerCutPicture.Folder());
        folder.changed();
    }

    @Override
    public synchronized void rename(Path source, Path target) throws IOException {
        count("rename", target);
        disk.rename(source, target);
        PowerCutPicture.Folder folder = picture.parent(source);
        PowerCutPicture.Node moved = folder.now.remove(PowerCutPicture.name(source));
        if (moved != null) {
            folder.now.put(PowerCutPicture.name(target), moved);
        }
        folder.changed();
    }

    @Override
    public synchronized void delete(Path path) throws IOException {
        if (!disk.exists(path)) {
            return;
        }
        count("delete", path);
        disk.delete(path);
        PowerCutPicture.Folder folder = picture.parent(path);
        folder.now.remove(PowerCutPicture.name(path));
        folder.changed();
    }

    @Override
    public synchronized void syncDirectory(Path directory) throws IOException {
        count("syncDirectory", directory);
        disk.syncDirectory(directory);
        if (!ignoresDirectorySync && picture.find(directory) instanceof PowerCutPicture.Folder folder) {
            folder.synced();
        }
    }

    @Override
    public synchronized @Nullable AutoCloseable tryLock(Path path) throws IOException {
        if (!disk.exists(path)) {
            count("lock", path);
        }
        AutoCloseable lock = disk.tryLock(path);
        PowerCutPicture.Folder folder = picture.parent(path);
        if (folder.now.putIfAbsent(PowerCutPicture.name(path), new PowerCutPicture.Content()) == null) {
            folder.changed();
        }
        return lock;
    }

    @Override
    public long totalBytes(Path directory) throws IOException {
        return disk.totalBytes(directory);
    }

    @Override
    public long usableBytes(Path directory) throws IOException {
        return disk.usableBytes(directory);
    }

    /** One file of the faulty disk. */
    private final class FaultyFile implements LogFile {
        private final LogFile file;
        private final PowerCutPicture.Content content;

        private FaultyFile(LogFile file, PowerCutPicture.Content content) {
            this.file = file;
            this.content = content;
        }

        @Override
        public Path path() {
            return file.path();
        }

        @Override
        public long write(List<ByteBuffer> buffers, long position) throws IOException {
            long at = position;
            for (ByteBuffer buffer : buffers) {
                int size = buffer.remaining();
                write(buffer, at);
                at += size;
            }
            return at - position;
        }

        @Override
        public void write(ByteBuffer buffer, long position) throws IOException {
            byte[] bytes = new byte[buffer.remaining()];
            buffer.duplicate().get(bytes);
            synchronized (FaultyLogFiles.this) {
                try {
                    count("write", path());
                } catch (IOException torn) {
                    // The machine stopped, or the disk failed, in the middle of the write.
                    byte[] half = Arrays.copyOf(bytes, bytes.length / 2);
                    file.write(ByteBuffer.wrap(half), position);
                    content.written(position, half);
                    throw torn;
                }
                file.write(buffer, position);
                content.written(position, bytes);
            }
        }

        @Override
        public int read(ByteBuffer target, long position) throws IOException {
            return file.read(target, position);
        }

        @Override
        public void force() throws IOException {
            synchronized (FaultyLogFiles.this) {
                if (failedForces.contains(path()) && calls.get() < crashAt) {
                    forcesAfterFailedForce.add(path());
                }
                try {
                    count("force", path());
                } catch (IOException failed) {
                    // As Linux does it: the dirty bytes are thrown away, the next force would succeed and mean nothing.
                    content.dropped();
                    failedForces.add(path());
                    throw failed;
                }
                file.force();
                if (!ignoresForce) {
                    content.forced(Files.readAllBytes(path()));
                }
            }
        }

        @Override
        public void resize(long sizeBytes) throws IOException {
            synchronized (FaultyLogFiles.this) {
                count("resize", path());
                file.resize(sizeBytes);
                content.resized(sizeBytes);
            }
        }

        @Override
        public long size() throws IOException {
            return file.size();
        }

        @Override
        public FileChannel channel() {
            return file.channel();
        }

        @Override
        public MemorySegment map(long position, long sizeBytes, Arena arena) throws IOException {
            content.isMapped = true;
            return file.map(position, sizeBytes, arena);
        }

        @Override
        public void close() throws IOException {
            file.close();
        }

        @Override
        public String toString() {
            return file.toString();
        }
    }
}
