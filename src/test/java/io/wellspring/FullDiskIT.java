package io.wellspring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.wellspring.testing.BrokerProcess;
import io.wellspring.testing.CheckedReader;
import io.wellspring.testing.CheckedValue;
import io.wellspring.testing.Scrape;
import io.wellspring.testing.TestDisk;
import io.wellspring.testing.WriteHistory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;

/** A broker on a disk that is full: it refuses, loses nothing, lets read, and goes on by itself when there is room. */
final class FullDiskIT {
    private static final String TOPIC = "filling";
    private static final int PARTITIONS = 2;
    private static final int RECORD_SIZE_BYTES = 9_000;
    private static final int RECORDS_AT_ONCE = 40;
    private static final long DISK_BYTES = 24L << 20;
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    private final WriteHistory history = new WriteHistory(PARTITIONS);
    private final long[] sent = new long[PARTITIONS];

    /** Clients say at length that they were refused. */
    @BeforeAll
    static void quietClients() {
        LoggingSystem.get(FullDiskIT.class.getClassLoader()).setLogLevel("org.apache.kafka", LogLevel.ERROR);
    }

    @Test
    void aDiskWithoutAByteLeftLosesNothingAndIsWrittenAgainWhenThereIsRoom() throws Exception {
        try (TestDisk disk = TestDisk.inMemory(directory.resolve("disk"), DISK_BYTES)) {
            Path data = disk.directory().resolve("data");
            try (BrokerProcess broker = start("0B", data)) {
                create(broker);
                assertThat(write(broker, 0)).isTrue();
                Path ballast = disk.directory().resolve("room");
                Files.write(ballast, new byte[8 << 20]);
                // Until records no longer fit, and then until not even the broker's small files do.
                await().atMost(LIMIT).until(() -> !write(broker, 0) && !write(broker, 1));
                Path rest = disk.fill();
                for (int round = 0; round < 3; round++) {
                    assertThat(write(broker, round % PARTITIONS)).isFalse();
                    reader().readAll(broker.bootstrapServers());
                }
                await().atMost(LIMIT).until(() -> broker.output().contains("No room to append"));
                assertThat(health(broker)).contains("\"offlineCount\":0").doesNotContain("\"failure\"");

                Files.delete(rest);
                Files.delete(ballast);
                await().atMost(LIMIT).until(() -> write(broker, 0) && write(broker, 1));
                reader().readAll(broker.bootstrapServers());
                broker.kill();
                assertThat(broker.output()).doesNotContain(" ERROR ");
            }
            try (BrokerProcess broker = start("0B", data)) {
                reader().readAll(broker.bootstrapServers());
                assertThat(health(broker)).contains("\"offlineCount\":0");
                assertThat(broker.stop()).isZero();
            }
        }
    }

    @Test
    void belowTheSoftMarkOneDirectoryRefusesAndTheOtherIsWritten() throws Exception {
        try (TestDisk disk = TestDisk.inMemory(directory.resolve("disk"), DISK_BYTES)) {
            Path small = disk.directory().resolve("data");
            Path large = directory.resolve("large");
            try (BrokerProcess broker = start("8MB", small, large)) {
                create(broker);
                int onSmall = Files.exists(small.resolve(TOPIC + "-0")) ? 0 : 1;
                int onLarge = 1 - onSmall;
                assertThat(large.resolve(TOPIC + "-" + onLarge)).isDirectory();
                assertThat(small.resolve(TOPIC + "-" + onSmall)).isDirectory();
                assertThat(write(broker, onSmall)).isTrue();
                Path ballast = disk.directory().resolve("room");
                Files.write(ballast, new byte[18 << 20]);

                await().atMost(LIMIT).until(() -> !write(broker, onSmall));
                assertThat(broker.output()).contains("The disk is nearly full, writes are refused: directory=" + small);
                assertThat(write(broker, onLarge)).isTrue();
                reader().readAll(broker.bootstrapServers());

                Files.delete(ballast);
                await().atMost(LIMIT).until(() -> write(broker, onSmall));
                assertThat(broker.output())
                        .contains("There is room on the disk again")
                        .doesNotContain(" failed");
                reader().readAll(broker.bootstrapServers());
                assertThat(broker.stop()).isZero();
            }
        }
    }

    private static BrokerProcess start(String softMark, Path... directories) {
        List<String> names = new ArrayList<>();
        for (Path one : directories) {
            names.add(one.toString());
        }
        return BrokerProcess.start(BrokerProcess.Start.with(
                        "--wellspring.log.directories=" + String.join(",", names),
                        "--wellspring.log.durable-mark-interval=200ms",
                        "--wellspring.log.disk-check-interval=200ms",
                        "--wellspring.log.disk-soft-mark=" + softMark,
                        "--wellspring.log.disk-hard-mark=0B")
                .jvm("-Xmx192m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
    }

    private static void create(BrokerProcess broker) throws Exception {
        try (Admin admin =
                Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, broker.bootstrapServers()))) {
            NewTopic topic = new NewTopic(TOPIC, Optional.of(1), Optional.empty())
                    .configs(Map.of("segment.bytes", "1048576", "retention.ms", "-1"));
            admin.createTopics(List.of(topic)).all().get(1, TimeUnit.MINUTES);
            // One after the other, so that it is known how they spread over the directories.
            admin.createPartitions(Map.of(TOPIC, NewPartitions.increaseTo(PARTITIONS)))
                    .all()
                    .get(1, TimeUnit.MINUTES);
        }
    }

    /** @return false if one of them at least was refused for want of room; any other failure is thrown */
    private boolean write(BrokerProcess broker, int partition) throws InterruptedException, ExecutionException {
        boolean isWritten = true;
        try (KafkaProducer<byte[], byte[]> producer = producer(broker)) {
            List<Future<RecordMetadata>> answers = new ArrayList<>();
            long first = sent[partition];
            for (int i = 0; i < RECORDS_AT_ONCE; i++) {
                byte[] value = new CheckedValue(1, sent[partition]++).encode(RECORD_SIZE_BYTES);
                answers.add(producer.send(new ProducerRecord<>(TOPIC, partition, null, value)));
            }
            for (int i = 0; i < RECORDS_AT_ONCE; i++) {
                try {
                    long offset = answers.get(i).get().offset();
                    history.acknowledged(partition, offset, new CheckedValue(1, first + i));
                } catch (ExecutionException refused) {
                    if (!(refused.getCause() instanceof KafkaStorageException)) {
                        throw refused;
                    }
                    isWritten = false;
                }
            }
        }
        return isWritten;
    }

    /** It never tries a record twice: what it says is what the broker answered. */
    private static KafkaProducer<byte[], byte[]> producer(BrokerProcess broker) {
        return new KafkaProducer<>(
                Map.of(
                        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        broker.bootstrapServers(),
                        ProducerConfig.ACKS_CONFIG,
                        "all",
                        ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
                        false,
                        ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION,
                        1,
                        ProducerConfig.RETRIES_CONFIG,
                        0),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    private CheckedReader reader() {
        return new CheckedReader(TOPIC, history);
    }

    private static String health(BrokerProcess broker) throws IOException, InterruptedException {
        return Scrape.get(broker.managementUrl() + "/actuator/health");
    }
}
