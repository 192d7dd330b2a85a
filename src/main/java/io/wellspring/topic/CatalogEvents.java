package io.wellspring.topic;

import io.wellspring.model.TopicId;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Catalog events as JSON, one object per record of the topic {@value Topic#CATALOG}. Threads: any.
 *
 * <pre>
 * {"type":"topic-created","version":1,"topic":"orders","topicId":"AAAAAAAAAAEAAAAAAAAAAg","partitionCount":3,
 *  "settings":{"retention.ms":"3600000"}}
 * {"type":"topic-deleted","version":1,"topic":"orders","topicId":"…"}
 * {"type":"partitions-added","version":1,"topic":"orders","topicId":"…","partitionCount":6}
 * {"type":"topic-settings-changed","version":1,"topic":"orders","topicId":"…","changes":{"retention.ms":null}}
 * {"type":"broker-settings-changed","version":1,"nodeId":"","changes":{"log.retention.ms":"1000"}}
 * {"type":"group-settings-changed","version":1,"groupId":"readers","changes":{"consumer.session.timeout.ms":"60000"}}
 * {"type":"producer-ids-reserved","version":1,"nextProducerId":2000}
 * </pre>
 *
 * Fields that are not known are passed over, so that a newer version may add some. A type that is not known, or a version
 * above {@value #VERSION}, is refused: passing over an event would show another catalog than the one that was written.
 */
public final class CatalogEvents {
    /** The format that is written. */
    public static final int VERSION = 1;

    private static final String TOPIC_CREATED = "topic-created";
    private static final String TOPIC_DELETED = "topic-deleted";
    private static final String PARTITIONS_ADDED = "partitions-added";
    private static final String TOPIC_SETTINGS_CHANGED = "topic-settings-changed";
    private static final String BROKER_SETTINGS_CHANGED = "broker-settings-changed";
    private static final String GROUP_SETTINGS_CHANGED = "group-settings-changed";
    private static final String PRODUCER_IDS_RESERVED = "producer-ids-reserved";

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private CatalogEvents() {}

    /** The event as UTF-8 JSON; the same event gives the same bytes. */
    public static byte[] encode(CatalogEvent event) {
        ObjectNode json = JSON.createObjectNode();
        switch (event) {
            case CatalogEvent.TopicCreated(
                    String topic,
                    TopicId id,
                    int partitionCount,
                    Map<String, String> settings) -> {
                begin(json, TOPIC_CREATED);
                topic(json, topic, id).put("partitionCount", partitionCount);
                putAll(json.putObject("settings"), settings);
            }
            case CatalogEvent.TopicDeleted(String topic, TopicId id) -> {
                begin(json, TOPIC_DELETED);
                topic(json, topic, id);
            }
            case CatalogEvent.PartitionsAdded(String topic, TopicId id, int partitionCount) -> {
                begin(json, PARTITIONS_ADDED);
                topic(json, topic, id).put("partitionCount", partitionCount);
            }
            case CatalogEvent.TopicSettingsChanged changed -> {
                begin(json, TOPIC_SETTINGS_CHANGED);
                topic(json, changed.topic(), changed.topicId());
                putAll(json.putObject("changes"), changed.changes());
            }
            case CatalogEvent.BrokerSettingsChanged changed -> {
                begin(json, BROKER_SETTINGS_CHANGED);
                json.put("nodeId", changed.nodeId());
                putAll(json.putObject("changes"), changed.changes());
            }
            case CatalogEvent.GroupSettingsChanged changed -> {
                begin(json, GROUP_SETTINGS_CHANGED);
                json.put("groupId", changed.groupId());
                putAll(json.putObject("changes"), changed.changes());
            }
            case CatalogEvent.ProducerIdsReserved(long nextProducerId) -> {
                begin(json, PRODUCER_IDS_RESERVED);
                json.put("nextProducerId", nextProducerId);
            }
        }
        return JSON.writeValueAsBytes(json);
    }

    /**
     * Reads what {@link #encode} wrote, in this version or another.
     *
     * @throws UnreadableCatalogEventException if it is not JSON, lacks a field, or is of an unknown type or a newer version
     */
    public static CatalogEvent decode(byte[] record) {
        try {
            return decode(JSON.readTree(record));
        } catch (JacksonException | IllegalArgumentException e) {
            throw new UnreadableCatalogEventException("a record of the catalog is damaged: " + e.getMessage(), e);
        }
    }

    private static CatalogEvent decode(JsonNode json) {
        String type = text(json, "type");
        int version = json.required("version").intValue();
        if (version < 1 || version > VERSION) {
            throw new UnreadableCatalogEventException(
                    "a record of the catalog has format " + version + ", this version reads 1 to " + VERSION
                            + ": start the newer version that wrote it",
                    null);
        }
        return switch (type) {
            case TOPIC_CREATED ->
                new CatalogEvent.TopicCreated(text(json, "topic"), topicId(json), partitionCount(json), settings(json));
            case TOPIC_DELETED -> new CatalogEvent.TopicDeleted(text(json, "topic"), topicId(json));
            case PARTITIONS_ADDED ->
                new CatalogEvent.PartitionsAdded(text(json, "topic"), topicId(json), partitionCount(json));
            case TOPIC_SETTINGS_CHANGED ->
                new CatalogEvent.TopicSettingsChanged(text(json, "topic"), topicId(json), changes(json));
            case BROKER_SETTINGS_CHANGED -> new CatalogEvent.BrokerSettingsChanged(text(json, "nodeId"), changes(json));
            case GROUP_SETTINGS_CHANGED -> new CatalogEvent.GroupSettingsChanged(text(json, "groupId"), changes(json));
            case PRODUCER_IDS_RESERVED ->
                new CatalogEvent.ProducerIdsReserved(
                        json.required("nextProducerId").longValue());
            default ->
                throw new UnreadableCatalogEventException(
                        "a record of the catalog has the unknown type '" + type
                                + "': start the newer version that wrote it",
                        null);
        };
    }

    private static void begin(ObjectNode json, String type) {
        json.put("type", type).put("version", VERSION);
    }

    private static ObjectNode topic(ObjectNode json, String topic, TopicId id) {
        return json.put("topic", topic).put("topicId", id.toString());
    }

    private static void putAll(ObjectNode json, Map<String, ? extends @Nullable String> settings) {
        new TreeMap<String, @Nullable String>(settings).forEach(json::put);
    }

    private static String text(JsonNode json, String field) {
        return text(json.required(field));
    }

    /** Jackson reads a null as no text and an array as no fields; here both are damage. */
    private static String text(JsonNode value) {
        if (!value.isString()) {
            throw new IllegalArgumentException("not a text: " + value);
        }
        return value.stringValue();
    }

    private static JsonNode object(JsonNode json, String field) {
        JsonNode value = json.required(field);
        if (!value.isObject()) {
            throw new IllegalArgumentException(field + " is not an object: " + value);
        }
        return value;
    }

    private static TopicId topicId(JsonNode json) {
        return TopicId.parse(text(json, "topicId"));
    }

    private static int partitionCount(JsonNode json) {
        int count = json.required("partitionCount").intValue();
        if (count < 1) {
            throw new IllegalArgumentException("a topic has no " + count + " partitions");
        }
        return count;
    }

    private static Map<String, String> settings(JsonNode json) {
        Map<String, String> settings = new LinkedHashMap<>();
        object(json, "settings").forEachEntry((name, value) -> settings.put(name, text(value)));
        return settings;
    }

    private static Map<String, @Nullable String> changes(JsonNode json) {
        Map<String, @Nullable String> changes = new LinkedHashMap<>();
        object(json, "changes").forEachEntry((name, value) -> changes.put(name, value.isNull() ? null : text(value)));
        return changes;
    }
}
