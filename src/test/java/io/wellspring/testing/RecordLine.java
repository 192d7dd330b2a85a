package io.wellspring.testing;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.StringJoiner;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * A record as a line of text that scripts in other languages can read and write: {@code partition offset timestamp key value headers}. Bytes are
 * {@code +} and Base64, {@code ~} is null; headers are {@code name:value} with commas between, {@code -} if there are none.
 */
public final class RecordLine {
    private RecordLine() {}

    /** Of a record that has its partition and timestamp. */
    public static String of(ProducerRecord<byte[], byte[]> record, long offset) {
        return line(record.partition(), offset, record.timestamp(), record.key(), record.value(), record.headers());
    }

    /** Of a record as it came. */
    public static String of(ConsumerRecord<byte[], byte[]> record) {
        return line(
                record.partition(),
                record.offset(),
                record.timestamp(),
                record.key(),
                record.value(),
                record.headers());
    }

    private static String line(
            int partition,
            long offset,
            long timestampMs,
            byte @Nullable [] key,
            byte @Nullable [] value,
            Headers headers) {
        StringJoiner pairs = new StringJoiner(",").setEmptyValue("-");
        for (Header header : headers) {
            pairs.add(text(header.key().getBytes(StandardCharsets.UTF_8)) + ":" + text(header.value()));
        }
        return partition + " " + offset + " " + timestampMs + " " + text(key) + " " + text(value) + " " + pairs;
    }

    private static String text(byte @Nullable [] bytes) {
        return bytes == null ? "~" : "+" + Base64.getEncoder().encodeToString(bytes);
    }
}
