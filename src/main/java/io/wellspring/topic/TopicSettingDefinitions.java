package io.wellspring.topic;

import static io.wellspring.model.SettingType.BOOLEAN;
import static io.wellspring.model.SettingType.DOUBLE;
import static io.wellspring.model.SettingType.INT;
import static io.wellspring.model.SettingType.LIST;
import static io.wellspring.model.SettingType.LONG;
import static io.wellspring.model.SettingType.STRING;
import static io.wellspring.topic.SettingRule.ANY;
import static io.wellspring.topic.SettingRule.GZIP_LEVEL;
import static io.wellspring.topic.SettingRule.REPLICAS;
import static io.wellspring.topic.SettingRule.atLeast;
import static io.wellspring.topic.SettingRule.between;
import static io.wellspring.topic.SettingRule.oneOf;
import static io.wellspring.topic.SettingRule.someOf;
import static io.wellspring.topic.TopicSetting.CLEANUP_POLICY;
import static io.wellspring.topic.TopicSetting.COMPRESSION_GZIP_LEVEL;
import static io.wellspring.topic.TopicSetting.COMPRESSION_LZ4_LEVEL;
import static io.wellspring.topic.TopicSetting.COMPRESSION_TYPE;
import static io.wellspring.topic.TopicSetting.COMPRESSION_ZSTD_LEVEL;
import static io.wellspring.topic.TopicSetting.DELETE_RETENTION_MS;
import static io.wellspring.topic.TopicSetting.ERRORS_DEADLETTERQUEUE_GROUP_ENABLE;
import static io.wellspring.topic.TopicSetting.FILE_DELETE_DELAY_MS;
import static io.wellspring.topic.TopicSetting.FLUSH_MESSAGES;
import static io.wellspring.topic.TopicSetting.FLUSH_MS;
import static io.wellspring.topic.TopicSetting.FOLLOWER_REPLICATION_THROTTLED_REPLICAS;
import static io.wellspring.topic.TopicSetting.INDEX_INTERVAL_BYTES;
import static io.wellspring.topic.TopicSetting.LEADER_REPLICATION_THROTTLED_REPLICAS;
import static io.wellspring.topic.TopicSetting.LOCAL_RETENTION_BYTES;
import static io.wellspring.topic.TopicSetting.LOCAL_RETENTION_MS;
import static io.wellspring.topic.TopicSetting.MAX_COMPACTION_LAG_MS;
import static io.wellspring.topic.TopicSetting.MAX_DECOMPRESSED_MESSAGE_BYTES;
import static io.wellspring.topic.TopicSetting.MAX_MESSAGE_BYTES;
import static io.wellspring.topic.TopicSetting.MESSAGE_TIMESTAMP_AFTER_MAX_MS;
import static io.wellspring.topic.TopicSetting.MESSAGE_TIMESTAMP_BEFORE_MAX_MS;
import static io.wellspring.topic.TopicSetting.MESSAGE_TIMESTAMP_TYPE;
import static io.wellspring.topic.TopicSetting.MIN_CLEANABLE_DIRTY_RATIO;
import static io.wellspring.topic.TopicSetting.MIN_COMPACTION_LAG_MS;
import static io.wellspring.topic.TopicSetting.MIN_INSYNC_REPLICAS;
import static io.wellspring.topic.TopicSetting.PREALLOCATE;
import static io.wellspring.topic.TopicSetting.REMOTE_COPY_LAG_BYTES;
import static io.wellspring.topic.TopicSetting.REMOTE_COPY_LAG_MS;
import static io.wellspring.topic.TopicSetting.REMOTE_LOG_COPY_DISABLE;
import static io.wellspring.topic.TopicSetting.REMOTE_LOG_DELETE_ON_DISABLE;
import static io.wellspring.topic.TopicSetting.REMOTE_STORAGE_ENABLE;
import static io.wellspring.topic.TopicSetting.RETENTION_BYTES;
import static io.wellspring.topic.TopicSetting.RETENTION_MS;
import static io.wellspring.topic.TopicSetting.SEGMENT_BYTES;
import static io.wellspring.topic.TopicSetting.SEGMENT_INDEX_BYTES;
import static io.wellspring.topic.TopicSetting.SEGMENT_JITTER_MS;
import static io.wellspring.topic.TopicSetting.SEGMENT_MS;
import static io.wellspring.topic.TopicSetting.UNCLEAN_LEADER_ELECTION_ENABLE;

