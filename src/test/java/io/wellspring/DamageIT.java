package io.wellspring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.wellspring.testing.BrokerProcess;
import io.wellspring.testing.CheckedReader;
import io.wellspring.testing.CheckedValue;
import io.wellspring.testing.MarkedLog;
import io.wellspring.testing.Scrape;
import io.wellspring.testing.WireClient;
import io.wellspring.testing.WriteHistory;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.ApiMessageType;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Damage done to a stopped broker's files. What the disk had not promised is cut, exactly and with a warning; what it had promised is never touched:
 * that partition refuses, is named in health, and the others serve.
 */
final class DamageIT {
    private static final String TOPIC = "damaged";
    private static final int RECORDS = 260;
    private static final int RECORD_SIZE_BYTES = 9_000;
    private static final int FETCH_VERSION = 12;
    private static final int PRODUCE_VERSION = 9;
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    private WriteHistory history = new WriteHistory(0);

    @Test
    void whatATornWriteLeftAboveTheDurableMarkIsCutExactly() throws Exception {
        killedBroker(3);
        SplittableRandom random = new SplittableRandom(7);
        byte[] garbage = new byte[12_345];
        random.nextBytes(garbage);
        List<byte[]> tails = List.of(garbage, new byte[4096], halfOfAnotherBatch(log(2)));
        List<Map<String, String>> before = new ArrayList<>();
        for (int i = 0; i < tails.size(); i++) {
            before.add(logFiles(i));
            Files.write(log(i).lastSegment(), tails.get(i), StandardOpenOption.APPEND);
        }

        try (BrokerProcess broker = start()) {
            for (int i = 0; i < tails.size(); i++) {
                String cut = "A torn tail above the durable mark is cut: partition=" + TOPIC + "-" + i + " bytes="
                        + tails.get(i).length + " ";
                assertThat(broker.output().lines().filter(line -> line.contains(cut)))
                        .hasSize(1)
                        .allMatch(line -> line.contains(" WARN "));
                assertThat(logFiles(i)).isEqualTo(before.get(i));
            }
            assertThat(broker.output().lines().filter(line -> line.contains(" WARN ")))
                    .filteredOn(line -> line.contains("torn tail"))
                    .hasSize(tails.size());
            new CheckedReader(TOPIC, history).readAll(broker.bootstrapServers());
            assertThat(health(broker)).contains("\"offlineCount\":0");

            write(broker, 0, 1);
            write(broker, 1, 1);
            write(broker, 2, 1);
            new CheckedReader(TOPIC, history).readAll(broker.bootstrapServers());
        }
    }

    @Test
    void damageThatIsSeenAfterACleanStopIsRefusedAndLeftAsItIs() throws Exception {
        try (BrokerProcess broker = start()) {
            fill(broker, 3);
            assertThat(broker.stop()).isZero();
        }
        Path shortened = log(0).lastSegment();
        resize(shortened, Files.size(shortened) - 1);
        Path middle = log(1).segments().get(1);
        Files.delete(middle);
        List<Map<String, String>> before = List.of(log(0).contents(), log(1).contents());

        try (BrokerProcess broker = start()) {
            assertIsOffline(broker, 0, "bytes");
            assertIsOffline(broker, 1, "is missing");
            assertServes(broker, 2);
            assertThat(broker.stop()).isZero();
        }
        assertThat(List.of(log(0).contents(), log(1).contents())).isEqualTo(before);

        // It is looked at again, and refused again: a stop in between made nothing clean.
        try (BrokerProcess broker = start()) {
            assertIsOffline(broker, 0, "bytes");
            assertIsOffline(broker, 1, "is missing");
            assertServes(broker, 2);
        }
        assertThat(List.of(log(0).contents(), log(1).contents())).isEqualTo(before);
    }

