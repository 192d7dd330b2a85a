package io.wellspring.testing;

import static org.awaitility.Awaitility.await;

import io.wellspring.WellspringApplication;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * A broker in a process of its own: the jar that the build made, on the JDK of this JVM. Tests stop it, kill it, freeze it and read what it
 * printed. Close it always: whatever became of it, the process is gone then.
 *
 * <p>With {@code -Dtest.wellspring.classpath=...} it runs from that class path instead of the jar, for who has compiled but not packaged.
 *
 * <p>Unless the arguments say otherwise both ports are free ones.
 */
public final class BrokerProcess implements AutoCloseable {
    private static final Duration START_LIMIT = Duration.ofMinutes(3);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(30);
    private static final int KILLED = 137;

    private final Process process;
    private final CompletableFuture<ReadyLine> ready = new CompletableFuture<>();
    private final Queue<String> output = new ConcurrentLinkedQueue<>();
    private final Queue<String> errors = new ConcurrentLinkedQueue<>();
    private final List<Thread> readers = new ArrayList<>();

    private BrokerProcess(Process process) {
        this.process = process;
        read("output", process.getInputStream(), output);
        read("errors", process.getErrorStream(), errors);
    }

    /**
     * How to start a broker.
     *
     * @param arguments as on the command line
     * @param wrapper a command that starts the command that follows it and then stays out of its way, such as {@code strace -D}; empty: none
     * @param isPackaged from the one jar as users have it; otherwise from what was unpacked from it, which starts sooner
     */
    public record Start(
            List<String> arguments,
            List<String> jvmOptions,
            Map<String, String> environment,
            List<String> wrapper,
            boolean isPackaged) {
        public static Start with(String... arguments) {
            return new Start(List.of(arguments), List.of("-Xmx256m"), Map.of(), List.of(), false);
        }

        /** A broker whose data lies there. */
        public static Start in(Path data, String... arguments) {
            List<String> all = new ArrayList<>(List.of("--wellspring.log.directories=" + data));
            all.addAll(List.of(arguments));
            return with(all.toArray(String[]::new));
        }

        public Start jvm(String... options) {
            return new Start(arguments, List.of(options), environment, wrapper, isPackaged);
        }

        public Start environment(Map<String, String> variables) {
            return new Start(arguments, jvmOptions, variables, wrapper, isPackaged);
        }

        public Start wrappedIn(String... command) {
            return new Start(arguments, jvmOptions, environment, List.of(command), isPackaged);
        }

        public Start packaged() {
            return new Start(arguments, jvmOptions, environment, wrapper, true);
        }
    }

    /** The jar under test. */
    public static Path jar() {
        return Path.of(System.getProperty("test.wellspring.jar", "target/wellspring.jar"))
                .toAbsolutePath();
    }

    /** Starts a broker and waits for its ready line. */
    public static BrokerProcess start(Path data, String... arguments) {
        return start(Start.in(data, arguments));
    }

    /** Starts a broker and waits for its ready line. */
    public static BrokerProcess start(Start start) {
        BrokerProcess broker = launch(start);
        try {
            broker.awaitReady();
            return broker;
        } catch (Throwable e) {
            broker.close();
            throw e;
        }
    }

    /** Starts a broker and does not wait. */
    public static BrokerProcess launch(Start start) {
        String classPath = System.getProperty("test.wellspring.classpath");
        if (classPath != null) {
            return launch(start, List.of("-cp", classPath, WellspringApplication.class.getName()));
        }
        if (!Files.exists(jar())) {
            throw new IllegalStateException(jar() + " is missing: build it with `mvn package`");
        }
        return launch(
                start,
                start.isPackaged()
                        ? List.of("-jar", jar().toString())
                        : UnpackedJar.of(jar()).command());
    }

