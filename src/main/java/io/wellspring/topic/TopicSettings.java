package io.wellspring.topic;

import io.wellspring.log.LogSettings;
import io.wellspring.model.CompressionType;
import io.wellspring.model.SettingOrigin;
import io.wellspring.model.SettingSource;
import io.wellspring.model.TimestampType;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The topic settings of Kafka 4.4 as typed values: the topic's own over the broker's defaults. Immutable; values are read
 * once, when it is made. Threads: any.
 *
 * <p>An override that this version does not know or cannot read (an older or newer one wrote it) is kept and counts as not
 * set.
 */
public final class TopicSettings {
    /** Kafka's defaults. */
    public static final TopicSettings DEFAULTS = new TopicSettings(Map.of(), TopicDefaults.KAFKA);

    private final Map<String, String> overrides;
    private final TopicDefaults defaults;
    private final EnumMap<TopicSetting, Object> values = new EnumMap<>(TopicSetting.class);
    private final LogSettings logSettings;
    private final @Nullable CompressionType compression;
    private final TimestampType timestampType;

    private TopicSettings(Map<String, String> overrides, TopicDefaults defaults) {
        this.overrides = Map.copyOf(overrides);
        this.defaults = defaults;
        for (TopicSetting setting : TopicSetting.values()) {
            String own = overrides.get(setting.settingName());
            boolean counts = own != null && setting.problemWith(own) == null;
            values.put(setting, setting.parse(own != null && counts ? own : defaults.value(setting)));
        }
        logSettings = makeLogSettings(values);
        compression = makeCompression(values);
        timestampType = "LogAppendTime".equals(values.get(TopicSetting.MESSAGE_TIMESTAMP_TYPE))
                ? TimestampType.LOG_APPEND_TIME
                : TimestampType.CREATE_TIME;
    }

    /** These overrides over Kafka's defaults. */
    public static TopicSettings of(Map<String, String> overrides) {
        return new TopicSettings(overrides, TopicDefaults.KAFKA);
    }

    /** These overrides over a broker's defaults. */
    public static TopicSettings of(Map<String, String> overrides, TopicDefaults defaults) {
        return new TopicSettings(overrides, defaults);
    }

    /** These settings after changes: Kafka's names to new values; null takes a setting back to its default. */
    public TopicSettings with(Map<String, @Nullable String> changes) {
        return new TopicSettings(merge(overrides, changes), defaults);
    }

    /** The same overrides over other defaults. */
    public TopicSettings withDefaults(TopicDefaults newDefaults) {
        return new TopicSettings(overrides, newDefaults);
    }

    /** What was set on the topic itself: Kafka's names to values. */
    public Map<String, String> overrides() {
        return overrides;
    }

    /** The value as text, as DescribeConfigs shows it. */
    public String text(TopicSetting setting) {
        Object value = value(setting);
        return value instanceof List<?> list
                ? String.join(",", list.stream().map(Object::toString).toList())
                : value.toString();
    }

    /** Everything that gives the setting a value, the strongest first; empty: only Kafka's default, which no broker setting has. */
    public List<SettingOrigin> origins(TopicSetting setting) {
        List<SettingOrigin> weaker = defaults.origins(setting);
        String own = overrides.get(setting.settingName());
        if (own == null || setting.problemWith(own) != null) {
            return weaker;
        }
        List<SettingOrigin> origins = new ArrayList<>(weaker.size() + 1);
        origins.add(new SettingOrigin(setting.settingName(), text(setting), SettingSource.DYNAMIC_TOPIC));
        origins.addAll(weaker);
        return origins;
    }

    /** How the logs of the topic are kept. */
    public LogSettings logSettings() {
        return logSettings;
    }

    /** {@code message.timestamp.type}. */
    public TimestampType timestampType() {
        return timestampType;
    }

    /** {@code message.timestamp.before.max.ms}: how far behind the clock a record's own time may lie, ms. */
    public long timestampBeforeMaxMs() {
        return (Long) value(TopicSetting.MESSAGE_TIMESTAMP_BEFORE_MAX_MS);
    }

    /** {@code message.timestamp.after.max.ms}: how far ahead of the clock a record's own time may lie, ms. */
    public long timestampAfterMaxMs() {
        return (Long) value(TopicSetting.MESSAGE_TIMESTAMP_AFTER_MAX_MS);
    }

    /** {@code max.message.bytes}: the largest batch, its 12 bytes of overhead included. */
    public int maxMessageBytes() {
        return (Integer) value(TopicSetting.MAX_MESSAGE_BYTES);
    }

    /** {@code max.decompressed.message.bytes}: the largest size of one record after decompression. */
    public int maxDecompressedBytes() {
        return (Integer) value(TopicSetting.MAX_DECOMPRESSED_MESSAGE_BYTES);
    }