    @Test
    void damageThatIsSeenAfterACrashIsRefusedAndLeftAsItIs() throws Exception {
        killedBroker(4);
        MarkedLog.Mark mark = log(0).mark().orElseThrow();
        flip(log(0).segment(mark.segment()), mark.endPosition() - 10);
        Path middle = log(1).segments().get(1);
        Files.delete(middle);
        mark = log(2).mark().orElseThrow();
        resize(log(2).segment(mark.segment()), mark.endPosition() - 1);
        List<Map<String, String>> before = List.of(log(0).contents(), log(1).contents(), log(2).contents());

        try (BrokerProcess broker = start()) {
            assertIsOffline(broker, 0, "is damaged");
            assertIsOffline(broker, 1, "is missing");
            assertIsOffline(broker, 2, "bytes");
            assertServes(broker, 3);
            broker.kill();
        }
        assertThat(List.of(log(0).contents(), log(1).contents(), log(2).contents()))
                .isEqualTo(before);
    }

    @Test
    void aByteThatWentBadInAnOldSegmentIsFoundByTheScrubber() throws Exception {
        killedBroker(2);
        Path old = log(0).segments().getFirst();
        flip(old, Files.size(old) / 2);
        Map<String, String> before = logFiles(0);

        try (BrokerProcess broker = start("--wellspring.log.scrub-delay=1s", "--wellspring.log.scrub-rate=512MB")) {
            await().atMost(LIMIT).until(() -> health(broker).contains("\"" + TOPIC + "-0\""));
            assertIsOffline(broker, 0, "segment 0 is damaged at position");
            assertThat(broker.output().lines().filter(line -> line.contains("The scrubber found damage")))
                    .hasSize(1);
            assertServes(broker, 1);
            assertThat(broker.stop()).isZero();
        }
        assertThat(logFiles(0)).isEqualTo(before);
    }

    /** A broker that wrote, had all of it marked as durable, and was killed. */
    private void killedBroker(int partitions) throws Exception {
        try (BrokerProcess broker = start()) {
            fill(broker, partitions);
            await().atMost(LIMIT).until(() -> {
                boolean isMarked = true;
                for (int i = 0; i < partitions; i++) {
                    long marked = log(i).mark().map(MarkedLog.Mark::endOffset).orElse(0L);
                    isMarked &= marked == history.acknowledgedEnd(i);
                }
                return isMarked;
            });
            broker.kill();
        }
    }

