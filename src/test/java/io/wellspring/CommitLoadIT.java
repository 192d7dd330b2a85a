package io.wellspring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.wellspring.testing.BrokerProcess;
import io.wellspring.testing.JavaClients;
import io.wellspring.testing.MemoryUse;
import io.wellspring.testing.Scrape;
import io.wellspring.testing.WireClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.message.ApiMessageType;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopics;
import org.apache.kafka.common.message.OffsetFetchResponseData;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseGroup;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A start with a million commits ({@code -Dcommit.load.commits=N}) in {@code __consumer_offsets}, none compacted away, after a clean stop and after a kill:
 * every group's offsets are those of its last commit. How long it takes until every partition of the topic answers, and the heap it takes, are
 * printed, not judged.
 */
@Tag("crash")
final class CommitLoadIT {
    private static final int COMMITS = Integer.getInteger("commit.load.commits", 1_000_000);
    private static final String HEAP = System.getProperty("commit.load.heap", "256m");
    private static final int GROUPS = 500;
    private static final int PARTITIONS = 100;
    private static final int ROUNDS = Math.max(1, COMMITS / (GROUPS * PARTITIONS));
    private static final int OFFSETS_PARTITIONS = 50;
    private static final int CONNECTIONS = 20;
    private static final int OFFSET_COMMIT = 9;
    private static final int OFFSET_FETCH = 9;
    private static final String TOPIC = "work";
    private static final Duration LIMIT = Duration.ofMinutes(5);

    /** Of the JVM's log of collections: in use before, and after. */
    private static final Pattern COLLECTION = Pattern.compile("(\\d+)M->(\\d+)M\\(\\d+M\\)");

    @TempDir
    Path directory;

    @Test
    void everyLastCommitIsThereAfterACleanStopAndAfterAKill() throws Exception {
        try (BrokerProcess broker = BrokerProcess.start(start("write"))) {
            print("empty: readyMs=%d".formatted(broker.awaitReady().startMs()));
            write(broker);
            assertThat(broker.stop()).isZero();
        }
        print("bytes of __consumer_offsets=%d".formatted(sizeBytes()));
        try (BrokerProcess broker = BrokerProcess.launch(start("clean"))) {
            load("after a clean stop", "clean", broker);
            broker.kill();
        }
        try (BrokerProcess broker = BrokerProcess.launch(start("kill"))) {
            load("after a kill", "kill", broker);
        }
    }