    /** The codec in which batches are stored; null: as the producer sent them. */
    public @Nullable CompressionType compression() {
        return compression;
    }

    /** The level for a codec that recompresses; -1 for gzip means its own choice, 0 where the codec has no levels. */
    public int compressionLevel(CompressionType codec) {
        return switch (codec) {
            case GZIP -> (Integer) value(TopicSetting.COMPRESSION_GZIP_LEVEL);
            case LZ4 -> (Integer) value(TopicSetting.COMPRESSION_LZ4_LEVEL);
            case ZSTD -> (Integer) value(TopicSetting.COMPRESSION_ZSTD_LEVEL);
            case NONE, SNAPPY -> 0;
        };
    }

    /** {@code min.insync.replicas}. */
    public int minInsyncReplicas() {
        return (Integer) value(TopicSetting.MIN_INSYNC_REPLICAS);
    }

    /** True if {@code cleanup.policy} names compaction: records must have keys then. */
    public boolean isCompacted() {
        return logSettings.compacts();
    }

    /** {@code min.compaction.lag.ms}. */
    public long minCompactionLagMs() {
        return (Long) value(TopicSetting.MIN_COMPACTION_LAG_MS);
    }

    /** {@code max.compaction.lag.ms}. */
    public long maxCompactionLagMs() {
        return (Long) value(TopicSetting.MAX_COMPACTION_LAG_MS);
    }

    /** {@code delete.retention.ms}: how long tombstones stay, ms. */
    public long deleteRetentionMs() {
        return (Long) value(TopicSetting.DELETE_RETENTION_MS);
    }

    /** {@code min.cleanable.dirty.ratio}, 0 to 1. */
    public double minCleanableDirtyRatio() {
        return (Double) value(TopicSetting.MIN_CLEANABLE_DIRTY_RATIO);
    }

    Object value(TopicSetting setting) {
        return valueIn(values, setting);
    }

    /** {@code changes} over {@code settings}; null takes away. */
    static Map<String, String> merge(Map<String, String> settings, Map<String, @Nullable String> changes) {
        Map<String, String> merged = new TreeMap<>(settings);
        for (Map.Entry<String, @Nullable String> change : changes.entrySet()) {
            String value = change.getValue();
            if (value == null) {
                merged.remove(change.getKey());
            } else {
                merged.put(change.getKey(), value);
            }
        }
        return merged;
    }

    private static Object valueIn(EnumMap<TopicSetting, Object> values, TopicSetting setting) {
        Object value = values.get(setting);
        if (value == null) {
            throw new IllegalStateException("no value for " + setting);
        }
        return value;
    }

    private static LogSettings makeLogSettings(EnumMap<TopicSetting, Object> values) {
        List<?> policy = (List<?>) valueIn(values, TopicSetting.CLEANUP_POLICY);
        boolean compacts = policy.contains("compact");
        long segmentMs = (Long) valueIn(values, TopicSetting.SEGMENT_MS);
        // As in Kafka: a record in the active segment cannot be compacted, so that segment must end in time.
        long rollMs =
                compacts ? Math.min(segmentMs, (Long) valueIn(values, TopicSetting.MAX_COMPACTION_LAG_MS)) : segmentMs;
        return new LogSettings(
                (Integer) valueIn(values, TopicSetting.SEGMENT_BYTES),
                rollMs,
                (Long) valueIn(values, TopicSetting.SEGMENT_JITTER_MS),
                (Integer) valueIn(values, TopicSetting.SEGMENT_INDEX_BYTES),
                (Integer) valueIn(values, TopicSetting.INDEX_INTERVAL_BYTES),
                (Long) valueIn(values, TopicSetting.RETENTION_BYTES),
                (Long) valueIn(values, TopicSetting.RETENTION_MS),
                (Long) valueIn(values, TopicSetting.FILE_DELETE_DELAY_MS),
                (Long) valueIn(values, TopicSetting.FLUSH_MESSAGES),
                (Long) valueIn(values, TopicSetting.FLUSH_MS),
                policy.contains("delete"),
                compacts,
                (Boolean) valueIn(values, TopicSetting.PREALLOCATE));
    }

    private static @Nullable CompressionType makeCompression(EnumMap<TopicSetting, Object> values) {
        String type = (String) valueIn(values, TopicSetting.COMPRESSION_TYPE);
        if (type.equals("uncompressed")) {
            return CompressionType.NONE;
        }
        for (CompressionType codec : CompressionType.values()) {
            if (codec.label().equals(type)) {
                return codec;
            }
        }
        return null;
    }
}
