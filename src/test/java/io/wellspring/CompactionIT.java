package io.wellspring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.wellspring.testing.BrokerProcess;
import io.wellspring.testing.ExternalProgram;
import io.wellspring.testing.JavaClients;
import io.wellspring.testing.KafkaTools;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.InvalidRecordException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;

/**
 * A broker that compacts all the time, killed with kill -9 again and again after all was acknowledged. In the end the last value of each key is there, nothing twice,
 * and Kafka's dump tool accepts every segment. {@code -Dkill.cycles=N} sets how often, {@code -Dseed=N} replays a run's moments.
 */
final class CompactionIT {
    private static final int CYCLES = Integer.getInteger("kill.cycles", 6);
    private static final String TOPIC = "prices";
    private static final int KEYS = 300;

    /** About two segments. */
    private static final int RECORDS = 12_000;

    @TempDir
    static Path directory;

    private final long seed = Long.getLong("seed", new SplittableRandom().nextLong());
    private final SplittableRandom random = new SplittableRandom(seed);
    private final Map<String, @Nullable String> last = new TreeMap<>();
    private long sent;

    private static BrokerProcess.Start start(String address, Path data) {
        return BrokerProcess.Start.in(
                data,
                "--wellspring.network.listeners[0].bind=" + address,
                "--wellspring.log.cleaner.backoff=50ms",
                "--wellspring.log.durable-mark-interval=100ms");
    }

    private static NewTopic topic() {
        return new NewTopic(TOPIC, Optional.of(1), Optional.empty())
                .configs(Map.of(
                        "cleanup.policy", "compact",
                        "segment.bytes", "1048576",
                        "min.cleanable.dirty.ratio", "0.01",
                        "file.delete.delay.ms", "0",
                        "delete.retention.ms", "200"));
    }

    @Test
    void killsWhileItCompactsLoseNoLastValueAndTheDumpToolAcceptsTheSegments() throws Exception {
        LoggingSystem.get(CompactionIT.class.getClassLoader()).setLogLevel("org.apache.kafka", LogLevel.ERROR);
        System.out.println("CompactionIT: seed=" + seed + " cycles=" + CYCLES);
        String address = "127.0.0.1:" + freePort();
        Path data = directory.resolve("data");
        int compactions = 0;
        for (int cycle = 0; cycle < CYCLES; cycle++) {
            try (BrokerProcess broker = BrokerProcess.start(start(address, data))) {
                if (cycle == 0) {
                    JavaClients.createTopics(address, List.of(topic()));
                }
                produce(address, RECORDS);
                LockSupport.parkNanos(random.nextLong(TimeUnit.MILLISECONDS.toNanos(400)));
                broker.kill();
                compactions += (int) broker.output()
                        .lines()
                        .filter(line -> line.contains("A log was compacted"))
                        .count();
                assertThat(broker.output()).doesNotContain(" ERROR ");
            }
        }
        assertThat(compactions).isPositive();
        try (BrokerProcess broker = BrokerProcess.start(start(address, data))) {
            check(address);
            produce(address, RECORDS);
            await().atMost(Duration.ofMinutes(1)).until(() -> broker.output().contains("A log was compacted"));
            check(address);
            refusesRecordsWithoutKey(address);
            assertThat(broker.stop()).isZero();
        }
        try (BrokerProcess broker = BrokerProcess.start(start(address, data))) {
            check(address);
            assertThat(broker.stop()).isZero();
        }
        System.out.println("CompactionIT: sent=" + sent + " compactions=" + compactions + " bytes=" + dump(data));
    }

    /** Waits for every acknowledgement: what was not answered when the broker is killed would be sent again later. */
    private void produce(String address, int count) throws Exception {
        List<String> codecs = List.of("none", "gzip", "snappy", "lz4", "zstd");
        Map<String, String> settings = Map.of(
                "compression.type", codecs.get(random.nextInt(codecs.size())),
                "linger.ms", "2",
                "batch.size", "4096");
        List<Future<RecordMetadata>> answers = new ArrayList<>();
        try (KafkaProducer<byte[], byte[]> producer = JavaClients.producer(address, settings)) {
            for (int i = 0; i < count; i++) {
                String key = "key" + random.nextInt(KEYS);
                String value = random.nextInt(20) == 0 ? null : "value " + sent + " of " + key + filling();
                sent++;
                last.put(key, value);
                answers.add(
                        producer.send(new ProducerRecord<>(TOPIC, 0, bytes(key), value == null ? null : bytes(value))));
            }
            for (Future<RecordMetadata> answer : answers) {
                answer.get(1, TimeUnit.MINUTES);
            }
        }
    }

    /** Hard to compress, so that segments fill. */
    private String filling() {
        StringBuilder text = new StringBuilder(120);
        for (int i = 0; i < 8; i++) {
            text.append(Long.toString(random.nextLong(), 36));
        }
        return text.toString();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private void check(String address) {
        Map<String, @Nullable String> found = new TreeMap<>();
        long[] before = {-1};
        try (KafkaConsumer<byte[], byte[]> consumer = JavaClients.consumer(address, TOPIC, 1, Map.of())) {
            JavaClients.readToEnd(consumer, record -> {
                assertThat(record.offset()).isGreaterThan(before[0]);
                before[0] = record.offset();
                found.put(
                        new String(record.key(), StandardCharsets.UTF_8),
                        record.value() == null ? null : new String(record.value(), StandardCharsets.UTF_8));
            });
        }
        assertThat(withoutTombstones(found)).as("seed %d", seed).isEqualTo(withoutTombstones(last));
    }

    private static Map<String, @Nullable String> withoutTombstones(Map<String, @Nullable String> values) {
        Map<String, @Nullable String> left = new TreeMap<>(values);
        left.values().removeIf(value -> value == null);
        return left;
    }

    private static void refusesRecordsWithoutKey(String address) throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = JavaClients.producer(address, Map.of())) {
            Future<RecordMetadata> answer = producer.send(new ProducerRecord<>(TOPIC, 0, null, bytes("no key")));
            assertThat(org.assertj.core.api.Assertions.catchThrowableOfType(ExecutionException.class, answer::get))
                    .hasCauseInstanceOf(InvalidRecordException.class);
        }
    }

    /**
     * The tool also says that offsets are not consecutive, as it does of every compacted log.
     *
     * @return bytes of the segments
     */
    private static long dump(Path data) throws IOException {
        List<Path> logs;
        try (Stream<Path> files = Files.list(data.resolve(TOPIC + "-0"))) {
            logs = files.filter(file -> file.toString().endsWith(".log"))
                    .sorted()
                    .toList();
        }
        List<String> names = new ArrayList<>();
        long bytes = 0;
        for (Path log : logs) {
            bytes += Files.size(log);
            String base = log.toString().substring(0, log.toString().length() - ".log".length());
            names.add(log.toString());
            for (String suffix : List.of(".index", ".timeindex")) {
                if (Files.size(log) > 0
                        && Files.exists(Path.of(base + suffix))
                        && Files.size(Path.of(base + suffix)) > 0) {
                    names.add(base + suffix);
                }
            }
        }
        ExternalProgram.Result result =
                KafkaTools.run(KafkaTools.DUMP_LOG, "--deep-iteration", "--files", String.join(",", names));
        assertThat(result.succeeded())
                .contains("isvalid: true")
                .doesNotContain("isvalid: false", "Mismatch", "mismatch", "corrupt", "Invalid");
        return bytes;
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
