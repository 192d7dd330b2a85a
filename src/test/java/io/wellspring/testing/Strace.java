package io.wellspring.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Watches a program's system calls from its start, a file for each of its threads, so that no call is torn over two lines.
 *
 * @param directory empty; strace writes there
 */
record Strace(Path directory) {
    /** The command that goes before the program's; it leaves the program its process id. */
    List<String> command(String calls) {
        return List.of(
                "strace",
                "-D",
                "-ff",
                "--seccomp-bpf",
                "-y",
                "-s",
                "0",
                "-e",
                "trace=" + calls,
                "-e",
                "signal=none",
                "-o",
                directory.resolve("thread").toString());
    }

    /** The calls that have ended, in order within each thread. */
    List<String> calls() throws IOException {
        List<Path> threads = new ArrayList<>();
        try (Stream<Path> files = Files.list(directory)) {
            files.forEach(threads::add);
        }
        if (threads.isEmpty()) {
            throw new AssertionError("strace wrote nothing to " + directory);
        }
        List<String> calls = new ArrayList<>();
        for (Path thread : threads) {
            calls.addAll(Files.readAllLines(thread));
        }
        return calls;
    }
}
