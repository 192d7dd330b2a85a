package io.wellspring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.wellspring.testing.JavaClients;
import io.wellspring.testing.Scrape;
import io.wellspring.testing.TestBroker;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What Prometheus reads of a broker that works: every meter that an operator asks for, with a value that the traffic explains. */
final class ScrapeIT {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final int RECORDS = 500;
    private static final int VALUE_BYTES = 100;
    private static final String TOPIC = "measured";

    private static TestBroker broker;

    @BeforeAll
    static void start() {
        broker = TestBroker.start();
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    @Test
    void trafficShowsInTheMeters() throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            admin.createTopics(List.of(new NewTopic(TOPIC, 2, (short) 1))).all().get(60, TimeUnit.SECONDS);
            assertThatThrownBy(() -> admin.describeTopics(List.of("no-such-topic"))
                            .allTopicNames()
                            .get(60, TimeUnit.SECONDS))
                    .hasCauseInstanceOf(UnknownTopicOrPartitionException.class);
        }
        produce();
        try (var consumer = JavaClients.consumer(broker.bootstrapServers(), TOPIC, 2, Map.of())) {
            JavaClients.readToEnd(consumer, record -> {});

            // A client has its bytes a moment before the broker has counted them.
            await().atMost(LIMIT).untilAsserted(() -> assertBytesAndRecords(Scrape.of(broker.managementUrl())));
            Scrape scrape = Scrape.of(broker.managementUrl());
            assertRequests(scrape);
            assertRooms(scrape);
        }
    }

    private static void produce() {
        try (var producer = JavaClients.producer(broker.bootstrapServers(), Map.of())) {
            for (int i = 0; i < RECORDS; i++) {
                var _ = producer.send(new ProducerRecord<>(
                        TOPIC, i % 2, null, "x".repeat(VALUE_BYTES).getBytes(StandardCharsets.UTF_8)));
            }
            producer.flush();
        }
    }

    private static void assertBytesAndRecords(Scrape scrape) {
        double bytes = RECORDS * (double) VALUE_BYTES;
        assertThat(scrape.sum("wellspring_topic_records_total", topic())).isEqualTo(RECORDS);
        assertThat(scrape.sum("wellspring_topic_bytes_total", topic())).isGreaterThan(bytes);
        assertThat(scrape.sum("wellspring_topic_fetched_bytes_total", topic())).isGreaterThan(bytes);
        assertThat(scrape.sum("wellspring_network_received_bytes_total", "listener=\"PLAINTEXT\""))
                .isGreaterThan(bytes);
        assertThat(scrape.sum("wellspring_network_sent_bytes_total", "listener=\"PLAINTEXT\""))
                .isGreaterThan(bytes);
        assertThat(scrape.sum("wellspring_log_written_bytes_total")).isGreaterThan(bytes);
        assertThat(scrape.sum("wellspring_log_records_total")).isGreaterThanOrEqualTo(RECORDS);
        assertThat(scrape.sum("wellspring_directory_logs_size_bytes")).isGreaterThan(bytes);
    }

    private static String topic() {
        return "topic=\"" + TOPIC + "\"";
    }

    private static void assertRequests(Scrape scrape) {
        for (String api : new String[] {"Produce", "Fetch", "Metadata", "ApiVersions", "CreateTopics", "ListOffsets"}) {
            String tag = "api=\"" + api + "\"";
            assertThat(scrape.sum("wellspring_requests_seconds_count", tag))
                    .as(api)
                    .isPositive();
            assertThat(scrape.sum("wellspring_requests_seconds_sum", tag))
                    .as(api)
                    .isPositive();
        }
        assertThat(scrape.sum("wellspring_requests_errors_total", "error=\"UNKNOWN_TOPIC_OR_PARTITION\""))
                .isPositive();
        assertThat(scrape.sum("wellspring_requests_failed_total")).isZero();
    }

    private static void assertRooms(Scrape scrape) {
        assertThat(scrape.sum("wellspring_network_connections")).isPositive();
        assertThat(scrape.sum("wellspring_network_connections_opened_total")).isGreaterThanOrEqualTo(3);
        assertThat(scrape.sum("wellspring_fetch_sessions")).isPositive();
        assertThat(scrape.sum("wellspring_fetch_sessions_partitions")).isPositive();
        assertThat(scrape.text()).contains("wellspring_fetch_sessions_evicted_total");
        assertThat(scrape.sum("wellspring_log_fsync_seconds_count")).isPositive();
        assertThat(scrape.sum("wellspring_log_fsync_seconds_sum")).isPositive();
        assertThat(scrape.sum("wellspring_shard_flush_seconds_count")).isPositive();
        assertThat(scrape.sum("wellspring_shard_commit_seconds_count")).isPositive();
        assertThat(scrape.sum("wellspring_shard_commit_appends_count")).isPositive();
        assertThat(scrape.sum("wellspring_appends_wait_seconds_count")).isPositive();
        assertThat(scrape.sum("wellspring_partitions")).isGreaterThanOrEqualTo(3);
        assertThat(scrape.sum("wellspring_partitions_offline")).isZero();
        assertThat(scrape.sum("wellspring_directory_online")).isEqualTo(1);
        assertThat(scrape.sum("wellspring_directory_logs")).isGreaterThanOrEqualTo(3);
        assertThat(scrape.sum("wellspring_directory_usable_bytes")).isPositive();
    }

    /** Java clients ask by default (KIP-714). Told that nothing is subscribed they never push, not when they close either. */
    @Test
    void clientsAskForTelemetrySubscriptionsAndPushNothing() throws Exception {
        try (var producer = JavaClients.producer(broker.bootstrapServers(), Map.of());
                var consumer = JavaClients.consumer(broker.bootstrapServers(), "asked", 1, Map.of())) {
            producer.send(new ProducerRecord<>("asked", new byte[10])).get(60, TimeUnit.SECONDS);
            JavaClients.readToEnd(consumer, record -> {});

            assertThat(producer.clientInstanceId(Duration.ofSeconds(60))).isNotEqualTo(Uuid.ZERO_UUID);
            assertThat(consumer.clientInstanceId(Duration.ofSeconds(60))).isNotEqualTo(Uuid.ZERO_UUID);
        }

        Scrape scrape = Scrape.of(broker.managementUrl());
        assertThat(scrape.sum("wellspring_requests_seconds_count", "api=\"GetTelemetrySubscriptions\""))
                .isGreaterThanOrEqualTo(2);
        assertThat(scrape.sum("wellspring_requests_refused_total")).isZero();
        assertThat(scrape.sum("wellspring_network_connections_dropped_total")).isZero();
        assertThat(scrape.text()).doesNotContain("PushTelemetry");
    }
}