    private BrokerProcess start(String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "--wellspring.log.durable-mark-interval=200ms",
                "--wellspring.log.disk-soft-mark=0B",
                "--wellspring.log.disk-hard-mark=0B"));
        arguments.addAll(List.of(more));
        return BrokerProcess.start(BrokerProcess.Start.in(data(), arguments.toArray(String[]::new))
                .jvm("-Xmx192m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
    }

    private Path data() {
        return directory.resolve("data");
    }

    private MarkedLog log(int partition) {
        return new MarkedLog(data(), TOPIC + "-" + partition);
    }

    /** Without what a start may make anew: indexes, snapshots. */
    private Map<String, String> logFiles(int partition) throws IOException {
        Map<String, String> files = new HashMap<>(log(partition).contents());
        files.keySet().removeIf(name -> !name.endsWith(".log"));
        return files;
    }

    private void fill(BrokerProcess broker, int partitions) throws Exception {
        history = new WriteHistory(partitions);
        try (Admin admin =
                Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, broker.bootstrapServers()))) {
            NewTopic topic = new NewTopic(TOPIC, Optional.of(partitions), Optional.empty())
                    .configs(Map.of("segment.bytes", "1048576", "retention.ms", "-1"));
            admin.createTopics(List.of(topic)).all().get(1, TimeUnit.MINUTES);
        }
        for (int i = 0; i < partitions; i++) {
            write(broker, i, RECORDS);
            assertThat(log(i).segments()).hasSizeGreaterThanOrEqualTo(3);
        }
    }

    private void write(BrokerProcess broker, int partition, int count) throws InterruptedException, ExecutionException {
        try (KafkaProducer<byte[], byte[]> producer = producer(broker)) {
            List<Future<RecordMetadata>> answers = new ArrayList<>();
            long first = history.acknowledgedEnd(partition);
            for (int i = 0; i < count; i++) {
                byte[] value = new CheckedValue(0, first + i).encode(RECORD_SIZE_BYTES);
                answers.add(producer.send(new ProducerRecord<>(TOPIC, partition, null, value)));
            }
            for (int i = 0; i < count; i++) {
                history.acknowledged(partition, answers.get(i).get().offset(), new CheckedValue(0, first + i));
            }
        }
    }

    private static KafkaProducer<byte[], byte[]> producer(BrokerProcess broker) {
        return new KafkaProducer<>(
                Map.of(
                        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        broker.bootstrapServers(),
                        ProducerConfig.ACKS_CONFIG,
                        "all",
                        ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
                        false,
                        ProducerConfig.RETRIES_CONFIG,
                        0),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    private void assertServes(BrokerProcess broker, int partition) throws Exception {
        new CheckedReader(TOPIC, history).readAll(broker.bootstrapServers(), List.of(partition));
        write(broker, partition, 1);
        assertThat(fetch(broker, partition)).isEqualTo(Errors.NONE);
    }

    private void assertIsOffline(BrokerProcess broker, int partition, String reason) throws Exception {
        assertThat(fetch(broker, partition)).isEqualTo(Errors.KAFKA_STORAGE_ERROR);
        assertThat(produce(broker, partition)).isEqualTo(Errors.KAFKA_STORAGE_ERROR);
        assertThat(health(broker)).containsPattern("\"" + TOPIC + "-" + partition + "\":\"[^\"]*" + reason);
    }

    private static Errors fetch(BrokerProcess broker, int partition) throws IOException {
        FetchRequestData request = new FetchRequestData()
                .setMaxWaitMs(0)
                .setMinBytes(0)
                .setMaxBytes(1 << 20)
                .setSessionEpoch(-1)
                .setTopics(List.of(new FetchRequestData.FetchTopic()
                        .setTopic(TOPIC)
                        .setPartitions(List.of(new FetchRequestData.FetchPartition()
                                .setPartition(partition)
                                .setFetchOffset(0)
                                .setPartitionMaxBytes(1 << 20)))));
        try (WireClient client = new WireClient(broker.bootstrapServers())) {
            FetchResponseData response =
                    client.call(ApiMessageType.FETCH, FETCH_VERSION, request, new FetchResponseData());
            assertThat(response.errorCode()).isZero();
            return Errors.forCode(
                    response.responses().getFirst().partitions().getFirst().errorCode());
        }
    }

    /** Written to the wire: a client would wait, because metadata names no leader of an offline partition. */
    private static Errors produce(BrokerProcess broker, int partition) throws IOException {
        ProduceRequestData request =
                new ProduceRequestData().setAcks((short) -1).setTimeoutMs(1000);
        ProduceRequestData.TopicProduceData topic = new ProduceRequestData.TopicProduceData().setName(TOPIC);
        topic.partitionData()
                .add(new ProduceRequestData.PartitionProduceData()
                        .setIndex(partition)
                        .setRecords(MemoryRecords.withRecords(Compression.NONE, new SimpleRecord(new byte[10]))));
        request.topicData().add(topic);
        try (WireClient client = new WireClient(broker.bootstrapServers())) {
            ProduceResponseData response =
                    client.call(ApiMessageType.PRODUCE, PRODUCE_VERSION, request, new ProduceResponseData());
            return Errors.forCode(response.responses()
                    .iterator()
                    .next()
                    .partitionResponses()
                    .getFirst()
                    .errorCode());
        }
    }

    private static String health(BrokerProcess broker) throws IOException, InterruptedException {
        return Scrape.get(broker.managementUrl() + "/actuator/health");
    }

    /** The first half of the last batch, as if it were written once more behind the end. */
    private static byte[] halfOfAnotherBatch(MarkedLog log) throws IOException {
        MarkedLog.Mark mark = log.mark().orElseThrow();
        byte[] whole = Files.readAllBytes(log.segment(mark.segment()));
        int size = Math.toIntExact(mark.endPosition() - mark.batchPosition());
        ByteBuffer half = ByteBuffer.allocate(size / 2).put(whole, Math.toIntExact(mark.batchPosition()), size / 2);
        return half.putLong(0, mark.endOffset()).array();
    }

    private static void flip(Path file, long position) throws IOException {
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
            bytes.seek(position);
            int before = bytes.read();
            bytes.seek(position);
            bytes.write(before ^ 1);
        }
    }

    private static void resize(Path file, long size) throws IOException {
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
            bytes.setLength(size);
        }
    }
}
