package io.wellspring.testing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/**
 * The built jar as a process of its own, on free ports, with its data where the test says. Its output goes to a file. A test closes
 * it in every case; whatever still runs then is killed by its process id.
 */
public final class BrokerProcess implements AutoCloseable {
    /** The contract with scripts: what the line looks like. */
    public static final Pattern READY_LINE = Pattern.compile(
            "^Wellspring is ready: kafka=(\\S+) management=(\\S+) data=(.+) in (\\d+) ms$", Pattern.MULTILINE);

    private static final Duration START_LIMIT = Duration.ofMinutes(2);
    private static final Duration STOP_LIMIT = Duration.ofMinutes(1);

    private final Process process;
    private final Path output;

    private BrokerProcess(Process process, Path output) {
        this.process = process;
        this.output = output;
    }

    /** How to start a broker. Later arguments win over earlier ones. */
    public static final class Launch {
        private final List<String> prefix = new ArrayList<>();
        private final List<String> jvmArguments = new ArrayList<>(List.of("-Xmx256m"));
        private final List<String> arguments = new ArrayList<>(
                List.of("--wellspring.network.listeners[0].bind=127.0.0.1:0", "--management.server.port=0"));

        /** Data in this directory. */
        public Launch data(Path directory) {
            return with("--wellspring.log.directories=" + directory);
        }

        /** More program arguments, such as {@code --wellspring.log.flush=os}. */
        public Launch with(String... more) {
            arguments.addAll(Arrays.asList(more));
            return this;
        }

        /** More arguments of the JVM. */
        public Launch jvm(String... more) {
            jvmArguments.addAll(Arrays.asList(more));
            return this;
        }

        /** A program that runs the JVM, such as strace with its options. */
        public Launch under(String... command) {
            prefix.addAll(Arrays.asList(command));
            return this;
        }

        /** Starts the process; does not wait for it. */
        public BrokerProcess launch() throws IOException {
            Path jar = Path.of(System.getProperty("wellspring.jar", "target/wellspring.jar"));
            if (!Files.exists(jar)) {
                throw new IllegalStateException(
                        jar + " is missing: run the test through `mvn verify`, which builds it");
            }
            List<String> command = new ArrayList<>(prefix);
            command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            command.addAll(jvmArguments);
            command.add("-jar");
            command.add(jar.toAbsolutePath().toString());
            command.addAll(arguments);
            Path output = Files.createTempFile("broker", ".out");
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            return new BrokerProcess(process, output);
        }

        /** Starts the process and waits for its ready line. */
        public BrokerProcess start() throws IOException {
            BrokerProcess broker = launch();
            broker.awaitReady();
            return broker;
        }
    }

    /** Waits for the ready line; fails with everything the broker printed if it ends first or takes too long. */
    public void awaitReady() throws IOException {
        try {
            Awaitility.await()
                    .atMost(START_LIMIT)
                    .pollInterval(Duration.ofMillis(20))
                    .until(() -> readyLine().isPresent() || !process.isAlive());
        } catch (ConditionTimeoutException e) {
            close();
            throw new AssertionError("the broker was not ready after " + START_LIMIT + ":\n" + output(), e);
        }
        if (readyLine().isEmpty()) {
            throw new AssertionError("the broker ended with " + process.exitValue() + ":\n" + output());
        }
    }

    private Optional<Matcher> readyLine() throws IOException {
        Matcher matcher = READY_LINE.matcher(output());
        return matcher.find() ? Optional.of(matcher) : Optional.empty();
    }

    /** {@code host:port} of the first Kafka listener. */
    public String bootstrap() throws IOException {
        return readyLine().orElseThrow().group(1).split(",", -1)[0];
    }

    /** {@code http://host:port} of the management endpoints. */
    public String management() throws IOException {
        return "http://" + readyLine().orElseThrow().group(2);
    }

    /** Milliseconds from the start of the JVM to ready, by the broker's own word. */
    public long readyAfterMs() throws IOException {
        return Long.parseLong(readyLine().orElseThrow().group(4));
    }

    /** The id of the process; with a prefix, that of the prefix's process. */
    public long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** Everything it printed so far. */
    public String output() throws IOException {
        return Files.readString(output, StandardCharsets.UTF_8);
    }

    /** {@code kill -9}, of children first: under strace the JVM is a child. */
    public void kill() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        awaitExit();
    }

    /** SIGTERM, then waits for the end and gives the exit code. */
    public int terminate() {
        process.descendants().forEach(ProcessHandle::destroy);
        process.destroy();
        return awaitExit();
    }

    /** Waits for the end and gives the exit code. */
    public int awaitExit() {
        try {
            if (!process.waitFor(STOP_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new AssertionError("the broker did not end within " + STOP_LIMIT);
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() throws IOException {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        awaitExit();
        Files.deleteIfExists(output);
    }
}
