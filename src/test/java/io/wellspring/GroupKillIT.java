package io.wellspring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.wellspring.testing.BrokerProcess;
import io.wellspring.testing.CommitWatch;
import io.wellspring.testing.FreePort;
import io.wellspring.testing.GroupReader;
import io.wellspring.testing.JavaClients;
import io.wellspring.testing.PlainCommits;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
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
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;

/**
 * kill -9 while groups of both protocols read and commit, waiting for each commit, not waiting, or by themselves: no acknowledged commit is lost, no
 * committed offset that anybody was shown goes backwards, every record is delivered at least once, and the groups go on by themselves. {@code -Dgroup.kill.cycles=N} sets how often, {@code -Dseed=N} replays a run's moments.
 */
final class GroupKillIT {
    private static final int CYCLES = Integer.getInteger("group.kill.cycles", 3);
    private static final int PARTITIONS = 4;
    private static final int MEMBERS = 2;
    private static final int KILL_WITHIN_MS = 800;

    /** One in so many kills does not wait for the groups. */
    private static final int HASTE = 4;

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

    private final Millis sinceKill = new Millis();
    private final Millis sinceReady = new Millis();
    private final PlainCommits plain = new PlainCommits(TOPIC, PARTITIONS);
    private @Nullable CommitWatch watch;
    private String address = "";

    /** Times, shown as the least, the median and the most of them. */
    private static final class Millis {
        private final List<Long> sorted = new ArrayList<>();

        void add(long nanos) {
            sorted.add(TimeUnit.NANOSECONDS.toMillis(nanos));
            sorted.sort(null);
        }

        int count() {
            return sorted.size();
        }

        @Override
        public String toString() {
            return sorted.isEmpty()
                    ? "never measured"
                    : sorted.getFirst() + " / " + sorted.get(sorted.size() / 2) + " / " + sorted.getLast() + " ms";
        }
    }

    @BeforeAll
    static void quietClients() {
        LoggingSystem.get(GroupKillIT.class.getClassLoader()).setLogLevel("org.apache.kafka", LogLevel.OFF);
    }

    @Test
    void groupsSurviveTheirBroker() throws Exception {
        address = FreePort.forAllRestarts(random);
        System.out.println("GroupKillIT: seed=" + seed + " cycles=" + CYCLES);
        Thread writer = new Thread(this::write, "writer");
        try {
            for (int cycle = 0; cycle <= CYCLES; cycle++) {
                long killedNanos = System.nanoTime();
                try (BrokerProcess broker = BrokerProcess.start(start())) {
                    long readyNanos = System.nanoTime();
                    if (cycle == 0) {
                        begin(writer);
                    } else {
                        await().atMost(RECOVERY_LIMIT)
                                .pollDelay(Duration.ZERO)
                                .pollInterval(Duration.ofMillis(20))
                                .until(() -> plain.areKept(address));
                        committedIsNotLost();
                    }
                    plain.start(address);
                    // Now and then the broker dies while groups still come back.
                    boolean isInHaste = cycle > 0 && cycle < CYCLES && random.nextInt(HASTE) == 0;
                    if (!isInHaste) {
                        awaitCommits(cycle, killedNanos, readyNanos);
                    }
                    if (cycle == CYCLES) {
                        finish(writer);
                    } else {
                        await().pollDelay(Duration.ofMillis(random.nextLong(KILL_WITHIN_MS)))
                                .until(() -> true);
                        broker.kill();
                        plain.awaitEnd();
                        groups.forEach(GroupReader::awaitNextCommit);
                    }
                    assertThat(broker.output()).doesNotContain(" ERROR ");
                }
            }
        } finally {
            stopWriting.set(true);
            writer.interrupt();
            if (watch != null) {
                watch.close();
            }
            groups.forEach(GroupReader::close);
        }
        System.out.printf(
                "GroupKillIT: kills=%d, of these before every group had come back: %d; looks at committed offsets=%d"
                        + " acknowledged commits without members=%d%n",
                CYCLES, CYCLES - sinceKill.count(), looks(), plain.acknowledgedCount());
        System.out.println("GroupKillIT: until every group had committed again, from the kill: " + sinceKill
                + "; from the ready line: " + sinceReady);
        groups.forEach(group -> System.out.println(
                "GroupKillIT: group=" + group.groupId() + " acknowledgedCommits=" + group.commitCount()));
    }

    private void begin(Thread writer) {
        JavaClients.createTopics(address, List.of(new NewTopic(TOPIC, PARTITIONS, (short) 1)));
        writer.start();
        for (String protocol : List.of("classic", "consumer")) {
            for (GroupReader.Committing committing : GroupReader.Committing.values()) {
                groups.add(new GroupReader(address, protocol, committing, TOPIC, MEMBERS));
            }
        }
        watch = new CommitWatch(
                address, groups.stream().map(GroupReader::groupId).toList());
    }

    private long looks() {
        return watch == null ? 0 : watch.lookCount();
    }

    /** Every group commits again. */
    private void awaitCommits(int cycle, long killedNanos, long readyNanos) {
        await().atMost(RECOVERY_LIMIT).pollInterval(Duration.ofMillis(20)).until(() -> {
            check();
            return groups.stream().allMatch(group -> group.recoveredNanos() != 0);
        });
        if (cycle > 0) {
            long last =
                    groups.stream().mapToLong(GroupReader::recoveredNanos).max().orElseThrow();
            sinceKill.add(last - killedNanos);
            sinceReady.add(last - readyNanos);
        }
    }

    private void check() {
        groups.forEach(GroupReader::check);
        if (watch != null) {
            watch.check();
        }
    }

    /** What the broker keeps is no less than what it acknowledged, nor than what it showed to anybody. */
    private void committedIsNotLost() throws ExecutionException, InterruptedException {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", address))) {
            for (GroupReader group : groups) {
                Map<TopicPartition, Long> promised = new HashMap<>(group.acknowledged());
                if (watch != null) {
                    watch.seen(group.groupId())
                            .forEach((partition, offset) -> promised.merge(partition, offset, Math::max));
                }
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
        await().atMost(RECOVERY_LIMIT).untilAsserted(() -> {
            check();
            for (GroupReader group : groups) {
                for (int partition = 0; partition < PARTITIONS; partition++) {
                    assertThat(group.deliveredBelow(partition))
                            .as(
                                    "%s in partition %d: the first offset that was not delivered",
                                    group.groupId(), partition)
                            .isGreaterThanOrEqualTo(written.get(partition));
                }
            }
        });
        committedIsNotLost();
        check();
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
