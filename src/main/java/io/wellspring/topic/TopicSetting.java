package io.wellspring.topic;

import io.wellspring.model.SettingType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The topic settings of Kafka 4.4. Their types, defaults and ranges are in {@link TopicSettingDefinitions}, what each means
 * is in {@link TopicSettingTexts}, which of them this broker heeds in {@code docs/topic-settings.md}. Threads: any.
 */
public enum TopicSetting implements SettingDefinition {
    CLEANUP_POLICY,
    COMPRESSION_GZIP_LEVEL,
    COMPRESSION_LZ4_LEVEL,
    COMPRESSION_TYPE,
    COMPRESSION_ZSTD_LEVEL,
    DELETE_RETENTION_MS,
    ERRORS_DEADLETTERQUEUE_GROUP_ENABLE,
    FILE_DELETE_DELAY_MS,
    FLUSH_MESSAGES,
    FLUSH_MS,
    FOLLOWER_REPLICATION_THROTTLED_REPLICAS,
    INDEX_INTERVAL_BYTES,
    LEADER_REPLICATION_THROTTLED_REPLICAS,
    LOCAL_RETENTION_BYTES,
    LOCAL_RETENTION_MS,
    MAX_COMPACTION_LAG_MS,
    MAX_DECOMPRESSED_MESSAGE_BYTES,
    MAX_MESSAGE_BYTES,
    MESSAGE_TIMESTAMP_AFTER_MAX_MS,
    MESSAGE_TIMESTAMP_BEFORE_MAX_MS,
    MESSAGE_TIMESTAMP_TYPE,
    MIN_CLEANABLE_DIRTY_RATIO,
    MIN_COMPACTION_LAG_MS,
    MIN_INSYNC_REPLICAS,
    PREALLOCATE,
    REMOTE_COPY_LAG_BYTES,
    REMOTE_COPY_LAG_MS,
    REMOTE_LOG_COPY_DISABLE,
    REMOTE_LOG_DELETE_ON_DISABLE,
    REMOTE_STORAGE_ENABLE,
    RETENTION_BYTES,
    RETENTION_MS,
    SEGMENT_BYTES,
    SEGMENT_INDEX_BYTES,
    SEGMENT_JITTER_MS,
    SEGMENT_MS,
    UNCLEAN_LEADER_ELECTION_ENABLE;

    /**
     * A broker setting that gives a topic setting its default.
     *
     * @param name Kafka's name of the broker setting
     * @param unit one of its units in units of the topic setting: 3600000 for hours against milliseconds
     * @param defaultValue its own default; null if it is unset by default, and a weaker synonym counts
     */
    public record Synonym(String name, long unit, @Nullable String defaultValue) {}

    /** The setting of this name, null if there is none. */
    public static @Nullable TopicSetting find(String settingName) {
        return TopicSettingDefinitions.BY_NAME.get(settingName);
    }

    /** The setting whose default this broker setting is, by its first name ({@code log.retention.ms}), null if there is none. */
    public static @Nullable TopicSetting findByBrokerName(String brokerName) {
        return TopicSettingDefinitions.BY_BROKER_NAME.get(brokerName);
    }

    /** Kafka's name, such as {@code retention.ms}. */
    public String settingName() {
        return definition().settingName();
    }

    @Override
    public SettingType type() {
        return definition().type();
    }

    /** The default as text. */
    @Override
    public String defaultValue() {
        return definition().defaultValue();
    }

    /** The broker settings behind it, the strongest first; the first of them can be changed while running. May be empty. */
    public List<Synonym> synonyms() {
        return definition().synonyms();
    }

    /** What the setting does, in a sentence or two. */
    public String documentation() {
        return TopicSettingTexts.documentation(this);
    }

    /** What is wrong with a value, as a message for the client; null if nothing is. */
    public @Nullable String problemWith(String text) {
        return problemWith(settingName(), text);
    }

    /** As {@link #problemWith(String)} under the name of a broker setting. */
    @Nullable
    String problemWith(String name, String text) {
        try {
            return definition().rule().problemWith(name, type().parse(text));
        } catch (IllegalArgumentException e) {
            return SettingRule.invalid(name, text, String.valueOf(e.getMessage()));
        }
    }

    /** The value of a text in which {@link #problemWith} finds nothing. */
    Object parse(String text) {
        return type().parse(text);
    }

    private TopicSettingDefinitions.Definition definition() {
        return TopicSettingDefinitions.of(this);
    }
}
