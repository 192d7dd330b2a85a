package io.wellspring.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/**
 * A disk of a test's own, which can be full, read-only or lose its power. Where nobody may mount, the test that asks for one is skipped and
 * says so. Close it when the broker on it is gone.
 */
public final class TestDisk implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final Path directory;
    private final List<String> mount;
    private boolean isMounted;

    private TestDisk(Path directory, List<String> mount) {
        this.directory = directory;
        this.mount = mount;
    }

    /** In memory, of this size. */
    public static TestDisk inMemory(Path directory, long sizeBytes) throws IOException {
        return mounted(directory, List.of("mount", "-t", "tmpfs", "-o", "size=" + sizeBytes, "tmpfs"));
    }

    /** A file system of this kind, ext4 or xfs, in a file beside the directory. Only what was forced to it survives {@link #cutPower}. */
    public static TestDisk inFile(Path directory, String kind, long sizeBytes) throws IOException {
        Path image = directory.resolveSibling(directory.getFileName() + ".image");
        run("truncate", "-s", Long.toString(sizeBytes), image.toString()).succeeded();
        run("mkfs." + kind, "-q", kind.equals("ext4") ? "-F" : "-f", image.toString())
                .succeeded();
        return mounted(directory, List.of("mount", "-o", "loop", image.toString()));
    }

    private static TestDisk mounted(Path directory, List<String> mount) throws IOException {
        Files.createDirectories(directory);
        TestDisk disk = new TestDisk(directory, mount);
        ExternalProgram.Result result = disk.tryMount();
        Assumptions.assumeTrue(result.exitCode() == 0, () -> "cannot mount here: " + result.errors());
        return disk;
    }

    private ExternalProgram.Result tryMount() throws IOException {
        List<String> command = new ArrayList<>(mount);
        command.add(directory.toString());
        ExternalProgram.Result result = ExternalProgram.run(LIMIT, command);
        isMounted = result.exitCode() == 0;
        return result;
    }

    public Path directory() {
        return directory;
    }

    public void makeReadOnly() throws IOException {
        run("mount", "-o", "remount,ro", directory.toString()).succeeded();
    }

    /** From now on every call fails, and what was not forced to the disk is gone. The broker must be killed before {@link #restorePower}. */
    public void cutPower() throws IOException {
        run("xfs_io", "-x", "-F", "-c", "shutdown", directory.toString()).succeeded();
    }

    /** Mounts it again, as the cut left it. */
    public void restorePower() throws IOException {
        run("umount", directory.toString()).succeeded();
        tryMount().succeeded();
    }

    /** Takes all room that is left. @return the file that takes it */
    public Path fill() throws IOException {
        Path ballast = directory.resolve("ballast");
        // It ends with an error: the disk is full.
        run("dd", "if=/dev/zero", "of=" + ballast, "bs=4096");
        return ballast;
    }

    private static ExternalProgram.Result run(String... command) throws IOException {
        return ExternalProgram.run(LIMIT, List.of(command));
    }

    @Override
    public void close() {
        if (isMounted) {
            try {
                run("umount", "-l", directory.toString()).succeeded();
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }
    }
}
