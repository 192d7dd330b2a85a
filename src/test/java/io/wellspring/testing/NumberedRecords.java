package io.wellspring.testing;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.jspecify.annotations.Nullable;

/**
 * Records that follow from their number alone, so that any amount of them is compared without keeping one: with and without keys, values
 * and headers, 1 byte to 1 MB, some that compress and some that do not. Number {@code n} belongs at offset {@code n / partitions} of
 * partition {@code n % partitions}.
 *
 * @param partitions of the topic
 */
public record NumberedRecords(int partitions) {
    private static final long FIRST_TIMESTAMP_MS = 1_700_000_000_000L;
    private static final int LARGEST_VALUE = 1_000_000;
    private static final byte[] PROSE =
            "the quick brown fox jumps over the lazy dog; ".getBytes(StandardCharsets.US_ASCII);

    /** Which partition it goes to is part of the record. */
    public ProducerRecord<byte[], byte[]> record(String topic, long number) {
        return new ProducerRecord<>(
                topic, partition(number), timestampMs(number), key(number), value(number), headers(number));
    }

    public int partition(long number) {
        return (int) (number % partitions);
    }

    public long offset(long number) {
        return number / partitions;
    }

    /** Fails unless this is exactly the record that belongs at its place. */
    public void check(ConsumerRecord<byte[], byte[]> found) {
        long number = found.offset() * partitions + found.partition();
        checkSame(found, "key", Arrays.equals(found.key(), key(number)));
        checkSame(found, "value", Arrays.equals(found.value(), value(number)));
        checkSame(found, "timestamp", found.timestamp() == timestampMs(number));
        List<Header> expected = headers(number);
        Header[] headers = found.headers().toArray();
        checkSame(found, "number of headers", headers.length == expected.size());
        for (int i = 0; i < headers.length; i++) {
            checkSame(
                    found,
                    "header",
                    Objects.equals(headers[i].key(), expected.get(i).key())
                            && Arrays.equals(headers[i].value(), expected.get(i).value()));
        }
    }

    private static void checkSame(ConsumerRecord<byte[], byte[]> found, String part, boolean isSame) {
        if (!isSame) {
            throw new AssertionError("another " + part + " than was sent at " + found.topic() + "-" + found.partition()
                    + " offset " + found.offset() + ": key size " + found.serializedKeySize() + ", value size "
                    + found.serializedValueSize() + ", " + found.headers());
        }
    }

    private static long timestampMs(long number) {
        return FIRST_TIMESTAMP_MS + number / 10;
    }

    private static byte @Nullable [] key(long number) {
        return number % 7 == 3 ? null : ("key-" + number).getBytes(StandardCharsets.US_ASCII);
    }

    private static byte @Nullable [] value(long number) {
        if (number % 101 == 17) {
            return null;
        }
        byte[] value = new byte[valueSize(number)];
        if (number % 2 == 0) {
            fillWithProse(value, number);
        } else {
            fillWithNoise(value, number);
        }
        return value;
    }

    private static int valueSize(long number) {
        if (number % 9_973 == 5_000) {
            return LARGEST_VALUE;
        }
        long noise = mix(number) >>> 1;
        if (number % 997 == 500) {
            return (int) (1_000 + noise % 100_000);
        }
        return number % 13 == 0 ? 1 : (int) (1 + noise % 300);
    }

    private static void fillWithProse(byte[] value, long number) {
        for (int i = 0; i < value.length; i++) {
            value[i] = PROSE[(int) ((number + i) % PROSE.length)];
        }
    }

    private static void fillWithNoise(byte[] value, long number) {
        long noise = 0;
        for (int i = 0; i < value.length; i++) {
            noise = i % Long.BYTES == 0 ? mix(number * 1_000_003 + i) : noise >>> Byte.SIZE;
            value[i] = (byte) noise;
        }
    }

    /** Steele, Lea, Flood: SplitMix64's output function. */
    private static long mix(long seed) {
        long z = seed * 0x9E3779B97F4A7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    private static List<Header> headers(long number) {
        return switch ((int) (number % 5)) {
            case 0 -> List.of(new RecordHeader("trace", Long.toString(number).getBytes(StandardCharsets.US_ASCII)));
            case 1 ->
                // One name twice, an empty value, no value.
                List.of(
                        new RecordHeader("hop", new byte[] {(byte) number}),
                        new RecordHeader("hop", new byte[0]),
                        new RecordHeader("größe", null));
            default -> List.of();
        };
    }
}
