package io.wellspring.bench.report;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What the figures were measured on.
 *
 * @param load of the machine just before, which should be about 0
 */
public record Machine(
        String processor,
        int coreCount,
        long memoryKib,
        String kernel,
        String javaVersion,
        String fileSystem,
        String load) {
    private static final double BUSY_LOAD = 0.33;
    private static final long BYTES_PER_KIB = 1024;

    /**
     * The one that this runs on.
     *
     * @param work where the brokers' data lies
     */
    public static Machine look(Path work) throws IOException {
        FileStore store = Files.getFileStore(work);
        return new Machine(
                value(Path.of("/proc/cpuinfo"), "model name").orElse(System.getProperty("os.arch", "unknown")),
                Runtime.getRuntime().availableProcessors(),
                value(Path.of("/proc/meminfo"), "MemTotal")
                        .map(text -> Long.parseLong(text.replaceAll("[^0-9]", "")))
                        .orElse(0L),
                Files.readString(Path.of("/proc/sys/kernel/osrelease"), StandardCharsets.UTF_8)
                        .strip(),
                Runtime.version().toString(),
                store.type() + " on " + store.name(),
                Files.readString(Path.of("/proc/loadavg"), StandardCharsets.UTF_8)
                        .strip());
    }

    /** Memory that nothing uses now, not even the page cache. */
    public static long freeBytes() {
        try {
            return value(Path.of("/proc/meminfo"), "MemFree")
                    .map(text -> BYTES_PER_KIB * Long.parseLong(text.replaceAll("[^0-9]", "")))
                    .orElse(0L);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Optional<String> value(Path file, String name) throws IOException {
        List<String> lines = Files.readAllLines(file, StandardCharsets.UTF_8);
        return lines.stream()
                .filter(line -> line.startsWith(name))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst();
    }

    /** Whether something else took more than a third of a processor in the last minute. */
    public boolean isBusy() {
        return Double.parseDouble(load.substring(0, load.indexOf(' '))) > BUSY_LOAD;
    }

    /** One line. */
    public String text() {
        return coreCount + " cores (" + processor + "), " + memoryKib / BYTES_PER_KIB + " MiB, Linux " + kernel
                + ", JDK " + javaVersion + ", " + fileSystem + "; load before: " + load;
    }
}
