package io.wellspring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.wellspring.testing.BrokerProcess;
import io.wellspring.testing.CheckedReader;
import io.wellspring.testing.CheckedWriter;
import io.wellspring.testing.FreePort;
import io.wellspring.testing.NeedsPackage;
import io.wellspring.testing.TestDisk;
import io.wellspring.testing.WriteHistory;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
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
 * The power fails under a broker that is being written to: of a real file system only what was forced survives. Every other cut comes right after
 * everything was read, because what a reader has seen must not vanish either.
 */
@NeedsPackage(value = "xfsprogs", provides = "xfs_io")
final class PowerCutIT {
    private static final int CUTS = Integer.getInteger("power.cuts", 4);
    private static final int PARTITIONS = 2;
    private static final int ACKNOWLEDGED_BETWEEN = 400;
    private static final String TOPIC = "cut";
    private static final long DISK_BYTES = 400L << 20;
    private static final Duration LIMIT = Duration.ofMinutes(2);

    @TempDir
    Path directory;

    private final SplittableRandom random =
            new SplittableRandom(Long.getLong("seed", new SplittableRandom().nextLong()));
    private final WriteHistory history = new WriteHistory(PARTITIONS);
    private final CheckedReader reader = new CheckedReader(TOPIC, history);
    private final List<CheckedWriter> writers = new ArrayList<>();
    private String address = "";

    /** Clients say at length that their broker is gone. */
    @BeforeAll
    static void quietClients() {
        LoggingSystem.get(PowerCutIT.class.getClassLoader()).setLogLevel("org.apache.kafka", LogLevel.OFF);
    }

    @Test
    void whatWasAcknowledgedOrReadIsThereAfterEachCutOnExt4() throws Exception {
        cutAgainAndAgain("ext4");
    }

    @Test
    void whatWasAcknowledgedOrReadIsThereAfterEachCutOnXfs() throws Exception {
        cutAgainAndAgain("xfs");
    }

    private void cutAgainAndAgain(String kind) throws Exception {
        address = FreePort.forAllRestarts(random);
        try (TestDisk disk = TestDisk.inFile(directory.resolve("disk"), kind, DISK_BYTES)) {
            for (int cut = 0; cut < CUTS; cut++) {
                try (BrokerProcess broker = start(disk, "always")) {
                    if (cut == 0) {
                        begin();
                    }
                    if (cut % 2 == 1) {
                        reader.readAll(address);
                    } else {
                        awaitMoreAcknowledged();
                    }
                    cut(disk, broker);
                }
                writers.forEach(CheckedWriter::check);
                disk.restorePower();
            }
            try (BrokerProcess broker = start(disk, "always")) {
                writers.forEach(CheckedWriter::finish);
                reader.readAll(address);
                for (CheckedWriter writer : writers) {
                    for (int i = 0; i < PARTITIONS; i++) {
                        assertThat(history.readOf(writer.number(), i)).isEqualTo(writer.sent(i));
                    }
                }
                assertThat(broker.stop()).isZero();
            }
        } finally {
            writers.forEach(CheckedWriter::close);
        }
        System.out.println("PowerCutIT: " + kind + " cuts=" + CUTS + " acknowledged=" + history.acknowledgedCount());
    }

    /** Shows that a cut takes what was not forced, and that the reader sees it: else the tests above would prove nothing. */
    @Test
    void withoutForcingTheSameCutLosesAcknowledgedRecords() throws Exception {
        address = FreePort.forAllRestarts(random);
        try (TestDisk disk = TestDisk.inFile(directory.resolve("disk"), "ext4", DISK_BYTES)) {
            try (BrokerProcess broker = start(disk, "os")) {
                begin();
                awaitMoreAcknowledged();
                cut(disk, broker);
            }
            writers.forEach(CheckedWriter::close);
            disk.restorePower();
            try (BrokerProcess broker = start(disk, "os")) {
                assertThat(broker.isAlive()).isTrue();
                assertThatThrownBy(() -> reader.readAll(address))
                        .isInstanceOf(AssertionError.class)
                        .hasMessageContaining("was acknowledged or read");
            }
        } finally {
            writers.forEach(CheckedWriter::close);
        }
    }

    /**
     * A cut stops the processor, too. Without that the test would judge the kernel: ext4 answers some fdatasyncs that are under way while the file
     * system is shut down with success, and what they forced is not there (19 of them in 150 shutdowns under four threads that only write
     * and force; of those answered before the shutdown began none was lost).
     */
    private static void cut(TestDisk disk, BrokerProcess broker) throws IOException {
        broker.freeze();
        disk.cutPower();
        broker.kill();
    }

    private void awaitMoreAcknowledged() {
        long enough = history.acknowledgedCount() + ACKNOWLEDGED_BETWEEN;
        await().atMost(LIMIT).until(() -> {
            writers.forEach(CheckedWriter::check);
            return history.acknowledgedCount() >= enough;
        });
    }

    private void begin() throws Exception {
        try (Admin admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, address))) {
            NewTopic topic = new NewTopic(TOPIC, Optional.of(PARTITIONS), Optional.empty())
                    .configs(Map.of("segment.bytes", "1048576", "retention.ms", "-1"));
            admin.createTopics(List.of(topic)).all().get(1, TimeUnit.MINUTES);
        }
        List<String> codecs = List.of("none", "zstd", "lz4");
        for (int i = 0; i < codecs.size(); i++) {
            // Even numbers are idempotent.
            writers.add(new CheckedWriter(address, TOPIC, 2 * i, codecs.get(i), history, random.nextLong()));
        }
    }

    private BrokerProcess start(TestDisk disk, String flush) throws IOException {
        return BrokerProcess.start(BrokerProcess.Start.in(
                        disk.directory().resolve("data"),
                        "--wellspring.network.listeners[0].bind=" + address,
                        "--wellspring.log.flush=" + flush,
                        "--wellspring.log.durable-mark-interval=1s",
                        "--wellspring.log.disk-soft-mark=0B",
                        "--wellspring.log.disk-hard-mark=0B")
                .jvm("-Xmx192m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
    }
}
