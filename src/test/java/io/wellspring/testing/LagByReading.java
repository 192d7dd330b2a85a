package io.wellspring.testing;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Holds what the broker says of a group's lag against a reader that begins where the group has committed and counts until the end. Nothing may
 * be written or committed meanwhile. Times are held between two looks at this machine's clock.
 */
public final class LagByReading {
    private static final Duration LIMIT = Duration.ofMinutes(1);

    private final String bootstrap;
    private final String managementUrl;

    public LagByReading(String bootstrap, String managementUrl) {
        this.bootstrap = bootstrap;
        this.managementUrl = managementUrl;
    }

    /**
     * What the reader found in one partition.
     *
     * @param committed by the group
     * @param end behind the last record
     * @param offsets from the first offset that can be read to the end; what was deleted before the group read it is not among them
     * @param records read
     * @param firstTimestampMs of the first of them, null: none
     * @param isCompacted offsets may lack their records
     */
    public record Found(
            long committed,
            long end,
            long offsets,
            long records,
            @Nullable Long firstTimestampMs,
            boolean isCompacted) {
        /** As Kafka's tools count. */
        long lag() {
            return Math.max(0, end - committed);
        }
    }

    /** Reads, asks {@code /actuator/groups/{id}} and compares. @return what was read */
    public Map<TopicPartition, Found> check(String groupId, String type)
            throws IOException, InterruptedException, ExecutionException {
        Map<TopicPartition, Found> found = read(groupId);
        long before = System.currentTimeMillis();
        JsonNode told = json("/actuator/groups/"
                + URLEncoder.encode(groupId, StandardCharsets.UTF_8).replace("+", "%20"));
        long after = System.currentTimeMillis();
        assertThat(told.get("type").asString()).isEqualTo(type);
        Set<TopicPartition> seen = new HashSet<>();
        for (JsonNode partition : told.get("partitions")) {
            TopicPartition name = new TopicPartition(
                    partition.get("topic").asString(),
                    partition.get("partition").intValue());
            Found expected = requireNonNull(found.get(name), name::toString);
            seen.add(name);
            assertThat(partition.get("committedOffset").longValue())
                    .as("%s", name)
                    .isEqualTo(expected.committed());
            assertThat(partition.get("endOffset").longValue()).as("%s", name).isEqualTo(expected.end());
            assertThat(partition.get("lag").longValue()).as("%s", name).isEqualTo(expected.lag());
            assertThat(partition.get("stableLag").longValue()).as("%s", name).isEqualTo(expected.lag());
            checkAge(name, partition.get("lagSeconds").doubleValue(), expected.firstTimestampMs(), before, after);
        }
        assertThat(seen).isEqualTo(found.keySet());
        assertThat(told.get("lag").longValue())
                .isEqualTo(found.values().stream().mapToLong(Found::lag).sum());
        checkAge(groupId, told.get("lagSeconds").doubleValue(), oldest(found.values()), before, after);
        return found;
    }

    /** Waits until the meters have been looked at again and compares them, topic by topic. */
    public void checkMeters(String groupId, Map<TopicPartition, Found> found) {
        Map<String, List<Found>> byTopic = new TreeMap<>();
        found.forEach((partition, lag) -> byTopic.computeIfAbsent(partition.topic(), any -> new ArrayList<>())
                .add(lag));
        long before = System.currentTimeMillis();
        byTopic.forEach((topic, lags) -> await().atMost(LIMIT)
                .ignoreExceptionsInstanceOf(IOException.class)
                .untilAsserted(() -> {
                    String[] labels = {"group=\"" + groupId + "\"", "topic=\"" + topic + "\""};
                    Scrape scrape = Scrape.of(managementUrl);
                    long after = System.currentTimeMillis();
                    assertThat(scrape.text()).contains("wellspring_group_lag{" + String.join(",", labels) + "}");
                    assertThat(scrape.sum("wellspring_group_lag", labels)).isEqualTo((double)
                            lags.stream().mapToLong(Found::lag).sum());
                    checkAge(
                            groupId + " " + topic,
                            scrape.sum("wellspring_group_lag_time_seconds", labels),
                            oldest(lags),
                            before,
                            after);
                }));
    }

    private static void checkAge(Object of, double seconds, @Nullable Long timestampMs, long before, long after) {
        if (timestampMs == null) {
            assertThat(seconds).as("%s", of).isZero();
        } else {
            assertThat(Math.round(seconds * 1000))
                    .as("%s", of)
                    .isBetween(Math.max(0, before - timestampMs), Math.max(0, after - timestampMs));
        }
    }

    private static @Nullable Long oldest(Iterable<Found> lags) {
        Long oldest = null;
        for (Found lag : lags) {
            Long first = lag.firstTimestampMs();
            if (first != null && (oldest == null || first < oldest)) {
                oldest = first;
            }
        }
        return oldest;
    }

    /** What a reader finds that begins where the group has committed. */
    public Map<TopicPartition, Found> read(String groupId) throws ExecutionException, InterruptedException {
        Map<TopicPartition, Found> found = new HashMap<>();
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
            Map<TopicPartition, OffsetAndMetadata> committed = admin.listConsumerGroupOffsets(groupId)
                    .partitionsToOffsetAndMetadata()
                    .get();
            for (Map.Entry<TopicPartition, OffsetAndMetadata> entry : committed.entrySet()) {
                found.put(
                        entry.getKey(),
                        read(
                                entry.getKey(),
                                entry.getValue().offset(),
                                isCompacted(admin, entry.getKey().topic())));
            }
        }
        found.forEach((partition, lag) -> {
            if (lag.isCompacted()) {
                assertThat(lag.records()).as("%s", partition).isLessThanOrEqualTo(lag.offsets());
            } else {
                assertThat(lag.records()).as("%s", partition).isEqualTo(lag.offsets());
            }
        });
        return found;
    }

    private static boolean isCompacted(Admin admin, String topic) throws ExecutionException, InterruptedException {
        ConfigResource name = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        Config config =
                requireNonNull(admin.describeConfigs(List.of(name)).all().get().get(name));
        return config.get("cleanup.policy").value().contains("compact");
    }

    private Found read(TopicPartition partition, long committed, boolean isCompacted) {
        try (KafkaConsumer<byte[], byte[]> reader =
                JavaClients.consumer(bootstrap, partition.topic(), partition.partition() + 1, Map.of())) {
            reader.assign(List.of(partition));
            long begin = reader.beginningOffsets(List.of(partition)).getOrDefault(partition, -1L);
            long end = reader.endOffsets(List.of(partition)).getOrDefault(partition, -1L);
            long from = Math.max(committed, begin);
            reader.seek(partition, from);
            List<Long> timestamps = new ArrayList<>();
            if (from < end) {
                JavaClients.readToEnd(reader, record -> timestamps.add(record.timestamp()));
            }
            return new Found(
                    committed,
                    end,
                    Math.max(0, end - from),
                    timestamps.size(),
                    timestamps.isEmpty() ? null : timestamps.getFirst(),
                    isCompacted);
        }
    }

    private JsonNode json(String path) throws IOException, InterruptedException {
        return JsonMapper.builder().build().readTree(Scrape.get(managementUrl + path));
    }
}
