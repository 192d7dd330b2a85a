package io.wellspring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.wellspring.testing.BrokerProcess;
import io.wellspring.testing.JavaClients;
import io.wellspring.testing.LogDump;
import io.wellspring.testing.RealKafka;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kafka's own dump tool reads our segments, indexes, snapshots and epochs and has nothing to say against them. */
final class DumpLogIT {
    private static final List<String> CODECS = List.of("none", "gzip", "snappy", "lz4", "zstd");

    /** A topic that keeps its newest segments only. */
    private static final String SHORT_LIVED = "short-lived";

    private static final List<String> TOPICS = List.of("none", "gzip", "snappy", "lz4", "zstd", SHORT_LIVED);

    /** The smallest that a topic may have. */
    private static final String SEGMENT_BYTES = "1048576";

    private static final int RECORDS = 1_500;
    private static final int FIRST_KEPT = RECORDS + 1;
    private static final int NOISE_BYTES = 1_000;
    private static final Duration LIMIT = Duration.ofMinutes(1);
    private static final Pattern RECORD = Pattern.compile("^\\| offset: (\\d+) .*");
    private static final Pattern BATCH =
            Pattern.compile("^baseOffset: \\d+ lastOffset: (\\d+) .* partitionLeaderEpoch: (\\d+) .*");
    private static final Pattern EPOCH = Pattern.compile("epoch=(\\d+), startOffset=\\d+");
    private static final Pattern DUMPED = Pattern.compile("^Dumping (.+)$");

    @TempDir
    Path directory;

    private Path data;

    @BeforeEach
    void choosePlace() {
        data = directory.resolve("data");
    }

    @Test
    void filesOfACleanStopAreSound() throws Exception {
        try (BrokerProcess broker = BrokerProcess.start(data)) {
            createTopics(broker.bootstrapServers());
            writeAll(broker.bootstrapServers());
            // The files of a broker that runs.
            checkRecords(0, RECORDS);
            assertThat(broker.stop()).isZero();
        }
        checkRecords(0, RECORDS);
        checkIndexes();
    }

    @Test
    void filesAreSoundAfterAKillAndWithTheirBeginningsDeleted() throws Exception {
        try (BrokerProcess broker = BrokerProcess.start(data)) {
            createTopics(broker.bootstrapServers());
            writeAll(broker.bootstrapServers());
            broker.kill();
        }
        checkRecords(0, RECORDS);

        try (BrokerProcess broker = BrokerProcess.start(data, "--wellspring.log.retention-check-interval=200ms")) {
            writeAll(broker.bootstrapServers());
            deleteBeginnings(broker.bootstrapServers());
            await().atMost(LIMIT)
                    .untilAsserted(() -> assertThat(TOPICS)
                            .allSatisfy(topic -> assertThat(
                                            LogDump.baseOffset(logs(topic).getFirst()))
                                    .isPositive()));
            broker.kill();
        }
        try (BrokerProcess broker = BrokerProcess.start(data)) {
            assertThat(broker.stop()).isZero();
        }
        checkRecords(FIRST_KEPT, 2 * RECORDS);
        checkIndexes();
    }

    @Test
    void segmentsOfKafkaItselfGetTheSameWord() throws Exception {
        try (RealKafka kafka = RealKafka.start(data)) {
            createTopics(kafka.bootstrap());
            write(kafka.bootstrap(), "none");
            kafka.terminate();
        }
        List<Path> logs = logs("none");
        assertThat(logs).hasSizeGreaterThan(1);
        List<String> complaints = LogDump.of(logs, "--deep-iteration").complaints();
        assertThat(complaints).isNotEmpty().containsExactlyInAnyOrderElementsOf(LogDump.saidOfEverySegment(logs));
    }

    @Test
    void damageDoesNotGoUnnoticed() throws Exception {
        try (BrokerProcess broker = BrokerProcess.start(data)) {
            createTopics(broker.bootstrapServers());
            write(broker.bootstrapServers(), "none");
            assertThat(broker.stop()).isZero();
        }
        Path log = logs("none").getFirst();
        Path index = LogDump.files(data.resolve("none-0"), ".index").getFirst();
        Path times = LogDump.files(data.resolve("none-0"), ".timeindex").getFirst();
        flipBitAt(log, 500);
        flipBitAt(index, 3);
        flipBitAt(times, 7);

        assertThat(LogDump.of(List.of(log), "--deep-iteration").complaints()).isNotEmpty();
        assertThat(LogDump.of(List.of(index, times), "--verify-index-only").complaints())
                .anyMatch(line -> line.contains(index.toString()))
                .anyMatch(line -> line.contains(times.toString()));
    }

