package io.wellspring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.wellspring.testing.BrokerProcess;
import io.wellspring.testing.FreePort;
import io.wellspring.testing.GroupReader;
import io.wellspring.testing.JavaClients;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLongArray;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;

/**
 * kill -9 while groups of both protocols read and commit: no acknowledged commit is lost or goes backwards, every record is delivered at least
 * once, and the groups go on by themselves. {@code -Dgroup.kill.cycles=N} sets how often, {@code -Dseed=N} replays a run's moments.
 */
final class GroupKillIT {
    private static final int CYCLES = Integer.getInteger("group.kill.cycles", 5);
    private static final int PARTITIONS = 4;
    private static final int MEMBERS = 2;
    private static final int KILL_WITHIN_MS = 800;
    private static final Duration RECOVERY_LIMIT = Duration.ofMinutes(2);
    private static final String TOPIC = "work";

    @TempDir
    static Path directory;

    private final long seed = Long.getLong("seed", new SplittableRandom().nextLong());
    private final SplittableRandom random = new SplittableRandom(seed);
    private final List<GroupReader> groups = new ArrayList<>();
    private final AtomicBoolean stopWriting = new AtomicBoolean();

    /** Offset after the last acknowledged record, by partition. */
    private final AtomicLongArray written = new AtomicLongArray(PARTITIONS);

    private String address = "";

    @BeforeAll
    static void quietClients() {
        LoggingSystem.get(GroupKillIT.class.getClassLoader()).setLogLevel("org.apache.kafka", LogLevel.OFF);
    }

    @Test
    void groupsSurviveTheirBroker() throws Exception {
        address = FreePort.forAllRestarts(random);
        System.out.println("GroupKillIT: seed=" + seed + " cycles=" + CYCLES);
        Thread writer = new Thread(this::write, "writer");
        List<Long> recoveries = new ArrayList<>();
        try {
            for (int cycle = 0; cycle <= CYCLES; cycle++) {
                try (BrokerProcess broker = BrokerProcess.start(start())) {
                    if (cycle == 0) {
                        begin(writer);
                    } else {
                        committedIsNotLost();
                    }
                    recoveries.add(awaitCommits());
                    if (cycle == CYCLES) {
                        finish(writer);
                    } else {
                        await().pollDelay(Duration.ofMillis(random.nextLong(KILL_WITHIN_MS)))
                                .until(() -> true);
                        broker.kill();
                    }
                    assertThat(broker.output()).doesNotContain(" ERROR ");
                }
            }
        } finally {
            stopWriting.set(true);
            writer.interrupt();
            groups.forEach(GroupReader::close);
        }
        System.out.println("GroupKillIT: kills=" + CYCLES + " recoveriesMs=" + recoveries);
    }

    private void begin(Thread writer) {
        JavaClients.createTopics(address, List.of(new NewTopic(TOPIC, PARTITIONS, (short) 1)));
        writer.start();
        groups.add(new GroupReader(address, "classic", "killed-classic", TOPIC, MEMBERS));
        groups.add(new GroupReader(address, "consumer", "killed-consumer", TOPIC, MEMBERS));
    }

    /** Every group commits something new. @return how long that took, in milliseconds from now */
    private long awaitCommits() {
        long begin = System.nanoTime();
        List<Long> before = groups.stream().map(GroupReader::commitCount).toList();
        await().atMost(RECOVERY_LIMIT).until(() -> {
            groups.forEach(GroupReader::check);
            for (int i = 0; i < groups.size(); i++) {
                if (groups.get(i).commitCount() <= before.get(i)) {
                    return false;
                }
            }
            return true;
        });
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
    }

    private void committedIsNotLost() throws ExecutionException, InterruptedException {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", address))) {
            for (GroupReader group : groups) {
                Map<TopicPartition, Long> promised = group.acknowledged();
                Map<TopicPartition, OffsetAndMetadata> kept = admin.listConsumerGroupOffsets(group.groupId())
                        .partitionsToOffsetAndMetadata()
                        .get();
                promised.forEach((partition, offset) -> {
                    OffsetAndMetadata now = kept.get(partition);
                    assertThat(now == null ? -1L : now.offset())
                            .as("%s in %s", group.groupId(), partition)
                            .isGreaterThanOrEqualTo(offset);
                });
            }
        }
    }

    private void finish(Thread writer) throws Exception {
        stopWriting.set(true);
        writer.join();
        await().atMost(RECOVERY_LIMIT).until(() -> {
            groups.forEach(GroupReader::check);
            for (GroupReader group : groups) {
                for (int partition = 0; partition < PARTITIONS; partition++) {
                    if (!group.hasAllBelow(partition, written.get(partition))) {
                        return false;
                    }
                }
            }
            return true;
        });
        committedIsNotLost();
    }

    private void write() {
        Map<String, String> settings = Map.of("delivery.timeout.ms", "120000", "reconnect.backoff.max.ms", "200");
        try (KafkaProducer<byte[], byte[]> producer = JavaClients.producer(address, settings)) {
            for (int i = 0; !stopWriting.get(); i++) {
                int partition = i % PARTITIONS;
                Future<RecordMetadata> sent = producer.send(
                        new ProducerRecord<>(TOPIC, partition, null, new byte[100]), (record, failure) -> {
                            if (failure == null) {
                                written.accumulateAndGet(record.partition(), record.offset() + 1, Math::max);
                            }
                        });
                if (partition == PARTITIONS - 1) {
                    // No faster than the broker answers.
                    sent.get();
                }
            }
            producer.flush();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException failed) {
            throw new AssertionError("a record was given up", failed);
        }
    }

    private BrokerProcess.Start start() {
        return BrokerProcess.Start.in(
                        directory.resolve("data"),
                        "--wellspring.network.listeners[0].bind=" + address,
                        "--wellspring.groups.initial-rebalance-delay=0s",
                        "--wellspring.groups.offsets-topic-partitions=4")
                .jvm("-Xmx192m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");
    }
}
