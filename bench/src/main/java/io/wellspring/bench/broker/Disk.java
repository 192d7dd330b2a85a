package io.wellspring.bench.broker;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/** The disk under the work directory. */
public final class Disk {
    private static final int CHUNK_SIZE_BYTES = 1 << 20;

    private Disk() {}

    /**
     * How fast one file can be written from its beginning to its end by one who waits for the disk after each MiB. With one sync at the end it would be
     * the memory of the disk's host that is measured.
     *
     * @return bytes per second
     */
    public static double sequentialRate(Path directory, long sizeBytes) throws IOException {
        Path file = Files.createTempFile(directory, "sequential", ".tmp");
        byte[] content = new byte[CHUNK_SIZE_BYTES];
        new SplittableRandom(1).nextBytes(content);
        ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK_SIZE_BYTES).put(content);
        long begin = System.nanoTime();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            for (long written = 0; written < sizeBytes; ) {
                chunk.clear();
                while (chunk.hasRemaining()) {
                    written += channel.write(chunk);
                }
                channel.force(false);
            }
            return sizeBytes * 1e9 / (System.nanoTime() - begin);
        } finally {
            Files.deleteIfExists(file);
        }
    }

    /** Waits until everything that was written is on the disk: what one side left to be written shall not slow the other. */
    public static void settle() throws IOException {
        Commands.run(List.of("sync"));
    }

    /** Whether a directory has an entry whose name begins so. */
    public static boolean hasEntry(Path directory, String begin) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.anyMatch(entry -> entry.getFileName().toString().startsWith(begin));
        }
    }

    /** Deletes a directory and all that is in it. Files that vanish meanwhile are no matter. */
    public static void delete(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        Files.walkFileTree(directory, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.deleteIfExists(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException error) throws IOException {
                if (error instanceof NoSuchFileException) {
                    return FileVisitResult.CONTINUE;
                }
                throw error;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path each, java.io.IOException error) throws IOException {
                Files.deleteIfExists(each);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
