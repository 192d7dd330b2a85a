package io.wellspring.batch;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A header of a record. Threads: as safe as the value's buffer.
 *
 * @param value position to limit; null is not the same as empty
 */
public record RecordHeader(String key, @Nullable ByteBuffer value) {
    public static RecordHeader of(String key, String value) {
        return new RecordHeader(key, ByteBuffer.wrap(value.getBytes(StandardCharsets.UTF_8)));
    }
}
