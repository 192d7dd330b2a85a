package io.wellspring.testing;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** What a power cut would leave of a directory: kept by {@link FaultyLogFiles}, under its monitor. */
final class PowerCutPicture {
    private static final int SECTOR = 512;

    private final Path root;
    private final Folder rootFolder = new Folder();

    PowerCutPicture(Path root) {
        this.root = root;
    }

    /** Something with a name. */
    sealed interface Node permits Folder, Content {}

    /** Names as they are, as they are on disk, and the changes between. */
    static final class Folder implements Node {
        final Map<String, Node> now = new TreeMap<>();
        private Map<String, Node> durable = new TreeMap<>();

        /** All names after each change since. */
        private final List<Map<String, Node>> since = new ArrayList<>();

        void changed() {
            since.add(new TreeMap<>(now));
        }

        void synced() {
            durable = new TreeMap<>(now);
            since.clear();
        }
    }

    /** Bytes on disk and what was written since. */
    static final class Content implements Node {
        private byte[] durable = new byte[0];
        private final List<Write> since = new ArrayList<>();
        boolean isMapped;

        @Nullable
        Path path;

        void written(long position, byte[] bytes) {
            since.add(new Write(position, ByteBuffer.wrap(bytes)));
        }

        void resized(long sizeBytes) {
            since.add(new Write(sizeBytes, null));
        }

        void forced(byte[] bytes) {
            durable = bytes;
            since.clear();
        }

        /** A failed force: the dirty bytes are thrown away. */
        void dropped() {
            since.clear();
        }
    }

    /** Bytes written, or a new size if there are none. */
    record Write(long position, @Nullable ByteBuffer bytes) {}

    /** Lays it into an existing empty directory. */
    void layInto(Path target, RandomGenerator random) throws IOException {
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
            ByteBuffer changed = write.bytes();
            if (changed == null) {
                if (mood == 1 || (mood == 2 && random.nextBoolean())) {
                    bytes = Arrays.copyOf(bytes, (int) write.position());
                }
                continue;
            }
            byte[] written = new byte[changed.remaining()];
            changed.duplicate().get(written);
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

    @Nullable
    Node find(Path path) {
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

    Folder parent(Path path) {
        Path parent = path.toAbsolutePath().normalize().getParent();
        return parent != null && find(parent) instanceof Folder folder ? folder : new Folder();
    }

    static String name(Path path) {
        return String.valueOf(path.getFileName());
    }
}
