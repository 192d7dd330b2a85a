import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * The load that bin/prepare trains the JVM's cache with: a little of everything that clients do every day, so that its classes and profiles are
 * in the cache. Anything that is refused ends it with an exception.
 *
 * Arguments: where the broker listens, and the address of its management port.
 */
final class Training {
    private static final int PARTITIONS = 3;
    private static final int RECORDS = 10_000;
    private static final List<String> CODECS = List.of("none", "lz4", "zstd", "snappy", "gzip");
    /** Whom bin/prepare lets in, with the password. */
    private static final byte[] USER = "training:training".getBytes(StandardCharsets.UTF_8);

    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final String broker;

    private Training(String broker) {
        this.broker = broker;
    }

    public static void main(String[] arguments) throws Exception {
        Training training = new Training(arguments[0]);
        try (Admin admin = Admin.create(training.settings());
                HttpClient http = HttpClient.newHttpClient()) {
            training.createTopics(admin);
            for (String codec : CODECS) {
                training.produce(codec, false);
                training.produce(codec, true);
                ask(http, arguments[1], "/actuator/prometheus");
            }
            training.makeByAsking();
            training.consume("consumer");
            training.consume("classic");
            training.look(admin);
            for (String path : List.of("", "/liveness", "/readiness")) {
                ask(http, arguments[1], "/actuator/health" + path);
            }
            ask(http, arguments[1], "/actuator/info");
            ask(http, arguments[1], "/actuator/groups");
            admin.deleteTopics(CODECS).all().get();
        }
    }

    private Map<String, Object> settings() {
        Map<String, Object> settings = new HashMap<>();
        settings.put("bootstrap.servers", broker);
        settings.put("enable.metrics.push", false);
        return settings;
    }

    private void createTopics(Admin admin) throws Exception {
        List<NewTopic> topics = CODECS.stream()
                .map(codec -> new NewTopic(codec, PARTITIONS, (short) 1))
                .toList();
        admin.createTopics(topics).all().get();
    }

    private KafkaProducer<byte[], byte[]> producer(String codec, boolean isIdempotent) {
        Map<String, Object> settings = settings();
        settings.put("acks", "all");
        settings.put("compression.type", codec);
        settings.put("enable.idempotence", isIdempotent);
        settings.put("linger.ms", 1);
        return new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
    }

    /** Every record's acknowledgement is looked at. */
    private void produce(String codec, boolean isIdempotent) throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = producer(codec, isIdempotent)) {
            List<Future<RecordMetadata>> sent = new ArrayList<>();
            for (int i = 0; i < RECORDS; i++) {
                sent.add(producer.send(new ProducerRecord<>(codec, key(i), value(i))));
            }
            for (Future<RecordMetadata> one : sent) {
                one.get();
            }
        }
    }

    /** A topic that is made because somebody writes to it. */
    private void makeByAsking() throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = producer("none", true)) {
            producer.send(new ProducerRecord<>("asked-for", key(0), value(0))).get();
        }
    }

    private static byte[] key(int number) {
        return Integer.toString(number).getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] value(int number) {
        return ("{\"number\":" + number + ",\"text\":\"" + Integer.toHexString(number * 0x9E3779B9).repeat(20) + "\"}")
                .getBytes(StandardCharsets.US_ASCII);
    }

    /** A group with this protocol reads everything and commits. */
    private void consume(String protocol) {
        Map<String, Object> settings = settings();
        settings.put("group.id", protocol);
        settings.put("group.protocol", protocol);
        settings.put("auto.offset.reset", "earliest");
        settings.put("enable.auto.commit", false);
        int expected = CODECS.size() * 2 * RECORDS;
        int read = 0;
        long deadline = System.nanoTime() + LIMIT.toNanos();
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.subscribe(CODECS);
            while (read < expected) {
                ConsumerRecords<byte[], byte[]> records = consumer.poll(Duration.ofMillis(100));
                read += records.count();
                if (!records.isEmpty()) {
                    consumer.commitSync();
                }
                if (System.nanoTime() - deadline > 0) {
                    throw new IllegalStateException("read only " + read + " records of " + expected + " in " + LIMIT);
                }
            }
        }
    }

    private void look(Admin admin) throws Exception {
        admin.describeTopics(CODECS).allTopicNames().get();
        admin.listTopics().names().get();
        admin.describeCluster().nodes().get();
        List<ConfigResource> resources = CODECS.stream()
                .map(topic -> new ConfigResource(ConfigResource.Type.TOPIC, topic))
                .toList();
        admin.describeConfigs(resources).all().get();
        Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
        Map<TopicPartition, OffsetSpec> earliest = new HashMap<>();
        for (String topic : CODECS) {
            for (int i = 0; i < PARTITIONS; i++) {
                latest.put(new TopicPartition(topic, i), OffsetSpec.latest());
                earliest.put(new TopicPartition(topic, i), OffsetSpec.earliest());
            }
        }
        admin.listOffsets(latest).all().get();
        admin.listOffsets(earliest).all().get();
        admin.listGroups().all().get();
        admin.listConsumerGroupOffsets("classic").partitionsToOffsetAndMetadata().get();
        admin.describeConsumerGroups(Collections.singleton("consumer")).all().get();
        admin.describeLogDirs(Collections.singleton(1)).allDescriptions().get();
    }

    private static void ask(HttpClient http, String management, String path) throws Exception {
        HttpResponse<String> answer = http.send(
                HttpRequest.newBuilder(URI.create(management + path))
                        .timeout(LIMIT)
                        .header("Authorization", "Basic " + Base64.getEncoder().encodeToString(USER))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new IllegalStateException(path + " answered " + answer.statusCode() + ": " + answer.body());
        }
    }
}
