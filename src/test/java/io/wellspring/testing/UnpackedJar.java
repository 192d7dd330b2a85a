package io.wellspring.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The jar under test, unpacked beside it once per build, and the JVM's archive of its classes as one start left them: a start takes less than
 * half the processor time from there. It is the same program; tests that start a broker dozens of times would otherwise mostly load classes.
 *
 * @param jar the unpacked program's own jar, its libraries beside it
 * @param archive of the classes, for {@code -XX:AOTCache}
 */
record UnpackedJar(Path jar, Path archive) {
    private static final Duration LIMIT = Duration.ofMinutes(3);

    /** What the JVM is started with, before the program's arguments. */
    List<String> command() {
        // Without the archive it starts too, more slowly: what the JVM has to say about it would stand among the
        // broker's lines.
        return List.of("-XX:AOTCache=" + archive, "-Xlog:aot=off", "-Xlog:cds=off", "-jar", jar.toString());
    }

    /** Unpacks the jar unless that was done; safe to call from several processes. */
    static UnpackedJar of(Path packaged) {
        Path target = packaged.resolveSibling("unpacked");
        UnpackedJar unpacked = new UnpackedJar(target.resolve(packaged.getFileName()), target.resolve("classes.aot"));
        Path stamp = target.resolve("made-from");
        try (FileChannel lockFile = FileChannel.open(
                        packaged.resolveSibling("unpacked.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock _ = lockFile.lock()) {
            String origin = origin(packaged);
            if (!Files.exists(stamp) || !Files.readString(stamp).equals(origin)) {
                deleteAll(target);
                unpacked.make(packaged);
                Files.writeString(stamp, origin);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return unpacked;
    }

    private static String origin(Path packaged) throws IOException {
        return packaged + " " + Files.size(packaged) + " " + Files.getLastModifiedTime(packaged) + " "
                + System.getProperty("java.home") + " " + Runtime.version();
    }

    private void make(Path packaged) throws IOException {
        ExternalProgram.run(
                        LIMIT,
                        List.of(
                                java(),
                                "-Djarmode=tools",
                                "-jar",
                                packaged.toString(),
                                "extract",
                                "--destination",
                                jar.resolveSibling("").toString()))
                .succeeded();
        Path data = archive.resolveSibling("first-start");
        BrokerProcess.Start start = BrokerProcess.Start.in(data)
                .jvm("-Xmx256m", "-XX:AOTCacheOutput=" + archive, "-Xlog:aot=off", "-Xlog:cds=off");
        try (BrokerProcess broker = BrokerProcess.launch(start, List.of("-jar", jar.toString()))) {
            broker.awaitReady();
            broker.terminate();
            // The JVM writes the archive at its end, in a process of its own that it waits for.
            broker.awaitExit(LIMIT);
        }
    }

    static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    private static void deleteAll(Path directory) throws IOException {
        if (Files.exists(directory)) {
            Files.walkFileTree(directory, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    Files.delete(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path left, @Nullable IOException problem) throws IOException {
                    Files.delete(left);
                    return FileVisitResult.CONTINUE;
                }
            });
        }
    }
}
