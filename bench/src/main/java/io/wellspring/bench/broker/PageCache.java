package io.wellspring.bench.broker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Drops files from the page cache, which needs no rights: {@code dd} with {@code nocache} tells the kernel that a file is not needed. Dirty pages would
 * stay, so everything is synced first; pages that a process has mapped stay too. What a case reads from the disk afterwards is in its raw figures.
 */
public final class PageCache {
    private PageCache() {}

    /** Drops these files, and all files below these directories. */
    public static void drop(List<Path> paths) throws IOException {
        Disk.settle();
        for (Path path : paths) {
            List<Path> files;
            try (Stream<Path> all = Files.walk(path)) {
                files = all.filter(PageCache::hasContent).toList();
            }
            for (Path file : files) {
                dropFile(file);
            }
        }
    }

    private static void dropFile(Path file) throws IOException {
        try {
            Commands.run(List.of("dd", "if=" + file, "iflag=nocache", "count=0", "status=none"));
        } catch (IOException e) {
            // A broker that runs deletes files of its own; what is gone is not in the cache either.
            if (Files.exists(file)) {
                throw e;
            }
        }
    }

    private static boolean hasContent(Path path) {
        return Files.isRegularFile(path) && path.toFile().length() > 0;
    }
}
