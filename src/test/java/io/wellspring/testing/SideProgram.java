package io.wellspring.testing;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * A running program of {@code src/test/programs}: a process of its own with a class path of its own. It is asked to stop by the end of its standard
 * input, so that it ends with this JVM at the latest. Close it always: whatever became of it, the process is gone then.
 */
public final class SideProgram implements AutoCloseable {
    private static final Duration STOP_LIMIT = Duration.ofMinutes(1);
    private static final int KILLED = 137;

    private final Process process;
    private final Queue<String> output = new ConcurrentLinkedQueue<>();
    private final Thread reader;

    private SideProgram(Process process) {
        this.process = process;
        reader = new Thread(this::read, "program-" + process.pid());
        reader.setDaemon(true);
        reader.start();
    }

    /**
     * A program whose sources have been compiled.
     *
     * @param mainClass its main class
     * @param classPath all it needs
     */
    public record Compiled(String mainClass, String classPath) {
        /** Starts it. */
        public SideProgram start(List<String> jvmOptions, List<String> arguments) throws IOException {
            List<String> command = new ArrayList<>();
            command.add(UnpackedJar.java());
            command.addAll(jvmOptions);
            command.addAll(List.of(
                    "--enable-native-access=ALL-UNNAMED",
                    "--sun-misc-unsafe-memory-access=allow",
                    "-cp",
                    classPath,
                    mainClass));
            command.addAll(arguments);
            return new SideProgram(
                    new ProcessBuilder(command).redirectErrorStream(true).start());
        }
    }

    /**
     * Compiles the sources that lie beside a program's pom.
     *
     * @param program the name of its directory
     * @param into where the classes go
     */
    public static Compiled compile(String program, String mainClass, Path into) throws IOException {
        String libraries = ProgramClassPath.of(program);
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter complaints = new StringWriter();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8);
                Stream<Path> sources = Files.walk(Path.of("src/test/programs", program))) {
            List<Path> java =
                    sources.filter(path -> path.toString().endsWith(".java")).toList();
            List<String> options =
                    List.of("-Xlint:all,-processing", "-Werror", "-proc:none", "-d", into.toString(), "-cp", libraries);
            boolean isDone = compiler.getTask(
                            complaints, files, null, options, null, files.getJavaFileObjectsFromPaths(java))
                    .call();
            if (!isDone) {
                throw new AssertionError("the program " + program + " does not compile\n" + complaints);
            }
        }
        return new Compiled(mainClass, into + File.pathSeparator + libraries);
    }

    private void read() {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                output.add(line);
            }
        } catch (IOException e) {
            output.add("(the stream broke: " + e + ")");
        }
    }

    /** What it printed so far. */
    public List<String> output() {
        return List.copyOf(output);
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** Fails if it has ended by itself. */
    public void requireAlive() {
        if (!process.isAlive()) {
            throw new AssertionError("ended with " + awaitEnd() + "\n" + everything());
        }
    }

    /** Asks it to stop and waits; fails unless it ends with exit code 0. */
    public void stop() {
        try {
            process.getOutputStream().close();
        } catch (IOException gone) {
            throw new AssertionError("ended before it was asked to\n" + everything(), gone);
        }
        int code = awaitEnd();
        if (code != 0) {
            throw new AssertionError("stopped with " + code + "\n" + everything());
        }
    }

    /** kill -9; waits for the end. */
    public void kill() {
        process.destroyForcibly();
        int code = awaitEnd();
        if (code != KILLED) {
            throw new AssertionError("not killed but ended with " + code + "\n" + everything());
        }
    }

    private int awaitEnd() {
        try {
            if (!process.waitFor(STOP_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new AssertionError("not ended after " + STOP_LIMIT + "\n" + everything());
            }
            reader.join(STOP_LIMIT);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
        return process.exitValue();
    }

    private String everything() {
        return String.join("\n", output);
    }

    @Override
    public void close() {
        process.destroyForcibly();
        awaitEnd();
    }
}
