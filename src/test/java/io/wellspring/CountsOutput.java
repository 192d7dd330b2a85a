package io.wellspring;

import static org.assertj.core.api.Assertions.assertThat;

import io.wellspring.testing.JavaClients;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/** Reads all that the program {@code streams} writes, and holds it against what it must be. */
final class CountsOutput implements AutoCloseable {
    static final int KEYS = 50;
    static final int WINDOW_MS = 10_000;
    static final List<String> TOPICS = List.of("counts", "seen", "windows", "named");

    private static final Duration POLL = Duration.ofMillis(100);

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Map<String, Long> counts = new TreeMap<>();
    private final Map<String, BitSet> seen = new TreeMap<>();
    private final Map<String, BitSet> windows = new TreeMap<>();
    private final BitSet named = new BitSet();
    private boolean isExact = true;

    CountsOutput(String bootstrap, int partitions) {
        consumer = JavaClients.consumer(
                bootstrap, TOPICS.getFirst(), partitions, Map.of("reconnect.backoff.max.ms", "200"));
        List<TopicPartition> all = new ArrayList<>();
        for (String topic : TOPICS) {
            for (int partition = 0; partition < partitions; partition++) {
                all.add(new TopicPartition(topic, partition));
            }
        }
        consumer.assign(all);
        consumer.seekToBeginning(all);
    }

    static String keyOf(long number) {
        return "key-" + number % KEYS;
    }

    static String nameOf(String key) {
        return "name of " + key;
    }

    /** From now on numbers may come twice: a count may be too large, what was seen may not. */
    void allowRepetition() {
        isExact = false;
    }

    void poll() {
        consumer.poll(POLL).forEach(this::take);
    }

    private void take(ConsumerRecord<byte[], byte[]> record) {
        String key = new String(record.key(), StandardCharsets.UTF_8);
        switch (record.topic()) {
            case "counts" -> {
                long count = ByteBuffer.wrap(record.value()).getLong();
                Long before = counts.put(key, count);
                if (isExact) {
                    assertThat(count).as("%s at %s", key, record.offset()).isEqualTo(before == null ? 1 : before + 1);
                }
            }
            case "seen" -> seen.put(key, BitSet.valueOf(record.value()));
            case "windows" -> {
                BitSet now = BitSet.valueOf(record.value());
                BitSet before = windows.put(key, now);
                if (before != null) {
                    assertThat(isExact).as("%s is closed twice", key).isFalse();
                    assertThat(now).as(key).isEqualTo(before);
                }
            }
            default -> {
                String[] words = new String(record.value(), StandardCharsets.UTF_8).split(" ", 2);
                int number = Integer.parseInt(words[0]);
                assertThat(key).isEqualTo(keyOf(number));
                assertThat(words[1]).isEqualTo(nameOf(key));
                if (isExact) {
                    assertThat(named.get(number)).as("%s comes twice", number).isFalse();
                }
                named.set(number);
            }
        }
    }

    /** True if all numbers below this one have come through. */
    boolean hasAllBelow(long end) {
        for (int i = 0; i < KEYS; i++) {
            BitSet numbers = seen.get("key-" + i);
            if (end > i && (numbers == null || (long) numbers.nextClearBit(0) * KEYS + i < end)) {
                return false;
            }
        }
        return named.nextClearBit(0) >= end;
    }

    /** Reads to the end, where exactly the numbers below this one must have been counted. */
    void checkAllCounted(long end) {
        JavaClients.readToEnd(consumer, this::take);
        for (int i = 0; i < KEYS; i++) {
            int expected = (int) ((end - i + KEYS - 1) / KEYS);
            BitSet all = new BitSet();
            all.set(0, expected);
            assertThat(seen).containsEntry("key-" + i, all);
            if (isExact) {
                assertThat(counts).containsEntry("key-" + i, (long) expected);
            } else {
                assertThat(counts.getOrDefault("key-" + i, -1L)).isGreaterThanOrEqualTo(expected);
            }
        }
        assertThat(named.cardinality()).isEqualTo((int) end);
    }

    /** Reads to the end. What has been counted is what has been seen, number for number. */
    void checkCountsAreExact() {
        JavaClients.readToEnd(consumer, this::take);
        assertThat(isExact).isTrue();
        seen.forEach((key, numbers) -> assertThat(counts).as(key).containsEntry(key, (long) numbers.cardinality()));
    }

    /** The windows, by key and begin. */
    Map<String, BitSet> windows() {
        return windows;
    }

    @Override
    public void close() {
        consumer.close();
    }
}
