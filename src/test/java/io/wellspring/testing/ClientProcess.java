package io.wellspring.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/** A client that runs beside the test until it is told to end, and whose lines can be read meanwhile. Threads: any. */
public final class ClientProcess implements AutoCloseable {
    private static final long END_SECONDS_MOST = 30;

    private final Process process;
    private final ConcurrentLinkedQueue<String> lines = new ConcurrentLinkedQueue<>();
    private final Thread reader;

    private ClientProcess(Process process) {
        this.process = process;
        this.reader = new Thread(this::read, "client-output-" + process.pid());
        reader.setDaemon(true);
        reader.start();
    }

    /** Starts the command; what it says on its error stream is seen in the test's output. */
    public static ClientProcess start(List<String> command) throws IOException {
        return new ClientProcess(new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start());
    }

    private void read() {
        try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                lines.add(line);
            }
        } catch (IOException e) {
            lines.add("(the stream broke: " + e + ")");
        }
    }

    /** What it printed so far; fails if it has ended by itself. */
    public List<String> lines() {
        if (!process.isAlive()) {
            throw new AssertionError("ended with " + process.exitValue() + " after " + lines);
        }
        return new ArrayList<>(lines);
    }

    /** SIGTERM; waits for the end. @return all that it printed */
    public List<String> stop() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(END_SECONDS_MOST, TimeUnit.SECONDS)) {
            throw new AssertionError("does not end");
        }
        reader.join();
        return new ArrayList<>(lines);
    }

    /** Sends a signal by name, such as STOP or CONT. */
    public void signal(String name) throws IOException {
        ExternalProgram.run(Duration.ofSeconds(10), List.of("kill", "-" + name, Long.toString(process.pid())))
                .succeeded();
    }

    /** kill -9; waits for the end. */
    public void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
        reader.join();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