    private static void write(BrokerProcess broker) throws Exception {
        JavaClients.createTopics(broker.bootstrapServers(), List.of(new NewTopic(TOPIC, PARTITIONS, (short) 1)));
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            // Makes the topic of groups.
            admin.listConsumerGroupOffsets("none").all().get();
        }
        long begin = System.nanoTime();
        try (ExecutorService threads = Executors.newFixedThreadPool(CONNECTIONS)) {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < CONNECTIONS; i++) {
                int first = i;
                all.add(threads.submit(() -> {
                    commitFrom(broker.bootstrapServers(), first);
                    return null;
                }));
            }
            for (Future<?> each : all) {
                each.get();
            }
        }
        print("commits=%d groups=%d writtenMs=%d"
                .formatted(
                        ROUNDS * GROUPS * PARTITIONS,
                        GROUPS,
                        TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin)));
    }

    /** All rounds of every so-many-th group. */
    private static void commitFrom(String address, int first) throws IOException {
        try (WireClient client = new WireClient(address)) {
            for (int round = 0; round < ROUNDS; round++) {
                for (int group = first; group < GROUPS; group += CONNECTIONS) {
                    commit(client, group, round);
                }
            }
        }
    }

    private static void commit(WireClient client, int group, int round) throws IOException {
        OffsetCommitRequestTopic topic = new OffsetCommitRequestTopic()
                .setName(TOPIC)
                .setPartitions(IntStream.range(0, PARTITIONS)
                        .mapToObj(partition -> new OffsetCommitRequestPartition()
                                .setPartitionIndex(partition)
                                .setCommittedOffset(offset(group, partition, round))
                                .setCommittedMetadata(""))
                        .toList());
        OffsetCommitResponseData answer = client.call(
                ApiMessageType.OFFSET_COMMIT,
                OFFSET_COMMIT,
                new OffsetCommitRequestData().setGroupId(name(group)).setTopics(List.of(topic)),
                new OffsetCommitResponseData());
        assertThat(answer.topics().getFirst().partitions())
                .hasSize(PARTITIONS)
                .allMatch(partition -> partition.errorCode() == Errors.NONE.code());
    }

    private static String name(int group) {
        return "reader-of-work-" + group;
    }

    private static long offset(int group, int partition, int round) {
        return 1_000_000L * round + 1000L * partition + group;
    }

    private void load(String when, String log, BrokerProcess broker) throws Exception {
        long begin = System.nanoTime();
        String address = broker.bootstrapServers();
        long readyMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
        try (WireClient client = new WireClient(address)) {
            Collection<Integer> one = onePerPartition();
            await().atMost(LIMIT)
                    .pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(5))
                    .until(() -> areLoaded(client, one));
            long loadedMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
            Scrape meters = Scrape.of(broker.managementUrl());
            print(
                    "%s: readyMs=%d (by its own clock %d) allLoadedMs=%d meanOfOnePartitionMs=%.1f peakHeap=%d MiB of -Xmx%s"
                            .formatted(
                                    when,
                                    readyMs,
                                    broker.awaitReady().startMs(),
                                    loadedMs,
                                    1000
                                            * meters.sum("wellspring_groups_load_seconds_sum")
                                            / meters.sum("wellspring_groups_load_seconds_count"),
                                    peakHeapMebibytes(log),
                                    HEAP));
            everyOffsetIsTheLastCommitted(client);
        }
        print("%s: heap=%d MiB"
                .formatted(when, MemoryUse.afterCollection(broker).heapBytes() / 1024 / 1024));
        assertThat(broker.output()).doesNotContain(" ERROR ").doesNotContain("OutOfMemoryError");
    }

    /** A group in each partition of the topic, by Kafka's rule. */
    private static Collection<Integer> onePerPartition() {
        Map<Integer, Integer> groups = new HashMap<>();
        for (int group = 0; group < GROUPS; group++) {
            groups.put(Utils.abs(name(group).hashCode()) % OFFSETS_PARTITIONS, group);
        }
        assertThat(groups).hasSize(OFFSETS_PARTITIONS);
        return groups.values();
    }

    private static boolean areLoaded(WireClient client, Collection<Integer> groups) throws IOException {
        List<OffsetFetchRequestTopics> onePartition =
                List.of(new OffsetFetchRequestTopics().setName(TOPIC).setPartitionIndexes(List.of(0)));
        boolean areLoaded = true;
        for (OffsetFetchResponseGroup group : fetch(client, groups, onePartition)) {
            switch (Errors.forCode(group.errorCode())) {
                case NONE -> {
                    // This partition of the topic is loaded.
                }
                case COORDINATOR_LOAD_IN_PROGRESS, COORDINATOR_NOT_AVAILABLE, NOT_COORDINATOR -> areLoaded = false;
                default -> throw new AssertionError(group);
            }
        }
        return areLoaded;
    }

    private static List<OffsetFetchResponseGroup> fetch(
            WireClient client, Collection<Integer> groups, @Nullable List<OffsetFetchRequestTopics> topics)
            throws IOException {
        OffsetFetchRequestData request = new OffsetFetchRequestData()
                .setGroups(groups.stream()
                        .map(group -> new OffsetFetchRequestGroup()
                                .setGroupId(name(group))
                                .setTopics(topics))
                        .toList());
        return client.call(ApiMessageType.OFFSET_FETCH, OFFSET_FETCH, request, new OffsetFetchResponseData())
                .groups();
    }

    private static void everyOffsetIsTheLastCommitted(WireClient client) throws IOException {
        for (int group = 0; group < GROUPS; group++) {
            OffsetFetchResponseGroup answer =
                    fetch(client, List.of(group), null).getFirst();
            assertThat(answer.errorCode()).isZero();
            Map<Integer, Long> offsets = new HashMap<>();
            answer.topics()
                    .forEach(topic -> topic.partitions()
                            .forEach(
                                    partition -> offsets.put(partition.partitionIndex(), partition.committedOffset())));
            assertThat(offsets).as(name(group)).hasSize(PARTITIONS);
            for (Map.Entry<Integer, Long> each : offsets.entrySet()) {
                assertThat(each.getValue())
                        .as("%s in partition %d", name(group), each.getKey())
                        .isEqualTo(offset(group, each.getKey(), ROUNDS - 1));
            }
        }
    }

    private long sizeBytes() throws IOException {
        try (Stream<Path> files = Files.walk(directory.resolve("data"))) {
            return files.filter(file -> file.toString().contains("__consumer_offsets-"))
                    .filter(file -> file.toString().endsWith(".log"))
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        }
    }

    private long peakHeapMebibytes(String log) throws IOException {
        return COLLECTION
                .matcher(Files.readString(directory.resolve(log + ".gc")))
                .results()
                .map((MatchResult collection) -> collection.group(1))
                .mapToLong(Long::parseLong)
                .max()
                .orElse(0L);
    }

    private static void print(String line) {
        System.out.println("CommitLoadIT: " + line);
    }

    private BrokerProcess.Start start(String log) {
        return BrokerProcess.Start.in(directory.resolve("data"))
                .jvm("-Xmx" + HEAP, "-Xlog:gc:file=" + directory.resolve(log + ".gc"));
    }
}
