package io.wellspring.bench.broker;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A broker's process. Close it always: whatever became of it, the process is gone then.
 *
 * <p>Threads: one at a time.
 */
public final class RunningBroker implements AutoCloseable {
    private static final Duration START_LIMIT = Duration.ofMinutes(5);
    private static final Duration STOP_LIMIT = Duration.ofMinutes(3);
    private static final Duration LOOK_INTERVAL = Duration.ofMillis(20);
    private static final int CONNECT_LIMIT_MS = 1000;
    private static final int OUTPUT_LEAST_CHARS = 3000;

    /** Those that have not ended, to be taken along if the instrument is broken off. */
    private static final Set<Process> ALIVE = ConcurrentHashMap.newKeySet();

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> ALIVE.forEach(Process::destroyForcibly), "bench-end"));
    }

    private final Broker broker;
    private final Process process;
    private final Path data;
    private final Path output;
    private final InetSocketAddress address;
    private final Listeners listeners;
    private @Nullable Allocation allocation;

    private RunningBroker(Broker broker, Process process, Path data, Path output, Listeners listeners) {
        this.broker = broker;
        this.process = process;
        this.data = data;
        this.output = output;
        this.listeners = listeners;
        this.address = new InetSocketAddress(InetAddress.getLoopbackAddress(), listeners.port());
    }

    static RunningBroker launch(Broker broker, List<String> command, Path data, Listeners listeners)
            throws IOException {
        Path output = data.resolveSibling(data.getFileName() + ".out");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                // A broker that makes itself at home does so among its own files.
                .directory(data.resolveSibling(".").toFile())
                .start();
        ALIVE.add(process);
        return new RunningBroker(broker, process, data, output, listeners);
    }

    /** Which it is. */
    public Broker broker() {
        return broker;
    }

    /** Where its logs lie. */
    public Path data() {
        return data;
    }

    /** Where it listens. */
    public InetSocketAddress address() {
        return address;
    }

    /** {@code host:port} for clients. */
    public String bootstrap() {
        return address.getAddress().getHostAddress() + ":" + address.getPort();
    }

    /** What Kafka's clients need to connect, over TLS if it was set up so. */
    public Map<String, Object> clientSettings() {
        return listeners.clientSettings();
    }

    /** Waits until it takes connections. */
    public void awaitPort() throws IOException {
        Waiting.until(broker.name() + " takes connections", START_LIMIT, LOOK_INTERVAL, () -> {
            checkAlive();
            return accepts();
        });
    }

    /** Fails, with what it printed, if it has ended. */
    public void checkAlive() throws IOException {
        if (!process.isAlive()) {
            throw new IOException(broker.name() + " ended with " + process.exitValue() + ":\n" + lastOutput());
        }
    }

    private boolean accepts() {
        try (Socket socket = new Socket()) {
            socket.connect(address, CONNECT_LIMIT_MS);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private String lastOutput() throws IOException {
        String all = Files.readString(output, StandardCharsets.UTF_8);
        return all.substring(Math.max(0, all.length() - OUTPUT_LEAST_CHARS));
    }

    /** What it has cost so far. */
    public ProcessCost cost() throws IOException {
        checkAlive();
        return ProcessCost.of(process.pid());
    }

    /** Bytes its threads have taken from the heap so far. The first call starts what answers it in the broker's JVM, and costs it memory. */
    public long allocatedBytes() throws IOException {
        Allocation open = allocation;
        if (open == null) {
            open = Allocation.of(process.pid());
            allocation = open;
        }
        return open.bytes();
    }

    /** A clean stop. */
    public void stop() throws IOException {
        process.destroy();
        awaitEnd();
    }

    /** kill -9. */
    public void kill() throws IOException {
        process.destroyForcibly();
        awaitEnd();
    }

    private void awaitEnd() throws IOException {
        closeAllocation();
        if (!Waiting.interruptibly(() -> process.waitFor(STOP_LIMIT.toMillis(), TimeUnit.MILLISECONDS))) {
            throw new IOException(broker.name() + " did not end within " + STOP_LIMIT);
        }
        ALIVE.remove(process);
    }

    private void closeAllocation() {
        Allocation open = allocation;
        allocation = null;
        if (open != null) {
            open.close();
        }
    }

    @Override
    public void close() throws IOException {
        closeAllocation();
        process.destroyForcibly();
        Waiting.interruptibly(process::waitFor);
        ALIVE.remove(process);
    }
}
