package io.wellspring.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** Apache Kafka's own broker (one node, KRaft) in a process of its own, to make files that only Kafka can have made. */
public final class RealKafka implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final String CLUSTER_ID = "d2VsbHNwcmluZy10ZXN0cw";

    private final Process process;
    private final Path output;
    private final int port;

    private RealKafka(Process process, Path output, int port) {
        this.process = process;
        this.output = output;
        this.port = port;
    }

    /**
     * Formats the directory and starts a broker on it.
     *
     * @param data where its partitions live, {@code data/topic-partition}
     * @param settings more lines for its server.properties
     */
    public static RealKafka start(Path data, String... settings) throws IOException {
        int port = freePort();
        int controllerPort = freePort();
        Path properties = Files.createTempFile("kafka", ".properties");
        List<String> lines = new ArrayList<>(List.of(
                "process.roles=broker,controller",
                "node.id=1",
                "controller.quorum.voters=1@127.0.0.1:" + controllerPort,
                "listeners=PLAINTEXT://127.0.0.1:" + port + ",CONTROLLER://127.0.0.1:" + controllerPort,
                "controller.listener.names=CONTROLLER",
                "offsets.topic.replication.factor=1",
                "transaction.state.log.replication.factor=1",
                "transaction.state.log.min.isr=1",
                "log.dirs=" + data));
        lines.addAll(List.of(settings));
        Files.write(properties, lines);
        ExternalProgram.run(
                        LIMIT,
                        KafkaTools.command(
                                "kafka.tools.StorageTool",
                                List.of("format", "-t", CLUSTER_ID, "-c", properties.toString())))
                .succeeded();
        Path output = Files.createTempFile("kafka", ".out");
        Process process = new ProcessBuilder(KafkaTools.command("kafka.Kafka", List.of(properties.toString())))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        RealKafka kafka = new RealKafka(process, output, port);
        kafka.awaitPort();
        return kafka;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private void awaitPort() {
        Awaitility.await().atMost(LIMIT).until(() -> accepts() || !process.isAlive());
        if (!process.isAlive()) {
            throw new AssertionError("Kafka ended with " + process.exitValue() + ":\n" + output());
        }
    }

    private boolean accepts() {
        try (java.net.Socket socket = new java.net.Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    public String bootstrap() {
        return "127.0.0.1:" + port;
    }

    private String output() {
        try {
            return Files.readString(output, StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "no output: " + e;
        }
    }

    /** A clean stop. */
    public void terminate() {
        process.destroy();
        awaitEnd();
    }

    /** kill -9. */
    public void kill() {
        process.destroyForcibly();
        awaitEnd();
    }

    private void awaitEnd() {
        try {
            if (!process.waitFor(LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new AssertionError("Kafka did not stop within " + LIMIT);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly();
        Files.deleteIfExists(output);
    }
}
