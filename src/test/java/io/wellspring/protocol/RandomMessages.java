package io.wellspring.protocol;

import java.nio.ByteBuffer;
import java.util.Random;
import java.util.TreeMap;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.Readable;
import org.apache.kafka.common.protocol.types.BoundField;
import org.apache.kafka.common.protocol.types.Field;
import org.apache.kafka.common.protocol.types.NullableSchema;
import org.apache.kafka.common.protocol.types.Schema;
import org.apache.kafka.common.protocol.types.Struct;
import org.apache.kafka.common.protocol.types.TaggedFields;
import org.apache.kafka.common.protocol.types.Type;

/** Fills a schema of Kafka's own definition at random and lets Kafka's own serializer write it: golden bytes of any version. */
public final class RandomMessages {
    private final Random random;

    public RandomMessages(long seed) {
        this.random = new Random(seed);
    }

    /** The bytes of a random message. */
    public ByteBuffer bytes(Schema schema) {
        Struct struct = struct(schema);
        ByteBuffer buffer = ByteBuffer.allocate(schema.sizeOf(struct));
        schema.write(buffer, struct);
        return buffer.flip();
    }

    /** Reads bytes into the generated message by Kafka's own reader. */
    static <M extends ApiMessage> M read(M message, ByteBuffer bytes, short version) {
        Readable accessor = new ByteBufferAccessor(bytes.duplicate());
        message.read(accessor, version);
        return message;
    }

    private Struct struct(Schema schema) {
        Struct struct = new Struct(schema);
        for (BoundField field : schema.fields()) {
            struct.set(field, value(field.def));
        }
        return struct;
    }

    private Object value(Field field) {
        return value(field.type);
    }

    private Object value(Type type) {
        if (type instanceof TaggedFields tagged) {
            TreeMap<Integer, Object> values = new TreeMap<>();
            tagged.fields().forEach((tag, field) -> {
                if (random.nextBoolean()) {
                    values.put(tag, value(field));
                }
            });
            return values;
        }
        if (type instanceof Schema schema && !(type instanceof NullableSchema)) {
            return struct(schema);
        }
        if (type instanceof NullableSchema nullable) {
            return struct(nullable);
        }
        if (type.arrayElementType().isPresent()) {
            Object[] elements = new Object[random.nextInt(3)];
            for (int i = 0; i < elements.length; i++) {
                elements[i] = value(type.arrayElementType().get());
            }
            return elements;
        }
        return scalar(((Type.DocumentedType) type).typeName());
    }

    private Object scalar(String type) {
        return switch (type) {
            case "BOOLEAN" -> random.nextBoolean();
            case "INT8" -> (byte) random.nextInt();
            case "INT16" -> (short) random.nextInt();
            case "UINT16" -> random.nextInt(1 << 16);
            case "INT32" -> random.nextInt();
            case "UINT32" -> random.nextInt() & 0xffffffffL;
            case "INT64" -> random.nextLong();
            case "FLOAT64" -> random.nextDouble();
            case "UUID" -> new Uuid(random.nextLong(), random.nextLong());
            case "STRING", "NULLABLE_STRING", "COMPACT_STRING", "COMPACT_NULLABLE_STRING" ->
                "größe-" + Integer.toHexString(random.nextInt());
            case "RECORDS", "NULLABLE_RECORDS", "COMPACT_RECORDS", "COMPACT_NULLABLE_RECORDS" ->
                org.apache.kafka.common.record.internal.MemoryRecords.readableRecords(randomBytes());
            default -> randomBytes();
        };
    }

    private ByteBuffer randomBytes() {
        byte[] bytes = new byte[random.nextInt(40)];
        random.nextBytes(bytes);
        return ByteBuffer.wrap(bytes);
    }
}
