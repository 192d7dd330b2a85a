package io.wellspring.protocol;

import static java.util.Objects.requireNonNull;

import io.wellspring.protocol.WireShape.LengthForm;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.apache.kafka.common.message.ApiMessageType;
import org.apache.kafka.common.protocol.types.BoundField;
import org.apache.kafka.common.protocol.types.CompactArrayOf;
import org.apache.kafka.common.protocol.types.Field;
import org.apache.kafka.common.protocol.types.NullableSchema;
import org.apache.kafka.common.protocol.types.Schema;
import org.apache.kafka.common.protocol.types.TaggedFields;
import org.apache.kafka.common.protocol.types.Type;
import org.apache.kafka.common.utils.internals.ImplicitLinkedHashCollection;
import org.jspecify.annotations.Nullable;

/**
 * The shapes of all requests, made from Kafka's schemas when first asked for and kept. Two threads that ask at once make equal
 * shapes, of which one stays. Threads: any.
 */
final class RequestShapes {
    /** An object's header, the reference to its unknown tagged fields and its links in a hashed collection. */
    private static final int OBJECT_COST = 24;
    /** A place in a list that grows by half, or in a half-filled hash table. */
    private static final int PLACE_COST = 12;

    private static final int EMPTY_LIST_COST = 24;
    private static final int UUID_COST = 32;
    private static final int BOXED_COST = 16;

    private static final @Nullable RequestShapes[] BY_KEY = byKey();

    private final ApiMessageType api;
    private final AtomicReferenceArray<WireShape> byVersion;

    /**
     * Names of the arrays that the generated classes keep in hash tables; the schemas do not tell them. Set before the first shape is compiled:
     * looking into a message's class loads it, and most are never asked for.
     */
    private volatile Set<String> hashed = Set.of();

    private RequestShapes(ApiMessageType api) {
        this.api = api;
        this.byVersion = new AtomicReferenceArray<>(api.highestSupportedVersion(true) + 1);
    }

    /** The API of this key, or null. */
    static @Nullable ApiMessageType api(short key) {
        RequestShapes shapes = key >= 0 && key < BY_KEY.length ? BY_KEY[key] : null;
        return shapes == null ? null : shapes.api;
    }

    /** @param version one that the API has */
    static WireShape of(ApiMessageType api, short version) {
        RequestShapes shapes = requireNonNull(BY_KEY[api.apiKey()]);
        WireShape known = shapes.byVersion.get(version);
        if (known == null) {
            known = shapes.compile(version);
            shapes.byVersion.set(version, known);
        }
        return known;
    }

    private static @Nullable RequestShapes[] byKey() {
        int highest = Arrays.stream(ApiMessageType.values())
                .mapToInt(ApiMessageType::apiKey)
                .max()
                .orElseThrow();
        @Nullable RequestShapes[] byKey = new RequestShapes[highest + 1];
        for (ApiMessageType api : ApiMessageType.values()) {
            byKey[api.apiKey()] = new RequestShapes(api);
        }
        return byKey;
    }

    private static Set<String> hashedFields(Class<?> message) {
        Set<String> names = new HashSet<>();
        for (java.lang.reflect.Field field : message.getDeclaredFields()) {
            if (ImplicitLinkedHashCollection.class.isAssignableFrom(field.getType())) {
                names.add(field.getName().toLowerCase(Locale.ROOT));
            }
        }
        for (Class<?> nested : message.getDeclaredClasses()) {
            names.addAll(hashedFields(nested));
        }
        return names;
    }

    private boolean isHashed(Field field) {
        return hashed.contains(field.name.replace("_", "").toLowerCase(Locale.ROOT));
    }

    private WireShape compile(short version) {
        hashed = hashedFields(api.newRequest().getClass());
        Schema[] schemas = api.requestSchemas();
        List<Schema> allVersions = new ArrayList<>();
        for (int v = api.lowestSupportedVersion(); v <= api.highestSupportedVersion(true); v++) {
            allVersions.add(schemas[v]);
        }
        return fields(schemas[version], allVersions);
    }

    /**
     * @param versions the same object in all versions of the API: the generated class has the fields of all of them
     */
    private WireShape.Fields fields(Schema schema, List<Schema> versions) {
        List<WireShape> shapes = new ArrayList<>();
        int minimumBytes = 0;
        for (BoundField field : schema.fields()) {
            WireShape shape = shape(field.def, versions);
            minimumBytes += shape.minimumBytes();
            add(shapes, shape);
        }
        return new WireShape.Fields(List.copyOf(shapes), objectCost(versions), minimumBytes);
    }

