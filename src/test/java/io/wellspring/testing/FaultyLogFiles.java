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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
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
    private static final int SECTOR = 512;

    private final LogFiles disk = new DiskLogFiles();
    private final Path root;
    private final AtomicInteger calls = new AtomicInteger();
    private final List<LogFile> open = new ArrayList<>();
    private final Folder rootFolder = new Folder();
    private int failAt = Integer.MAX_VALUE;
    private int crashAt = Integer.MAX_VALUE;
    private boolean ignoresForce;
    private boolean ignoresDirectorySync;
    private int forcesAfterFailedForce;
    private final List<Path> failedForces = new ArrayList<>();

    public FaultyLogFiles(Path root) {
        this.root = root.toAbsolutePath().normalize();
    }

    /** Something with a name. */
    private sealed interface Node permits Folder, Content {}

    /** Names as they are, as they are on disk, and the changes between. */
    private static final class Folder implements Node {
        private final Map<String, Node> now = new TreeMap<>();
        private Map<String, Node> durable = new TreeMap<>();
        private final List<Map<String, Node>> since = new ArrayList<>();

        private void changed() {
            since.add(new TreeMap<>(now));
        }
    }

    /** Bytes on disk and what was written since. */
    private static final class Content implements Node {
        private byte[] durable = new byte[0];
        private final List<Write> since = new ArrayList<>();
        private boolean isMapped;
        private @Nullable Path path;
    }

    /** Bytes written, or a new size if there are none. */
    private record Write(long position, byte @Nullable [] bytes) {}

    /** The call with this number, from 1 on, fails once. */
    public void failAt(int call) {
        failAt = call;
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

    /** How often a file was forced again whose force had failed: must be 0. */
    public synchronized int forcesAfterFailedForce() {
        return forcesAfterFailedForce;
    }

    private void count(String what, Path path) throws IOException {
        int call = calls.incrementAndGet();
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
        lay(rootFolder, target, random);
    }

    private void lay(Folder folder, Path target, RandomGenerator random) throws IOException {
        int kept = random.nextInt(folder.since.size() + 1);
        Map<String, Node> names = kept == 0 ? folder.durable : folder.since.get(kept - 1);
        for (Map.Entry<String, Node> entry : names.entrySet()) {
            Path path = target.resolve(entry.getKey());
            switch (entry.getValue()) {
                case Folder inner -> {
                    Files.createDirectory(path);
                    lay(inner, path, random);
                }
                case Content content -> Files.write(path, surviving(content, random));
            }
        }
    }

    private static byte[] surviving(Content content, RandomGenerator random) throws IOException {
        if (content.isMapped && random.nextBoolean() && content.path != null && Files.exists(content.path)) {
            return Files.readAllBytes(content.path);
        }
        byte[] bytes = content.durable.clone();
        int mood = random.nextInt(3);
        for (Write write : content.since) {
            if (write.bytes() == null) {
                if (mood == 1 || (mood == 2 && random.nextBoolean())) {
                    bytes = Arrays.copyOf(bytes, (int) write.position());
                }
                continue;
            }
            byte[] written = write.bytes();
            int from = 0;
            while (from < written.length) {
                int at = (int) write.position() + from;
                int length = Math.min(SECTOR - at % SECTOR, written.length - from);
                if (mood == 1 || (mood == 2 && random.nextBoolean())) {
                    if (bytes.length < at + length) {
                        bytes = Arrays.copyOf(bytes, at + length);
                    }
                    System.arraycopy(written, from, bytes, at, length);
                }
                from += length;
            }
        }
        return bytes;
    }

    private @Nullable Node find(Path path) {
        Path relative = root.relativize(path.toAbsolutePath().normalize());
        Node node = rootFolder;
        for (Path name : relative) {
            if (name.toString().isEmpty()) {
                continue;
            }
            if (!(node instanceof Folder folder)) {
                return null;
            }
            node = folder.now.get(name.toString());
            if (node == null) {
                return null;
            }
        }
        return node;
    }

    private Folder parent(Path path) {
        Path parent = path.toAbsolutePath().normalize().getParent();
        return parent != null && find(parent) instanceof Folder folder ? folder : new Folder();
    }

    private static String name(Path path) {
        return String.valueOf(path.getFileName());
    }

    @Override
    public synchronized LogFile create(Path path) throws IOException {
        count("create", path);
        LogFile file = disk.create(path);
        Content content = new Content();
        content.path = path;
        Folder folder = parent(path);
        folder.now.put(name(path), content);
        folder.changed();
        return opened(file, content);
    }

    @Override
    public synchronized LogFile open(Path path) throws IOException {
        LogFile file = disk.open(path);
        return opened(file, find(path) instanceof Content content ? content : new Content());
    }

    @Override
    public synchronized LogFile openForReading(Path path) throws IOException {
        LogFile file = disk.openForReading(path);
        return opened(file, find(path) instanceof Content content ? content : new Content());
    }

    private LogFile opened(LogFile file, Content content) {
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
        Folder folder = parent(directory);
        folder.now.put(name(directory), new Folder());
        folder.changed();
    }

    @Override
    public synchronized void rename(Path source, Path target) throws IOException {
        count("rename", target);
        disk.rename(source, target);
        Folder folder = parent(source);
        Node moved = folder.now.remove(name(source));
        if (moved != null) {
            folder.now.put(name(target), moved);
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
        Folder folder = parent(path);
        folder.now.remove(name(path));
        folder.changed();
    }

    @Override
    public synchronized void syncDirectory(Path directory) throws IOException {
        count("syncDirectory", directory);
        disk.syncDirectory(directory);
        if (!ignoresDirectorySync && find(directory) instanceof Folder folder) {
            folder.durable = new TreeMap<>(folder.now);
            folder.since.clear();
        }
    }

    @Override
    public synchronized @Nullable AutoCloseable tryLock(Path path) throws IOException {
        if (!disk.exists(path)) {
            count("lock", path);
        }
        AutoCloseable lock = disk.tryLock(path);
        Folder folder = parent(path);
        if (folder.now.putIfAbsent(name(path), new Content()) == null) {
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
        private final Content content;

        private FaultyFile(LogFile file, Content content) {
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
                    content.since.add(new Write(position, half));
                    throw torn;
                }
                file.write(buffer, position);
                content.since.add(new Write(position, bytes));
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
                    forcesAfterFailedForce++;
                }
                try {
                    count("force", path());
                } catch (IOException failed) {
                    // As Linux does it: the dirty bytes are thrown away, the next force would succeed and mean nothing.
                    content.since.clear();
                    failedForces.add(path());
                    throw failed;
                }
                file.force();
                if (!ignoresForce) {
                    content.durable = Files.readAllBytes(path());
                    content.since.clear();
                }
            }
        }

        @Override
        public void resize(long sizeBytes) throws IOException {
            synchronized (FaultyLogFiles.this) {
                count("resize", path());
                file.resize(sizeBytes);
                content.since.add(new Write(sizeBytes, null));
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

    /** The names of the files that lie on the disk now, for messages. */
    public Map<String, Long> listing() throws IOException {
        Map<String, Long> sizes = new HashMap<>();
        try (var files = Files.walk(root)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                sizes.put(root.relativize(file).toString(), Files.size(file));
            }
        }
        return sizes;
    }
}