    private static void flipBitAt(Path file, long position) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer one = ByteBuffer.allocate(1);
            channel.read(one, position);
            channel.write(ByteBuffer.wrap(new byte[] {(byte) (one.get(0) ^ 1)}), position);
        }
    }

    private static void createTopics(String bootstrap) {
        List<NewTopic> topics = new ArrayList<>();
        for (String topic : TOPICS) {
            Map<String, String> settings = new HashMap<>(Map.of("segment.bytes", SEGMENT_BYTES));
            if (topic.equals(SHORT_LIVED)) {
                settings.put("retention.bytes", SEGMENT_BYTES);
            }
            topics.add(new NewTopic(topic, 1, (short) 1).configs(settings));
        }
        JavaClients.createTopics(bootstrap, topics);
    }

    private static void writeAll(String bootstrap) {
        for (String topic : TOPICS) {
            write(bootstrap, topic);
        }
    }

    /** Some of it compresses, some does not. */
    private static void write(String bootstrap, String topic) {
        Random random = new Random(topic.hashCode());
        String codec = CODECS.contains(topic) ? topic : "none";
        try (KafkaProducer<byte[], byte[]> producer =
                JavaClients.producer(bootstrap, Map.of("compression.type", codec, "linger.ms", "2"))) {
            for (int i = 0; i < RECORDS; i++) {
                byte[] value = new byte[2 * NOISE_BYTES];
                random.nextBytes(value);
                ByteBuffer.wrap(value).put(new byte[NOISE_BYTES]);
                var _ = producer.send(new ProducerRecord<>(topic, new byte[] {(byte) i}, value));
            }
        }
    }

    private static void deleteBeginnings(String bootstrap) throws Exception {
        Map<TopicPartition, RecordsToDelete> wanted = new HashMap<>();
        for (String codec : CODECS) {
            wanted.put(new TopicPartition(codec, 0), RecordsToDelete.beforeOffset(FIRST_KEPT));
        }
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
            admin.deleteRecords(wanted).all().get(LIMIT.toSeconds(), TimeUnit.SECONDS);
        }
    }

    /** Every record from the first segment on is there, in order, up to this end; epochs are those of the batches from this start on. */
    private void checkRecords(long start, long end) throws Exception {
        List<Path> logs = new ArrayList<>();
        for (String topic : TOPICS) {
            assertThat(logs(topic)).as("segments of %s", topic).hasSizeGreaterThan(1);
            logs.addAll(logs(topic));
        }
        LogDump dump = LogDump.of(logs, "--deep-iteration");
        assertThat(dump.complaints()).containsExactlyInAnyOrderElementsOf(LogDump.saidOfEverySegment(logs));

        Map<String, Long> next = new HashMap<>();
        Map<String, Set<String>> epochs = new HashMap<>();
        String topic = "";
        for (String line : dump.output()) {
            Matcher file = DUMPED.matcher(line);
            Matcher record = RECORD.matcher(line);
            Matcher batch = BATCH.matcher(line);
            if (file.matches()) {
                Path log = Path.of(file.group(1));
                topic = data.relativize(log).getName(0).toString().replaceFirst("-0$", "");
                assertThat(LogDump.baseOffset(log))
                        .isEqualTo(next.computeIfAbsent(topic, _ -> LogDump.baseOffset(log)));
            } else if (record.matches()) {
                assertThat(Long.parseLong(record.group(1))).isEqualTo(next.merge(topic, 1L, Long::sum) - 1);
            } else if (batch.matches() && Long.parseLong(batch.group(1)) >= start) {
                epochs.computeIfAbsent(topic, _ -> new TreeSet<>()).add(batch.group(2));
            }
        }
        for (String one : TOPICS) {
            assertThat(next).containsEntry(one, end);
            assertThat(epochsOf(one)).containsAll(epochs.getOrDefault(one, Set.of()));
        }
    }

    private Set<String> epochsOf(String topic) throws Exception {
        Set<String> epochs = new TreeSet<>();
        for (String entry : LogDump.leaderEpochs(data.resolve(topic + "-0"))) {
            Matcher epoch = EPOCH.matcher(entry);
            assertThat(epoch.find()).as(entry).isTrue();
            epochs.add(epoch.group(1));
        }
        return epochs;
    }

    /** Indexes of a log that was closed, and the snapshots of its producers. */
    private void checkIndexes() throws IOException {
        List<Path> indexes = new ArrayList<>();
        List<Path> snapshots = new ArrayList<>();
        for (String topic : TOPICS) {
            Path partition = data.resolve(topic + "-0");
            indexes.addAll(LogDump.files(partition, ".index"));
            indexes.addAll(LogDump.files(partition, ".timeindex"));
            List<Path> ofTopic = LogDump.files(partition, ".snapshot");
            assertThat(ofTopic).as("snapshots of %s", topic).isNotEmpty();
            snapshots.addAll(ofTopic);
        }
        assertThat(LogDump.of(indexes, "--verify-index-only").complaints()).isEmpty();

        LogDump checked = LogDump.of(indexes, "--index-sanity-check");
        assertThat(checked.complaints()).isEmpty();
        for (Path index : indexes) {
            assertThat(checked.output()).containsAnyOf(index + " passed sanity check.", index + " is empty.");
        }

        LogDump producers = LogDump.of(snapshots);
        assertThat(producers.complaints()).isEmpty();
        assertThat(producers.output().stream().filter(line -> line.startsWith("producerId: ")))
                .hasSizeGreaterThanOrEqualTo(TOPICS.size());
    }

    private List<Path> logs(String topic) throws IOException {
        return LogDump.files(data.resolve(topic + "-0"), ".log");
    }
}