import io.wellspring.model.SettingType;
import io.wellspring.topic.TopicSetting.Synonym;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Names, types, defaults and ranges of the topic settings of Kafka 4.4, and the broker settings that stand behind them.
 * A table; it never changes. Threads: any.
 */
final class TopicSettingDefinitions {
    /** One line of the table; {@code defaultValue} is text. */
    record Definition(
            TopicSetting setting,
            String settingName,
            SettingType type,
            String defaultValue,
            SettingRule rule,
            List<Synonym> synonyms) {}

    private static final EnumMap<TopicSetting, Definition> DEFINITIONS = new EnumMap<>(TopicSetting.class);

    static {
        define(CLEANUP_POLICY, "cleanup.policy", LIST, "delete", someOf("compact", "delete"), "log.cleanup.policy");
        define(COMPRESSION_GZIP_LEVEL, "compression.gzip.level", INT, "-1", GZIP_LEVEL, "compression.gzip.level");
        define(COMPRESSION_LZ4_LEVEL, "compression.lz4.level", INT, "9", between(1, 17), "compression.lz4.level");
        define(
                COMPRESSION_TYPE,
                "compression.type",
                STRING,
                "producer",
                oneOf("uncompressed", "zstd", "lz4", "snappy", "gzip", "producer"),
                "compression.type");
        define(
                COMPRESSION_ZSTD_LEVEL,
                "compression.zstd.level",
                INT,
                "3",
                between(-131_072, 22),
                "compression.zstd.level");
        define(
                DELETE_RETENTION_MS,
                "delete.retention.ms",
                LONG,
                "86400000",
                atLeast(0),
                "log.cleaner.delete.retention.ms");
        define(ERRORS_DEADLETTERQUEUE_GROUP_ENABLE, "errors.deadletterqueue.group.enable", BOOLEAN, "false", ANY);
        define(FILE_DELETE_DELAY_MS, "file.delete.delay.ms", LONG, "60000", atLeast(0), "log.segment.delete.delay.ms");
        define(
                FLUSH_MESSAGES,
                "flush.messages",
                LONG,
                "9223372036854775807",
                atLeast(1),
                "log.flush.interval.messages");
        define(
                FLUSH_MS,
                "flush.ms",
                LONG,
                "9223372036854775807",
                atLeast(0),
                new Synonym("log.flush.interval.ms", 1, null),
                new Synonym("log.flush.scheduler.interval.ms", 1, "9223372036854775807"));
        define(FOLLOWER_REPLICATION_THROTTLED_REPLICAS, "follower.replication.throttled.replicas", LIST, "", REPLICAS);
        define(INDEX_INTERVAL_BYTES, "index.interval.bytes", INT, "4096", atLeast(0), "log.index.interval.bytes");
        define(LEADER_REPLICATION_THROTTLED_REPLICAS, "leader.replication.throttled.replicas", LIST, "", REPLICAS);
        define(LOCAL_RETENTION_BYTES, "local.retention.bytes", LONG, "-2", atLeast(-2), "log.local.retention.bytes");
        define(LOCAL_RETENTION_MS, "local.retention.ms", LONG, "-2", atLeast(-2), "log.local.retention.ms");
        define(
                MAX_COMPACTION_LAG_MS,
                "max.compaction.lag.ms",
                LONG,
                "9223372036854775807",
                atLeast(1),
                "log.cleaner.max.compaction.lag.ms");
        define(
                MAX_DECOMPRESSED_MESSAGE_BYTES,
                "max.decompressed.message.bytes",
                INT,
                "2147483639",
                between(1, 2_147_483_639),
                "max.decompressed.message.bytes");
        define(MAX_MESSAGE_BYTES, "max.message.bytes", INT, "1048588", atLeast(0), "message.max.bytes");
        define(
                MESSAGE_TIMESTAMP_AFTER_MAX_MS,
                "message.timestamp.after.max.ms",
                LONG,
                "3600000",
                atLeast(0),
                "log.message.timestamp.after.max.ms");
        define(
                MESSAGE_TIMESTAMP_BEFORE_MAX_MS,
                "message.timestamp.before.max.ms",
                LONG,
                "9223372036854775807",
                atLeast(0),
                "log.message.timestamp.before.max.ms");
        define(
                MESSAGE_TIMESTAMP_TYPE,
                "message.timestamp.type",
                STRING,
                "CreateTime",
                oneOf("CreateTime", "LogAppendTime"),
                "log.message.timestamp.type");
        define(
                MIN_CLEANABLE_DIRTY_RATIO,
                "min.cleanable.dirty.ratio",
                DOUBLE,
                "0.5",
                between(0, 1, "0", "1"),
                "log.cleaner.min.cleanable.ratio");
        define(
                MIN_COMPACTION_LAG_MS,
                "min.compaction.lag.ms",
                LONG,
                "0",
                atLeast(0),
                "log.cleaner.min.compaction.lag.ms");
        define(MIN_INSYNC_REPLICAS, "min.insync.replicas", INT, "1", atLeast(1), "min.insync.replicas");
        define(PREALLOCATE, "preallocate", BOOLEAN, "false", ANY, "log.preallocate");
        define(REMOTE_COPY_LAG_BYTES, "remote.copy.lag.bytes", LONG, "-1", atLeast(-1), "log.remote.copy.lag.bytes");
        define(REMOTE_COPY_LAG_MS, "remote.copy.lag.ms", LONG, "0", atLeast(-1), "log.remote.copy.lag.ms");
        define(REMOTE_LOG_COPY_DISABLE, "remote.log.copy.disable", BOOLEAN, "false", ANY);
        define(REMOTE_LOG_DELETE_ON_DISABLE, "remote.log.delete.on.disable", BOOLEAN, "false", ANY);
        define(REMOTE_STORAGE_ENABLE, "remote.storage.enable", BOOLEAN, "false", ANY);
        define(RETENTION_BYTES, "retention.bytes", LONG, "-1", ANY, "log.retention.bytes");
        define(
                RETENTION_MS,
                "retention.ms",
                LONG,
                "604800000",
                atLeast(-1),
                new Synonym("log.retention.ms", 1, null),
                new Synonym("log.retention.minutes", 60_000, null),
                new Synonym("log.retention.hours", 3_600_000, "168"));
        define(SEGMENT_BYTES, "segment.bytes", INT, "1073741824", atLeast(1_048_576), "log.segment.bytes");
        define(SEGMENT_INDEX_BYTES, "segment.index.bytes", INT, "10485760", atLeast(4), "log.index.size.max.bytes");
        define(
                SEGMENT_JITTER_MS,
                "segment.jitter.ms",
                LONG,
                "0",
                atLeast(0),
                new Synonym("log.roll.jitter.ms", 1, null),
                new Synonym("log.roll.jitter.hours", 3_600_000, "0"));
        define(
                SEGMENT_MS,
                "segment.ms",
                LONG,
                "604800000",
                atLeast(1),
                new Synonym("log.roll.ms", 1, null),
                new Synonym("log.roll.hours", 3_600_000, "168"));
        define(
                UNCLEAN_LEADER_ELECTION_ENABLE,
                "unclean.leader.election.enable",
                BOOLEAN,
                "false",
                ANY,
                "unclean.leader.election.enable");
    }

    static final Map<String, TopicSetting> BY_NAME = DEFINITIONS.values().stream()
            .collect(Collectors.toUnmodifiableMap(Definition::settingName, Definition::setting));
    static final Map<String, TopicSetting> BY_BROKER_NAME = DEFINITIONS.values().stream()
            .filter(definition -> !definition.synonyms().isEmpty())
            .collect(Collectors.toUnmodifiableMap(
                    definition -> definition.synonyms().getFirst().name(), Definition::setting));

    private TopicSettingDefinitions() {}

    static Definition of(TopicSetting setting) {
        Definition definition = DEFINITIONS.get(setting);
        if (definition == null) {
            throw new IllegalStateException("no definition of " + setting);
        }
        return definition;
    }

    private static void define(
            TopicSetting setting, String name, SettingType type, String value, SettingRule rule, String synonym) {
        define(setting, name, type, value, rule, new Synonym(synonym, 1, value));
    }

    private static void define(
            TopicSetting setting, String name, SettingType type, String value, SettingRule rule, Synonym... synonyms) {
        DEFINITIONS.put(setting, new Definition(setting, name, type, value, rule, List.of(synonyms)));
    }
}
