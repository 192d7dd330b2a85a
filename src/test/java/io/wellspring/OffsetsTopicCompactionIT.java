package io.wellspring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.wellspring.testing.BrokerProcess;
import io.wellspring.testing.JavaClients;
import io.wellspring.testing.LogDump;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Thousands of commits become a few when the topic of groups is compacted: Kafka's dump tool reads what is left, and so do we. */
final class OffsetsTopicCompactionIT {
    private static final Duration LIMIT = Duration.ofMinutes(1);
    private static final String GROUP = "busy";
    private static final String DELETED = "deleted";
    private static final int PARTITIONS = 4;

    /** About three segments of the smallest size with the text that each commit has. */
    private static final int COMMITS = 260;

    /** Two commits of the group in each segment that is compacted are more than what is left of it. */
    private static final long LEFT_BYTES_MOST = 100_000;

    private static final String TEXT = "t".repeat(4000);
    private static final Pattern RECORD = Pattern.compile(
            "^\\| offset: (\\d+) .* key: \\{\"type\":\"1\",\"data\":\\{\"group\":\"(\\w+)\",\"topic\":\"orders\",\"partition\":(\\d)\\}\\} payload: (.*)$");

    /** Of compacted segments of Kafka's own it says the same. */
    private static final Pattern GAP = Pattern.compile("Non-consecutive offsets in .*| +-?\\d+ is followed by \\d+");

    private static final Pattern OFFSET = Pattern.compile("\"offset\":(\\d+),");

    @TempDir
    Path directory;

    @Test
    void dumpToolReadsWhatIsLeftAndTheGroupKeepsItsOffsets() throws Exception {
        try (BrokerProcess broker = start()) {
            try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
                JavaClients.createTopics(
                        broker.bootstrapServers(), List.of(new NewTopic("orders", PARTITIONS, (short) 1)));
                commit(admin, DELETED, 7);
                admin.deleteConsumerGroups(List.of(DELETED)).all().get();
                compactSoon(admin);
                List<KafkaFuture<Void>> commits = new ArrayList<>();
                for (int i = 1; i <= COMMITS; i++) {
                    commits.add(alter(admin, GROUP, i));
                }
                for (KafkaFuture<Void> commit : commits) {
                    commit.get();
                }
                commit(admin, GROUP, COMMITS + 1);
                // All that can be: the last segment is written to.
                await().atMost(LIMIT)
                        .until(() -> broker.output().contains("A log was compacted")
                                && sizeOf(logs().subList(0, logs().size() - 1)) < LEFT_BYTES_MOST);
                assertThat(committed(admin)).isEqualTo(offsets(COMMITS + 1));
            }
            assertThat(broker.stop()).isZero();
        }
        List<Commit> left = records(logs());
        assertThat(left).hasSizeLessThan(COMMITS * PARTITIONS / 2);
        Map<String, Commit> last = new HashMap<>();
        left.forEach(record -> last.put(record.group() + record.partition(), record));
        for (int partition = 0; partition < PARTITIONS; partition++) {
            assertThat(last.get(GROUP + partition))
                    .extracting(Commit::committed)
                    .isEqualTo((long) COMMITS + 1);
            Commit tombstone = last.get(DELETED + partition);
            assertThat(tombstone == null || tombstone.committed() < 0).isTrue();
        }
        try (BrokerProcess broker = start();
                Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            assertThat(committed(admin)).isEqualTo(offsets(COMMITS + 1));
            assertThat(admin.listGroups().all().get()).hasSize(1);
        }
    }

    private BrokerProcess start() {
        return BrokerProcess.start(
                directory.resolve("data"),
                "--wellspring.groups.offsets-topic-partitions=1",
                "--wellspring.log.cleaner.backoff=50ms");
    }

    private static void compactSoon(Admin admin) throws ExecutionException, InterruptedException {
        ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, "__consumer_offsets");
        List<AlterConfigOp> changes = new ArrayList<>();
        Map.of("segment.bytes", "1048576", "min.cleanable.dirty.ratio", "0.01")
                .forEach((name, value) ->
                        changes.add(new AlterConfigOp(new ConfigEntry(name, value), AlterConfigOp.OpType.SET)));
        admin.incrementalAlterConfigs(Map.of(topic, changes)).all().get();
    }

    private static void commit(Admin admin, String group, long offset) throws ExecutionException, InterruptedException {
        alter(admin, group, offset).get();
    }

    private static KafkaFuture<Void> alter(Admin admin, String group, long offset) {
        return admin.alterConsumerGroupOffsets(group, offsets(offset)).all();
    }

    private static Map<TopicPartition, OffsetAndMetadata> offsets(long offset) {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        for (int partition = 0; partition < PARTITIONS; partition++) {
            offsets.put(new TopicPartition("orders", partition), new OffsetAndMetadata(offset, TEXT));
        }
        return offsets;
    }

    private static Map<TopicPartition, OffsetAndMetadata> committed(Admin admin)
            throws ExecutionException, InterruptedException {
        return admin.listConsumerGroupOffsets(GROUP)
                .partitionsToOffsetAndMetadata()
                .get();
    }

    private List<Path> logs() throws IOException {
        return LogDump.files(directory.resolve("data/__consumer_offsets-0"), ".log");
    }

    private static long sizeOf(List<Path> files) {
        return files.stream().mapToLong(file -> file.toFile().length()).sum();
    }

    /** @param committed -1: a tombstone */
    private record Commit(long offset, String group, int partition, long committed) {}

    /** What Kafka's dump tool makes of the commits in these segments; against them it says that there are gaps. */
    private static List<Commit> records(List<Path> logs) throws IOException {
        LogDump dump = LogDump.of(logs, "--offsets-decoder");
        assertThat(dump.complaints())
                .allMatch(complaint -> GAP.matcher(complaint).matches());
        List<Commit> records = new ArrayList<>();
        for (String line : dump.output()) {
            Matcher record = RECORD.matcher(line);
            if (record.matches()) {
                Matcher offset = OFFSET.matcher(record.group(4));
                records.add(new Commit(
                        Long.parseLong(record.group(1)),
                        record.group(2),
                        Integer.parseInt(record.group(3)),
                        offset.find() ? Long.parseLong(offset.group(1)) : -1L));
            }
        }
        return records;
    }
}