    /** Starts another program than the jar under test, which is a broker too, and does not wait. */
    public static BrokerProcess launch(Start start, List<String> program) {
        List<String> command = new ArrayList<>(start.wrapper());
        command.add(UnpackedJar.java());
        command.addAll(start.jvmOptions());
        command.addAll(program);
        addUnlessSet(command, start, "wellspring.network.listeners[0].bind", "127.0.0.1:0");
        addUnlessSet(command, start, "management.server.port", "0");
        if (!ManagementPort.namesUsers(start.arguments())) {
            command.addAll(ManagementPort.users());
        }
        command.addAll(start.arguments());
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().putAll(start.environment());
        try {
            return new BrokerProcess(builder.start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void addUnlessSet(List<String> command, Start start, String property, String value) {
        String variable = property.replaceAll("[.\\[]", "_")
                .replace("]", "")
                .replace("-", "")
                .toUpperCase(Locale.ROOT);
        boolean isSet = start.environment().containsKey(variable)
                || start.arguments().stream().anyMatch(argument -> argument.startsWith("--" + property + "="));
        if (!isSet) {
            command.add("--" + property + "=" + value);
        }
    }

    private void read(String name, InputStream stream, Queue<String> into) {
        Thread reader = new Thread(
                () -> {
                    try (BufferedReader lines =
                            new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
                        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                            into.add(line);
                            ReadyLine.parse(line).ifPresent(ready::complete);
                        }
                    } catch (IOException e) {
                        into.add("(the stream broke: " + e + ")");
                    }
                },
                "broker-" + name + "-" + process.pid());
        reader.setDaemon(true);
        reader.start();
        readers.add(reader);
    }

    /** Waits for the ready line; fails at once if the process ends before it. */
    public ReadyLine awaitReady() {
        CompletableFuture<Process> ended = process.onExit();
        try {
            CompletableFuture.anyOf(ready, ended).get(START_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError("not ready after " + START_LIMIT + "\n" + everything(), e);
        } catch (ExecutionException e) {
            throw new AssertionError(everything(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
        ReadyLine line = ready.getNow(null);
        if (line == null) {
            joinReaders();
            line = ready.getNow(null);
        }
        if (line == null) {
            throw new AssertionError("ended with " + process.exitValue() + " before it was ready\n" + everything());
        }
        return line;
    }

    public ReadyLine ready() {
        return awaitReady();
    }

    /** {@code host:port} for clients. */
    public String bootstrapServers() {
        return awaitReady().kafka();
    }

    public String managementUrl() {
        return "http://" + awaitReady().management();
    }

    public long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** What it printed on standard output so far. */
    public String output() {
        return String.join("\n", output);
    }

    /** What it printed on standard error so far. */
    public String errors() {
        return String.join("\n", errors);
    }

    /** SIGTERM, without waiting. */
    public void terminate() {
        process.destroy();
    }

    /** SIGTERM; waits for the end. @return the exit code */
    public int stop() {
        terminate();
        return awaitExit(STOP_LIMIT);
    }

    /** kill -9; waits for the end. */
    public void kill() {
        process.destroyForcibly();
        int code = awaitExit(STOP_LIMIT);
        if (code != KILLED) {
            throw new AssertionError("not killed but ended with " + code + "\n" + everything());
        }
    }

    /**
     * Stops the process where it stands: when this returns none of its threads runs, nor will it before it is killed. A call into the kernel that is under
     * way comes to its end there, but nobody hears of it.
     */
    public void freeze() {
        signal("STOP");
        await().atMost(STOP_LIMIT).pollInterval(Duration.ofMillis(5)).until(() -> !isRunning());
    }

    private boolean isRunning() throws IOException {
        try (Stream<Path> threads = Files.list(Path.of("/proc", Long.toString(pid()), "task"))) {
            for (Path thread : threads.toList()) {
                String stat = Files.readString(thread.resolve("stat"), StandardCharsets.UTF_8);
                // Behind the name, which may hold anything: R runs, S sleeps and would wake up.
                char state = stat.charAt(stat.lastIndexOf(')') + 2);
                if (state == 'R' || state == 'S') {
                    return true;
                }
            }
        }
        return false;
    }

    /** Sends a signal by name, such as STOP or CONT. */
    public void signal(String name) {
        try {
            ExternalProgram.run(Duration.ofSeconds(10), List.of("kill", "-" + name, Long.toString(pid())))
                    .succeeded();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits for the process to end by itself. @return the exit code; all output has been read then */
    public int awaitExit(Duration limit) {
        try {
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new AssertionError("not ended after " + limit + "\n" + everything());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
        joinReaders();
        return process.exitValue();
    }

    private void joinReaders() {
        try {
            for (Thread reader : readers) {
                reader.join(STOP_LIMIT);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private String everything() {
        return "--- output\n" + output() + "\n--- errors\n" + errors();
    }

    @Override
    public void close() {
        process.destroyForcibly();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
