package io.wellspring.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs a program to its end, feeds it and keeps what it printed. Always ended: at the latest when its time is up. */
public final class ExternalProgram {
    private ExternalProgram() {}

    /**
     * How a program ended.
     *
     * @param exitCode its exit code
     * @param output what it printed on standard output
     * @param errors what it printed on standard error
     */
    public record Result(int exitCode, String output, String errors) {
        /** The output of a program that must have succeeded. */
        public String succeeded() {
            if (exitCode != 0) {
                throw new AssertionError("exit code " + exitCode + "\n" + output + "\n" + errors);
            }
            return output;
        }
    }

    public static Result run(Duration limit, List<String> command) throws IOException {
        return run(limit, new byte[0], command);
    }

    /**
     * Runs the command.
     *
     * @param limit the program is killed after this long, and the call fails
     * @param input what it finds on standard input
     */
    public static Result run(Duration limit, byte[] input, List<String> command) throws IOException {
        Path output = Files.createTempFile("program", ".out");
        Path errors = Files.createTempFile("program", ".err");
        Process process = new ProcessBuilder(command)
                .redirectOutput(output.toFile())
                .redirectError(errors.toFile())
                .start();
        try {
            feed(process, input);
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new AssertionError(
                        "not ended after " + limit + ": " + command + "\n" + read(output) + "\n" + read(errors));
            }
            return new Result(process.exitValue(), read(output), read(errors));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } finally {
            process.destroyForcibly();
            Files.deleteIfExists(output);
            Files.deleteIfExists(errors);
        }
    }

    private static void feed(Process process, byte[] input) {
        Thread feeder = new Thread(
                () -> {
                    try (OutputStream stdin = process.getOutputStream()) {
                        stdin.write(input);
                    } catch (IOException e) {
                        // The program ended without reading all of it; its exit code tells.
                        process.destroy();
                    }
                },
                "feeder");
        feeder.setDaemon(true);
        feeder.start();
    }

    private static String read(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
