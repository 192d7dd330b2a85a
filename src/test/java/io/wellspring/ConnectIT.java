package io.wellspring;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.wellspring.testing.BrokerProcess;
import io.wellspring.testing.ConnectWorker;
import io.wellspring.testing.FreePort;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;
import tools.jackson.databind.JsonNode;

/**
 * Workers of Kafka Connect carry the lines of a file into another through a topic. Nothing but the broker knows which connectors there are, how
 * far the source has been read and how far the sink has come.
 */
final class ConnectIT {
    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final String TOPIC = "lines";

    @TempDir
    static Path directory;

    private final Path source = directory.resolve("source.txt");
    private final Path sink = directory.resolve("sink.txt");
    private final List<String> written = new ArrayList<>();
    private String address = "";

    @BeforeAll
    static void quietClients() {
        LoggingSystem.get(ConnectIT.class.getClassLoader()).setLogLevel("org.apache.kafka", LogLevel.OFF);
    }

    @Test
    void workersLoseNoLineWhoeverIsKilled() throws Exception {
        address = FreePort.forAllRestarts(new SplittableRandom());
        append(1_000);
        BrokerProcess first = startBroker();
        try (first;
                ConnectWorker worker = ConnectWorker.start(address)) {
            begin(worker);
            carriesEachLineOnce(worker, 0);
            keepsItsStateInCompactedTopics();

            whileLinesAreWritten(worker, first::kill);
            BrokerProcess second = startBroker();
            try (second) {
                carriesEveryLine(worker);
                List<String> before = sunk();

                whileLinesAreWritten(worker, () -> {
                    second.kill();
                    worker.kill();
                });
                append(500);
                goesOnInOthers(before);
            }
        }
    }

    private void goesOnInOthers(List<String> before) throws Exception {
        try (BrokerProcess third = startBroker();
                ConnectWorker successor = ConnectWorker.start(address)) {
            // A worker answers before it has read what there is.
            await().atMost(LIMIT)
                    .untilAsserted(() -> assertThat(
                                    successor.get("/connectors").valueStream().map(JsonNode::asString))
                            .containsExactlyInAnyOrder("source", "sink"));
            carriesEveryLine(successor);
            // What was committed before is not read again: else it would stand there once more.
            Set<String> old = new HashSet<>(before);
            assertThat(sunk().stream().filter(old::contains)).isEqualTo(before);

            try (ConnectWorker second = ConnectWorker.start(address)) {
                await().atMost(LIMIT)
                        .ignoreExceptionsInstanceOf(IOException.class)
                        .until(() -> owners(second).equals(Set.of(successor.id(), second.id())));
                int done = sunk().size();
                append(500);
                carriesEachLineOnce(second, done);
            }
            assertThat(third.output()).doesNotContain(" ERROR ");
        }
    }

    private void begin(ConnectWorker worker) {
        worker.configure(
                "source",
                Map.of(
                        "connector.class",
                        "FileStreamSource",
                        "file",
                        source.toString(),
                        "topic",
                        TOPIC,
                        // A source that fills a batch keeps what else it has read until the file grows again.
                        "batch.size",
                        "100000"));
        worker.configure("sink", Map.of("connector.class", "FileStreamSink", "file", sink.toString(), "topics", TOPIC));
    }

    /** @param done as many lines were in the sink before the last ones were written */
    private void carriesEachLineOnce(ConnectWorker worker, int done) {
        awaitCommitted(worker);
        List<String> sunk = sunk();
        List<String> latest = sunk.subList(done, sunk.size());
        assertThat(latest).isEqualTo(written.subList(written.size() - latest.size(), written.size()));
        assertThat(new LinkedHashSet<>(sunk)).containsExactlyElementsOf(written);
    }

    private void carriesEveryLine(ConnectWorker worker) {
        await().atMost(LIMIT).untilAsserted(() -> {
            worker.requireAlive();
            assertThat(new LinkedHashSet<>(sunk())).containsExactlyElementsOf(written);
        });
        awaitCommitted(worker);
    }

    /** The source has been read to its end, the sink has got all that the topic has, and both have been written down. */
    private void awaitCommitted(ConnectWorker worker) {
        await().atMost(LIMIT).ignoreExceptionsInstanceOf(IOException.class).untilAsserted(() -> {
            worker.requireAlive();
            assertThat(offset(worker, "source", "position")).isEqualTo(Files.size(source));
            assertThat(offset(worker, "sink", "kafka_offset")).isEqualTo(topicEnd());
        });
    }

    private long topicEnd() throws Exception {
        TopicPartition partition = new TopicPartition(TOPIC, 0);
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", address))) {
            return admin.listOffsets(Map.of(partition, OffsetSpec.latest()))
                    .partitionResult(partition)
                    .get()
                    .offset();
        }
    }

    private static long offset(ConnectWorker worker, String connector, String name)
            throws IOException, InterruptedException {
        JsonNode offsets = worker.get("/connectors/" + connector + "/offsets").get("offsets");
        return offsets.isEmpty() ? -1 : offsets.get(0).get("offset").get(name).asLong();
    }

    /** Which workers have a running task. */
    private static Set<String> owners(ConnectWorker worker) throws IOException, InterruptedException {
        Set<String> owners = new HashSet<>();
        for (String connector : List.of("source", "sink")) {
            JsonNode status = worker.get("/connectors/" + connector + "/status");
            for (JsonNode task : status.get("tasks")) {
                if (task.get("state").asString().equals("RUNNING")) {
                    owners.add(task.get("worker_id").asString());
                }
            }
        }
        return owners;
    }

    private void keepsItsStateInCompactedTopics() throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", address))) {
            for (String topic : List.of("connect-configs", "connect-offsets", "connect-status")) {
                ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
                Config settings = requireNonNull(
                        admin.describeConfigs(List.of(resource)).all().get().get(resource));
                assertThat(settings.get(TopicConfig.CLEANUP_POLICY_CONFIG).value())
                        .as(topic)
                        .isEqualTo("compact");
            }
        }
    }

    /** Lines are written all the time; once some have come through, something happens. */
    private void whileLinesAreWritten(ConnectWorker worker, Runnable event) {
        int before = sunk().size();
        try (ScheduledExecutorService writer = Executors.newSingleThreadScheduledExecutor()) {
            ScheduledFuture<?> writing = writer.scheduleAtFixedRate(() -> append(20), 0, 10, TimeUnit.MILLISECONDS);
            try {
                await().atMost(LIMIT).until(() -> {
                    worker.requireAlive();
                    return sunk().size() > before + 100;
                });
                event.run();
            } finally {
                writing.cancel(false);
            }
        }
    }

    private void append(int count) {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            lines.add("line " + (written.size() + i));
        }
        try {
            Files.write(source, lines, UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        written.addAll(lines);
    }

    private List<String> sunk() {
        try {
            return Files.exists(sink) ? Files.readAllLines(sink) : List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private BrokerProcess startBroker() {
        return BrokerProcess.start(BrokerProcess.Start.in(
                        directory.resolve("data"),
                        "--wellspring.network.listeners[0].bind=" + address,
                        "--wellspring.groups.initial-rebalance-delay=0s",
                        "--wellspring.groups.offsets-topic-partitions=4")
                .jvm("-Xmx192m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
    }
}
