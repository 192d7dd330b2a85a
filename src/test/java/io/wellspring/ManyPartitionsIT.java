package io.wellspring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.wellspring.testing.BrokerProcess;
import io.wellspring.testing.MarkedLog;
import io.wellspring.testing.NeedsPackage;
import io.wellspring.testing.TracedReads;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a start reads of many partitions ({@code -Dmany.partitions=N}), counted in bytes by strace: nothing of the logs after a clean stop; after a
 * kill what lies above the durable marks, the one batch at each mark that proves the mark true, and, for what producers did, what was written since
 * the newest snapshot. Times are printed, not judged.
 */
@NeedsPackage(value = "strace", provides = "strace")
@Tag("crash")
final class ManyPartitionsIT {
    private static final int PARTITIONS = Integer.getInteger("many.partitions", 2000);
    private static final int OLD_BATCHES = 8;
    private static final int NEW_BATCHES = 2;
    private static final int VALUE_SIZE_BYTES = 2000;
    private static final String TOPIC = "many";
    private static final Duration LIMIT = Duration.ofMinutes(3);

    /** The smallest batch is larger; a batch's header and its one record. */
    private static final int BATCH_OVERHEAD_MOST = 100;

    @TempDir
    Path directory;

    @Test
    void aStartReadsNoLogAfterACleanStopAndOnlyTheNewestAfterAKill() throws Exception {
        try (BrokerProcess broker = BrokerProcess.start(start("200ms"))) {
            long createdMs = create(broker);
            System.out.printf("ManyPartitionsIT: partitions=%d createdMs=%d%n", PARTITIONS, createdMs);
            write(broker, OLD_BATCHES);
            assertThat(broker.stop()).isZero();
        }

        TracedReads afterCleanStop = new TracedReads(Files.createDirectory(directory.resolve("clean")));
        try (BrokerProcess broker = BrokerProcess.start(traced(start("200ms"), afterCleanStop))) {
            System.out.printf(
                    "ManyPartitionsIT: after a clean stop readyMs=%d%n",
                    broker.awaitReady().startMs());
            assertThat(logBytes(afterCleanStop.soFar()))
                    .as("bytes of logs read after a clean stop")
                    .isZero();
            write(broker, NEW_BATCHES);
            await().atMost(LIMIT).until(() -> sizeAboveMarks() == 0);
            broker.kill();
        }

        try (BrokerProcess broker = BrokerProcess.start(start("1h"))) {
            write(broker, 1);
            broker.kill();
        }
        long above = sizeAboveMarks();
        assertThat(above).isGreaterThanOrEqualTo((long) PARTITIONS * VALUE_SIZE_BYTES);
        TracedReads afterKill = new TracedReads(Files.createDirectory(directory.resolve("kill")));
        try (BrokerProcess broker = BrokerProcess.start(traced(start("1h"), afterKill))) {
            long read = logBytes(afterKill.soFar());
            System.out.printf(
                    "ManyPartitionsIT: after a kill readyMs=%d bytesAboveMarks=%d bytesRead=%d%n",
                    broker.awaitReady().startMs(), above, read);
            assertThat(read).isBetween(above, above + (long) PARTITIONS * (VALUE_SIZE_BYTES + BATCH_OVERHEAD_MOST));
        }
    }

    private long create(BrokerProcess broker) throws Exception {
        try (Admin admin = Admin.create(Map.of(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
                broker.bootstrapServers(),
                AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG,
                (int) LIMIT.toMillis(),
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                (int) LIMIT.toMillis()))) {
            long startNanos = System.nanoTime();
            admin.createTopics(List.of(new NewTopic(TOPIC, Optional.of(PARTITIONS), Optional.empty())))
                    .all()
                    .get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
            return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNanos);
        }
    }

    /** So many batches of one record to each partition. */
    private static void write(BrokerProcess broker, int batches) throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of(
                        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        broker.bootstrapServers(),
                        ProducerConfig.ACKS_CONFIG,
                        "all",
                        ProducerConfig.BATCH_SIZE_CONFIG,
                        1,
                        ProducerConfig.LINGER_MS_CONFIG,
                        0),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            List<Future<RecordMetadata>> answers = new ArrayList<>();
            for (int i = 0; i < batches * PARTITIONS; i++) {
                answers.add(
                        producer.send(new ProducerRecord<>(TOPIC, i % PARTITIONS, null, new byte[VALUE_SIZE_BYTES])));
            }
            for (Future<RecordMetadata> answer : answers) {
                answer.get();
            }
        }
    }

    private long sizeAboveMarks() throws IOException {
        Map<String, MarkedLog.Mark> marks = MarkedLog.marks(directory.resolve("data"));
        long above = 0;
        for (int i = 0; i < PARTITIONS; i++) {
            MarkedLog log = new MarkedLog(directory.resolve("data"), TOPIC + "-" + i);
            MarkedLog.Mark mark = marks.get(log.name());
            long marked = mark == null ? 0 : mark.endPosition();
            above += Files.size(log.segment(0)) - marked;
        }
        return above;
    }

    /** Without the catalog of topics: that is read whole at each start, for it is what the catalog is made from. */
    private static long logBytes(Map<Path, Long> read) {
        return read.entrySet().stream()
                .filter(one -> one.getKey().toString().contains("/" + TOPIC + "-"))
                .filter(one -> one.getKey().toString().endsWith(".log"))
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    private BrokerProcess.Start start(String durableMarkInterval) {
        return BrokerProcess.Start.in(
                        directory.resolve("data"),
                        "--wellspring.log.durable-mark-interval=" + durableMarkInterval,
                        "--wellspring.log.scrub-rate=0B",
                        "--wellspring.log.disk-soft-mark=0B",
                        "--wellspring.log.disk-hard-mark=0B")
                .jvm("-Xmx384m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");
    }

    private static BrokerProcess.Start traced(BrokerProcess.Start start, TracedReads into) {
        return start.wrappedIn(into.command().toArray(String[]::new));
    }
}
