package io.wellspring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.wellspring.testing.BrokerProcess;
import io.wellspring.testing.JavaClients;
import io.wellspring.testing.ManyMembers;
import io.wellspring.testing.MemoryUse;
import io.wellspring.testing.Scrape;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A thousand groups with five thousand members in all ({@code -Dmany.groups=N}, {@code -Dmany.groups.members=N} of each), a connection for every member, at
 * the clients' default intervals: every group's partitions are held exactly once, nobody is thrown out, the heap stays in its bounds. Times and what it
 * costs are printed, not judged ({@code -Dmany.groups.seconds=N} is how long each phase is measured,
 * {@code -Dmany.groups.arguments=...} goes to the broker).
 */
@Tag("crash")
final class ManyGroupsIT {
    private static final int GROUPS = Integer.getInteger("many.groups", 1000);
    private static final int MEMBERS = Integer.getInteger("many.groups.members", 5);
    private static final int PHASE_SECONDS = Integer.getInteger("many.groups.seconds", 30);
    private static final int TOPICS = 10;
    private static final int PARTITIONS = 10;
    private static final Duration LIMIT = Duration.ofMinutes(5);
    private static final String HEAP = System.getProperty("many.groups.heap", "512m");

    /** Of the broker, to compare: such as --wellspring.groups.threads=16. */
    private static final List<String> ARGUMENTS = Stream.of(
                    System.getProperty("many.groups.arguments", "").split(" ", -1))
            .filter(argument -> !argument.isEmpty())
            .toList();

    @TempDir
    Path directory;

    @Test
    void classicGroupsJoinHeartbeatAndCommit() throws Exception {
        run("classic");
    }

    @Test
    void consumerGroupsJoinHeartbeatAndCommit() throws Exception {
        run("consumer");
    }

