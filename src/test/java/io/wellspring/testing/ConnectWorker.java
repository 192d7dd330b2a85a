package io.wellspring.testing;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A distributed worker of Kafka Connect in a process of its own, and its REST interface. */
public final class ConnectWorker implements AutoCloseable {
    private static final String MAIN_CLASS = "org.apache.kafka.connect.cli.ConnectDistributed";
    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final SideProgram program;
    private final String id;
    private final HttpClient client = HttpClient.newHttpClient();

    private ConnectWorker(SideProgram program, String id) {
        this.program = program;
        this.id = id;
    }

    /**
     * Starts a worker of the one group and waits until it answers.
     *
     * @param bootstrapServers all that it is told about its broker
     */
    public static ConnectWorker start(String bootstrapServers) throws IOException {
        String address = FreePort.forAllRestarts(new SplittableRandom());
        Path settings = Files.createTempFile("connect", ".properties");
        Files.write(
                settings,
                List.of(
                        "bootstrap.servers=" + bootstrapServers,
                        "listeners=http://" + address,
                        "group.id=connect",
                        "key.converter=org.apache.kafka.connect.storage.StringConverter",
                        "value.converter=org.apache.kafka.connect.storage.StringConverter",
                        "config.storage.topic=connect-configs",
                        "offset.storage.topic=connect-offsets",
                        "status.storage.topic=connect-status",
                        "config.storage.replication.factor=1",
                        "offset.storage.replication.factor=1",
                        "status.storage.replication.factor=1",
                        "plugin.discovery=service_load",
                        // From here on only so that tests take seconds instead of minutes.
                        "offset.flush.interval.ms=500",
                        "scheduled.rebalance.max.delay.ms=500",
                        "task.shutdown.graceful.timeout.ms=500",
                        "session.timeout.ms=6000",
                        "heartbeat.interval.ms=1000",
                        "consumer.session.timeout.ms=6000"));
        SideProgram program = new SideProgram.Compiled(MAIN_CLASS, ProgramClassPath.of("connect"))
                .start(
                        List.of(
                                "-Xmx256m",
                                "-XX:TieredStopAtLevel=1",
                                "-XX:+UseSerialGC",
                                "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn"),
                        List.of(settings.toString()));
        ConnectWorker worker = new ConnectWorker(program, address);
        try {
            worker.awaitServing();
            return worker;
        } catch (Throwable e) {
            worker.close();
            throw e;
        } finally {
            Files.delete(settings);
        }
    }

    private void awaitServing() {
        await().atMost(LIMIT).ignoreExceptionsInstanceOf(IOException.class).until(() -> {
            program.requireAlive();
            return get("/connectors").isArray();
        });
    }

    /** How it is called in what the workers say of each other. */
    public String id() {
        return id;
    }

    /** Fails if it has ended by itself. */
    public void requireAlive() {
        program.requireAlive();
    }

    /** Makes a connector, or gives it other settings. */
    public void configure(String connector, Map<String, String> settings) {
        HttpRequest request = request("/connectors/" + connector + "/config")
                .header("Content-Type", "application/json")
                .PUT(HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(settings)))
                .build();
        // It answers 409 while the workers divide the work anew.
        await().atMost(LIMIT).until(() -> {
            int status =
                    client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
            return status == 200 || status == 201;
        });
    }

    /** @throws IOException also if the answer is not 200 */
    public JsonNode get(String path) throws IOException, InterruptedException {
        HttpResponse<String> response = client.send(request(path).build(), HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() != 200) {
            throw new IOException(path + " answers " + response.statusCode() + ": " + response.body());
        }
        return JSON.readTree(response.body());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://" + id + path)).timeout(LIMIT);
    }

    /** kill -9. */
    public void kill() {
        program.kill();
    }

    @Override
    public void close() {
        program.close();
        client.close();
    }
}