    /** Fixed fields that follow each other are passed in one step. */
    private static void add(List<WireShape> shapes, WireShape shape) {
        if (!shapes.isEmpty()
                && shape instanceof WireShape.Fixed(int size, int cost)
                && shapes.getLast() instanceof WireShape.Fixed(int sizeBefore, int costBefore)) {
            shapes.set(shapes.size() - 1, new WireShape.Fixed(sizeBefore + size, costBefore + cost));
        } else {
            shapes.add(shape);
        }
    }

    private WireShape shape(Field field, List<Schema> versions) {
        WireShape shape = shape(field.type, sameField(field.name, versions));
        return shape instanceof WireShape.Elements(LengthForm length, WireShape element, int placeCost, boolean any)
                        && isHashed(field)
                ? new WireShape.Elements(length, element, placeCost, true)
                : shape;
    }

    private WireShape shape(Type type, List<Schema> versions) {
        if (type instanceof TaggedFields tagged) {
            return tagged(tagged, versions);
        }
        if (type instanceof NullableSchema nullable) {
            return new WireShape.MaybeFields(fields(nullable, versions));
        }
        if (type instanceof Schema schema) {
            return fields(schema, versions);
        }
        Optional<Type> element = type.arrayElementType();
        if (element.isPresent()) {
            return elements(type, element.get(), versions);
        }
        return value(type);
    }

    private WireShape elements(Type array, Type element, List<Schema> versions) {
        LengthForm length = array instanceof CompactArrayOf ? LengthForm.COMPACT : LengthForm.INT32;
        WireShape shape = shape(element, versions);
        boolean boxed = shape instanceof WireShape.Fixed(int sizeBytes, int cost) && sizeBytes > 1 && cost == 0;
        return new WireShape.Elements(length, shape, PLACE_COST + (boxed ? BOXED_COST : 0), false);
    }

    private WireShape.Tagged tagged(TaggedFields tagged, List<Schema> versions) {
        Map<Integer, WireShape> byTag = new HashMap<>();
        tagged.fields().forEach((tag, field) -> byTag.put(tag, shape(field, versions)));
        return new WireShape.Tagged(Map.copyOf(byTag));
    }

    private static WireShape value(Type type) {
        return switch (((Type.DocumentedType) type).typeName()) {
            case "BOOLEAN", "INT8" -> new WireShape.Fixed(1, 0);
            case "INT16", "UINT16" -> new WireShape.Fixed(2, 0);
            case "INT32", "UINT32" -> new WireShape.Fixed(4, 0);
            case "INT64", "FLOAT64" -> new WireShape.Fixed(8, 0);
            case "UUID" -> new WireShape.Fixed(16, UUID_COST);
            case "STRING", "NULLABLE_STRING" -> new WireShape.Text(LengthForm.INT16);
            case "COMPACT_STRING", "COMPACT_NULLABLE_STRING" -> new WireShape.Text(LengthForm.COMPACT);
            case "BYTES", "NULLABLE_BYTES" -> new WireShape.Copied(LengthForm.INT32);
            case "COMPACT_BYTES", "COMPACT_NULLABLE_BYTES" -> new WireShape.Copied(LengthForm.COMPACT);
            case "RECORDS", "NULLABLE_RECORDS" -> new WireShape.Shared(LengthForm.INT32);
            case "COMPACT_RECORDS", "COMPACT_NULLABLE_RECORDS" -> new WireShape.Shared(LengthForm.COMPACT);
            default -> throw new IllegalStateException("a schema holds the unknown type " + type);
        };
    }

    /** The objects that the field of this name holds in other versions. */
    private static List<Schema> sameField(String name, List<Schema> versions) {
        List<Schema> same = new ArrayList<>();
        for (Schema version : versions) {
            for (Field field : allFields(version)) {
                if (field.name.equals(name)
                        && field.type.arrayElementType().orElse(field.type) instanceof Schema nested) {
                    same.add(nested);
                }
            }
        }
        // Tagged sections look for their fields in the object itself.
        return same.isEmpty() ? versions : same;
    }

    private static List<Field> allFields(Schema schema) {
        List<Field> fields = new ArrayList<>();
        for (BoundField field : schema.fields()) {
            if (field.def.type instanceof TaggedFields tagged) {
                fields.addAll(tagged.fields().values());
            } else {
                fields.add(field.def);
            }
        }
        return fields;
    }

    private static int objectCost(List<Schema> versions) {
        Set<String> seen = new HashSet<>();
        int cost = OBJECT_COST;
        for (Schema version : versions) {
            for (Field field : allFields(version)) {
                if (seen.add(field.name)) {
                    cost += Long.BYTES + (field.type.isArray() ? EMPTY_LIST_COST : 0);
                }
            }
        }
        return cost;
    }
}