    private void run(String protocol) throws Exception {
        try (BrokerProcess broker = BrokerProcess.start(start());
                ManyMembers members = new ManyMembers(broker.bootstrapServers(), protocol)) {
            connect(broker, members);
            print(protocol, "connections=%d memory before the join: %s".formatted(GROUPS * MEMBERS, memory(broker)));
            join(protocol, broker, members);
            print(protocol, "memory after the join: %s".formatted(memory(broker)));
            measure(protocol, "heartbeats", broker, members);
            members.commit(true);
            measure(protocol, "heartbeats and commits", broker, members);
            lagsAreShown(protocol, broker);
            members.check();
            assertThat(members.unsettled()).isEmpty();
            print(protocol, "questions that had to be asked again=%d".formatted(members.retries()));
            print(protocol, "memory in the end: %s".formatted(memory(broker)));
            long begin = System.nanoTime();
            assertThat(broker.stop()).isZero();
            print(protocol, "stopMs=%d".formatted(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin)));
            assertThat(broker.output()).doesNotContain(" ERROR ").doesNotContain("OutOfMemoryError");
        }
    }

    private void connect(BrokerProcess broker, ManyMembers members) throws Exception {
        List<NewTopic> topics = IntStream.range(0, TOPICS)
                .mapToObj(i -> new NewTopic("work-" + i, PARTITIONS, (short) 1))
                .toList();
        JavaClients.createTopics(broker.bootstrapServers(), topics);
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            // Makes the topic of groups, which is not what is measured.
            admin.listConsumerGroupOffsets("none").all().get();
            Map<String, TopicDescription> described = admin.describeTopics(
                            topics.stream().map(NewTopic::name).toList())
                    .allTopicNames()
                    .get();
            for (int i = 0; i < GROUPS; i++) {
                TopicDescription topic = Objects.requireNonNull(described.get("work-" + i % TOPICS));
                members.connect("group-" + i, MEMBERS, topic.name(), topic.topicId(), PARTITIONS);
            }
        }
    }

    private static void join(String protocol, BrokerProcess broker, ManyMembers members) {
        Duration cpuBefore = cpu(broker);
        long begin = System.nanoTime();
        members.join();
        await().atMost(LIMIT).pollInterval(Duration.ofMillis(100)).until(() -> {
            members.check();
            return members.unsettled().isEmpty();
        });
        long tookMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
        print(
                protocol,
                "groups=%d members=%d joinMs=%d joinCpuMs=%d"
                        .formatted(
                                GROUPS,
                                GROUPS * MEMBERS,
                                tookMs,
                                cpu(broker).minus(cpuBefore).toMillis()));
    }

    private static void measure(String protocol, String phase, BrokerProcess broker, ManyMembers members)
            throws IOException, InterruptedException {
        members.heartbeats().reset();
        members.commits().reset();
        long partitionsBefore = members.committedPartitions();
        Scrape before = Scrape.of(broker.managementUrl());
        Duration cpuBefore = cpu(broker);
        long begin = System.nanoTime();
        await().atMost(LIMIT).pollDelay(Duration.ofSeconds(PHASE_SECONDS)).until(() -> true);
        double seconds = (System.nanoTime() - begin) / 1e9;
        double cpu = cpu(broker).minus(cpuBefore).toMillis() / 1000.0;
        Scrape after = Scrape.of(broker.managementUrl());
        members.check();
        assertThat(members.heartbeats().count()).isPositive();
        print(
                protocol,
                ("%s: cpu=%.3f cores, heartbeats=%.0f/s median=%.1f ms p99=%.1f ms max=%.1f ms, commits=%.0f/s of %.0f partitions/s"
                                + " median=%.1f ms p99=%.1f ms, writes=%.0f/s fsyncs=%.0f/s, collections=%.0f")
                        .formatted(
                                phase,
                                cpu / seconds,
                                members.heartbeats().count() / seconds,
                                members.heartbeats().millis(0.5),
                                members.heartbeats().millis(0.99),
                                members.heartbeats().millis(1),
                                members.commits().count() / seconds,
                                (members.committedPartitions() - partitionsBefore) / seconds,
                                members.commits().millis(0.5),
                                members.commits().millis(0.99),
                                grown("wellspring_groups_write_seconds_count", before, after) / seconds,
                                grown("wellspring_log_fsync_seconds_count", before, after) / seconds,
                                grown("jvm_gc_pause_seconds_count", before, after)));
    }

    private static double grown(String meter, Scrape before, Scrape after) {
        return after.sum(meter) - before.sum(meter);
    }

    /** The lag of every group reaches the meters and the endpoint. */
    private static void lagsAreShown(String protocol, BrokerProcess broker) throws IOException, InterruptedException {
        int shown = Math.min(GROUPS, 1000);
        await().atMost(LIMIT)
                .pollInterval(Duration.ofSeconds(1))
                .untilAsserted(() -> assertThat(Scrape.of(broker.managementUrl())
                                .text()
                                .lines()
                                .filter(line -> line.startsWith("wellspring_group_lag{"))
                                .count())
                        .isGreaterThanOrEqualTo(shown));
        long begin = System.nanoTime();
        String groups = Scrape.get(broker.managementUrl() + "/actuator/groups");
        print(
                protocol,
                "lag of all groups in %d ms".formatted(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin)));
        assertThat(groups.split("\"group\":\"group-", -1)).hasSize(shown + 1);
    }

    private static Duration cpu(BrokerProcess broker) {
        return ProcessHandle.of(broker.pid())
                .orElseThrow()
                .info()
                .totalCpuDuration()
                .orElseThrow();
    }

    private static String memory(BrokerProcess broker) throws IOException, InterruptedException {
        MemoryUse use = MemoryUse.afterCollection(broker);
        return String.format(
                Locale.ROOT,
                "heap=%.1f MiB direct=%.1f MiB resident=%.1f MiB of -Xmx%s",
                mebibytes(use.heapBytes()),
                mebibytes(use.directBytes()),
                mebibytes(use.anonymousBytes()),
                HEAP);
    }

    private static double mebibytes(long bytes) {
        return bytes / 1024.0 / 1024.0;
    }

    private static void print(String protocol, String line) {
        System.out.println("ManyGroupsIT: " + protocol + ": " + line);
    }

    private BrokerProcess.Start start() {
        List<String> arguments = new ArrayList<>(ARGUMENTS);
        arguments.add("--wellspring.network.max-connections-per-address=" + (GROUPS * MEMBERS + 100));
        return BrokerProcess.Start.in(directory.resolve("data"), arguments.toArray(String[]::new))
                .jvm("-Xmx" + HEAP);
    }
}
