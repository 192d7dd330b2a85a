package io.wellspring.topic;

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

import java.util.EnumMap;

/** What each topic setting does, in our words. A table; it never changes. Threads: any. */
final class TopicSettingTexts {
    private static final EnumMap<TopicSetting, String> TEXTS = new EnumMap<>(TopicSetting.class);

    static {
        add(
                CLEANUP_POLICY,
                "What happens to old records: 'delete' drops segments that are past the limits of time and size, "
                        + "'compact' keeps the newest record of each key, both may be named together, and an empty list "
                        + "keeps everything.");
        add(COMPRESSION_GZIP_LEVEL, "Level of gzip if compression.type is gzip: 1 to 9, or -1 for its default.");
        add(COMPRESSION_LZ4_LEVEL, "Level of LZ4 if compression.type is lz4: 1 to 17.");
        add(
                COMPRESSION_TYPE,
                "Codec of the batches as they are stored: 'producer' keeps what the producer chose, "
                        + "'uncompressed' stores plain records, a codec's name makes the broker recompress what came "
                        + "otherwise.");
        add(COMPRESSION_ZSTD_LEVEL, "Level of Zstandard if compression.type is zstd: -131072 to 22.");
        add(
                DELETE_RETENTION_MS,
                "How long a tombstone (a record without value) stays in a compacted topic, so that a reader that "
                        + "began at the start still sees the deletion.");
        add(
                ERRORS_DEADLETTERQUEUE_GROUP_ENABLE,
                "Whether share groups may write records they could not deliver to this topic.");
        add(FILE_DELETE_DELAY_MS, "How long the files of a dropped segment stay on disk before they are removed.");
        add(FLUSH_MESSAGES, "The log is forced to disk at the latest after this many records.");
        add(FLUSH_MS, "The log is forced to disk at the latest this long after a record was written.");
        add(
                FOLLOWER_REPLICATION_THROTTLED_REPLICAS,
                "Followers whose replication is throttled, as partition:broker, or '*' for all.");
        add(
                INDEX_INTERVAL_BYTES,
                "About one entry is written to the offset index per this many bytes of the log: fewer bytes make "
                        + "lookups land nearer and the index larger.");
        add(
                LEADER_REPLICATION_THROTTLED_REPLICAS,
                "Leaders whose replication is throttled, as partition:broker, or '*' for all.");
        add(
                LOCAL_RETENTION_BYTES,
                "With tiered storage: how many bytes of a partition stay on local disk; -2 means retention.bytes.");
        add(LOCAL_RETENTION_MS, "With tiered storage: how long segments stay on local disk; -2 means retention.ms.");
        add(MAX_COMPACTION_LAG_MS, "The longest time for which a record may escape compaction.");
        add(
                MAX_DECOMPRESSED_MESSAGE_BYTES,
                "The largest size to which one record may unpack wherever the broker has to decompress it.");
        add(MAX_MESSAGE_BYTES, "The largest batch of records, as it comes over the wire, that is accepted.");
        add(
                MESSAGE_TIMESTAMP_AFTER_MAX_MS,
                "How far a record's own timestamp may lie ahead of the broker's clock; heeded with CreateTime "
                        + "only.");
        add(
                MESSAGE_TIMESTAMP_BEFORE_MAX_MS,
                "How far a record's own timestamp may lie behind the broker's clock; heeded with CreateTime only.");
        add(
                MESSAGE_TIMESTAMP_TYPE,
                "Whose clock stamps a record: the producer's (CreateTime) or the broker's (LogAppendTime).");
        add(MIN_CLEANABLE_DIRTY_RATIO, "A log is compacted once this share of it has not been compacted yet.");
        add(MIN_COMPACTION_LAG_MS, "The shortest time for which a record is kept from compaction.");
        add(MIN_INSYNC_REPLICAS, "How many replicas must be in sync for a write with acks=all to be accepted.");
        add(PREALLOCATE, "Whether a new segment's file is given its full size when it is made.");
        add(
                REMOTE_COPY_LAG_BYTES,
                "With tiered storage: a closed segment is copied once this many bytes follow it; -1 means "
                        + "local.retention.bytes.");
        add(
                REMOTE_COPY_LAG_MS,
                "With tiered storage: a closed segment is copied this long after its newest record; -1 means "
                        + "local.retention.ms.");
        add(REMOTE_LOG_COPY_DISABLE, "With tiered storage: nothing new is copied, what was copied stays readable.");
        add(
                REMOTE_LOG_DELETE_ON_DISABLE,
                "With tiered storage: what was copied is deleted when tiered storage is turned off for the topic.");
        add(REMOTE_STORAGE_ENABLE, "Whether the topic uses tiered storage.");
        add(
                RETENTION_BYTES,
                "With cleanup.policy delete: the oldest segments of a partition go once it is larger than this; "
                        + "-1 sets no limit.");
        add(
                RETENTION_MS,
                "With cleanup.policy delete: a segment goes this long after its newest record; -1 sets no limit.");
        add(
                SEGMENT_BYTES,
                "The size at which a segment is closed and the next is begun; old records go whole segments at a "
                        + "time.");
        add(SEGMENT_INDEX_BYTES, "The size of an offset index at which its segment is closed.");
        add(
                SEGMENT_JITTER_MS,
                "The most that is taken off segment.ms at random, so that many partitions do not roll at one "
                        + "moment.");
        add(SEGMENT_MS, "A segment is closed this long after its first record even if it is not full.");
        add(
                UNCLEAN_LEADER_ELECTION_ENABLE,
                "Whether a replica that is not in sync may become leader at the price of lost records.");
    }

    private TopicSettingTexts() {}

    static String documentation(TopicSetting setting) {
        String text = TEXTS.get(setting);
        if (text == null) {
            throw new IllegalStateException("no text for " + setting);
        }
        return text;
    }

    private static void add(TopicSetting setting, String text) {
        TEXTS.put(setting, text);
    }
}
