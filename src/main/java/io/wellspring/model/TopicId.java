package io.wellspring.model;

import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.UUID;

/**
 * The identity of a topic (KIP-516): a topic deleted and made again under one name has another id.
 *
 * @param mostSignificantBits the upper half of the UUID
 * @param leastSignificantBits the lower half of the UUID
 */
public record TopicId(long mostSignificantBits, long leastSignificantBits) {
    /** "No topic id", as the protocol says it. */
    public static final TopicId ZERO = new TopicId(0L, 0L);

    /** A new random id whose text does not begin with a dash, so that command lines do not take it for an option. */
    public static TopicId random() {
        while (true) {
            UUID uuid = UUID.randomUUID();
            TopicId id = new TopicId(uuid.getMostSignificantBits(), uuid.getLeastSignificantBits());
            if (id.toString().charAt(0) != '-') {
                return id;
            }
        }
    }

    /**
     * Reads the form that {@link #toString} writes.
     *
     * @throws IllegalArgumentException if the text is not 22 characters of URL-safe base64
     */
    public static TopicId parse(String text) {
        byte[] bytes = Base64.getUrlDecoder().decode(text);
        if (bytes.length != 2 * Long.BYTES) {
            throw new IllegalArgumentException("not a topic id: '" + text + "'");
        }
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        return new TopicId(buffer.getLong(), buffer.getLong());
    }

    /** URL-safe base64 without padding, 22 characters, as Kafka's tools print it. */
    @Override
    public String toString() {
        byte[] bytes = ByteBuffer.allocate(2 * Long.BYTES)
                .putLong(mostSignificantBits)
                .putLong(leastSignificantBits)
                .array();
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
