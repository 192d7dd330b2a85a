package io.wellspring;

import static org.assertj.core.api.Assertions.assertThat;

import io.wellspring.testing.BrokerProcess;
import io.wellspring.testing.CheckedReader;
import io.wellspring.testing.CheckedWriter;
import io.wellspring.testing.FreePort;
import io.wellspring.testing.WriteHistory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;

/**
 * kill -9 again and again on the same data, at random moments, some of them while the broker starts and recovers from the kill before; clients
 * go on writing all the while and find their broker again. {@code -Dkill.cycles=N} sets how often, {@code -Dseed=N} replays a run's moments.
 */
final class KillIT {
    private static final int CYCLES = Integer.getInteger("kill.cycles", 50);
    private static final int FULL_READ_EVERY = 10;
    private static final int KILL_IN_START_EVERY = 5;
    private static final int KILL_WITHIN_MS = 1500;
    private static final int PARTITIONS = 3;
    private static final String TOPIC = "killed";

    @TempDir
    static Path directory;

    private final long seed = Long.getLong("seed", new SplittableRandom().nextLong());
    private final SplittableRandom random = new SplittableRandom(seed);
    private final WriteHistory history = new WriteHistory(PARTITIONS);
    private final CheckedReader reader = new CheckedReader(TOPIC, history);
    private final List<CheckedWriter> writers = new ArrayList<>();
    private String address = "";
    private long startMs = 1000;
    private int killsInStart;

    /** Clients say at length that their broker is gone. */
    @BeforeAll
    static void quietClients() {
        LoggingSystem.get(KillIT.class.getClassLoader()).setLogLevel("org.apache.kafka", LogLevel.ERROR);
    }

    @Test
    void killsAtAnyMomentLoseNothingAcknowledgedAndDoubleNothing() throws Exception {
        System.out.println("KillIT: seed=" + seed + " cycles=" + CYCLES);
        address = FreePort.forAllRestarts(random);
        try {
            for (int cycle = 0; cycle < CYCLES; cycle++) {
                cycle(cycle);
                writers.forEach(CheckedWriter::check);
            }
            finish();
        } finally {
            writers.forEach(CheckedWriter::close);
        }
        System.out.println("KillIT: kills=" + CYCLES + " inStart=" + killsInStart + " acknowledged="
                + history.acknowledgedCount() + " lastStartMs=" + startMs);
    }

    private void cycle(int cycle) throws Exception {
        try (BrokerProcess broker = BrokerProcess.launch(start())) {
            if (cycle > 0 && random.nextInt(KILL_IN_START_EVERY) == 0) {
                pause(random.nextLong(startMs));
                broker.kill();
                killsInStart++;
                return;
            }
            startMs = broker.awaitReady().startMs();
            if (cycle == 0) {
                begin();
            }
            if (cycle % FULL_READ_EVERY == FULL_READ_EVERY - 1) {
                reader.readAll(address);
            } else if (random.nextBoolean()) {
                reader.readNew(address);
            }
            pause(random.nextLong(KILL_WITHIN_MS));
            broker.kill();
            assertThat(broker.output()).doesNotContain(" ERROR ");
        }
    }

    private void begin() throws Exception {
        try (Admin admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, address))) {
            NewTopic topic = new NewTopic(TOPIC, Optional.of(PARTITIONS), Optional.empty())
                    .configs(Map.of(
                            "segment.bytes", "1048576",
                            "index.interval.bytes", "512",
                            "retention.ms", "-1"));
            admin.createTopics(List.of(topic)).all().get(1, TimeUnit.MINUTES);
        }
        // Even numbers are idempotent.
        List<String> codecs = List.of("zstd", "none", "none", "gzip", "lz4", "snappy", "snappy");
        for (int i = 0; i < codecs.size(); i++) {
            if (WriteHistory.isIdempotent(i) || i == 1) {
                writers.add(new CheckedWriter(address, TOPIC, i, codecs.get(i), history, seed));
            }
        }
    }

    /** Everybody gets an answer, everything is read, and a clean stop ends it. */
    private void finish() {
        try (BrokerProcess broker = BrokerProcess.start(start())) {
            writers.forEach(CheckedWriter::finish);
            reader.readAll(address);
            for (CheckedWriter writer : writers) {
                for (int i = 0; WriteHistory.isIdempotent(writer.number()) && i < PARTITIONS; i++) {
                    assertThat(history.readOf(writer.number(), i))
                            .as("records of writer %d in partition %d", writer.number(), i)
                            .isEqualTo(writer.sent(i));
                }
            }
            assertThat(history.acknowledgedCount()).isPositive();
            assertThat(broker.stop()).isZero();
            assertThat(broker.output()).doesNotContain(" ERROR ");
        }
    }

    private BrokerProcess.Start start() {
        return BrokerProcess.Start.in(
                        directory.resolve("data"),
                        "--wellspring.network.listeners[0].bind=" + address,
                        "--wellspring.log.durable-mark-interval=1s",
                        "--wellspring.log.disk-soft-mark=0B",
                        "--wellspring.log.disk-hard-mark=0B")
                .jvm("-Xmx192m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");
    }

    private static void pause(long ms) throws InterruptedException {
        assertThat(new CountDownLatch(1).await(ms, TimeUnit.MILLISECONDS)).isFalse();
    }
}
