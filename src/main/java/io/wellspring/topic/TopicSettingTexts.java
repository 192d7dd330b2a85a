package io.wellspring.topic;

/** What each topic setting does, in our words. Pure. */
final class TopicSettingTexts {
    private TopicSettingTexts() {}

    static String documentation(TopicSetting setting) {
        return switch (setting) {
            case CLEANUP_POLICY ->
                "What happens to old records: 'delete' drops segments that are past the limits of time and size,"
                        + " 'compact' keeps the newest record of each key, both may be named together, and an empty"
                        + " list keeps everything.";
            case COMPRESSION_GZIP_LEVEL -> "Level of gzip if compression.type is gzip: 1 to 9, or -1 for its default.";
            case COMPRESSION_LZ4_LEVEL -> "Level of LZ4 if compression.type is lz4: 1 to 17.";
            case COMPRESSION_TYPE ->
                "Codec of the batches as they are stored: 'producer' keeps what the producer chose, 'uncompressed'"
                        + " stores plain records, a codec's name makes the broker recompress what came otherwise.";
            case COMPRESSION_ZSTD_LEVEL -> "Level of Zstandard if compression.type is zstd: -131072 to 22.";
            case DELETE_RETENTION_MS ->
                "How long a tombstone (a record without value) stays in a compacted topic, so that a reader that"
                        + " began at the start still sees the deletion.";
            case ERRORS_DEADLETTERQUEUE_GROUP_ENABLE ->
                "Whether share groups may write records they could not deliver to this topic.";
            case FILE_DELETE_DELAY_MS ->
                "How long the files of a dropped segment stay on disk before they are removed.";
            case FLUSH_MESSAGES -> "The log is forced to disk at the latest after this many records.";
            case FLUSH_MS -> "The log is forced to disk at the latest this long after a record was written.";
            case FOLLOWER_REPLICATION_THROTTLED_REPLICAS ->
                "Followers whose replication is throttled, as partition:broker, or '*' for all.";
            case INDEX_INTERVAL_BYTES ->
                "About one entry is written to the offset index per this many bytes of the log: fewer bytes make"
                        + " lookups land nearer and the index larger.";
            case LEADER_REPLICATION_THROTTLED_REPLICAS ->
                "Leaders whose replication is throttled, as partition:broker, or '*' for all.";
            case LOCAL_RETENTION_BYTES ->
                "With tiered storage: how many bytes of a partition stay on local disk; -2 means retention.bytes.";
            case LOCAL_RETENTION_MS ->
                "With tiered storage: how long segments stay on local disk; -2 means retention.ms.";
            case MAX_COMPACTION_LAG_MS -> "The longest time for which a record may escape compaction.";
            case MAX_DECOMPRESSED_MESSAGE_BYTES ->
                "The largest size to which one record may unpack wherever the broker has to decompress it.";
            case MAX_MESSAGE_BYTES -> "The largest batch of records, as it comes over the wire, that is accepted.";
            case MESSAGE_TIMESTAMP_AFTER_MAX_MS ->
                "How far a record's own timestamp may lie ahead of the broker's clock; heeded with CreateTime only.";
            case MESSAGE_TIMESTAMP_BEFORE_MAX_MS ->
                "How far a record's own timestamp may lie behind the broker's clock; heeded with CreateTime only.";
            case MESSAGE_TIMESTAMP_TYPE ->
                "Whose clock stamps a record: the producer's (CreateTime) or the broker's (LogAppendTime).";
            case MIN_CLEANABLE_DIRTY_RATIO -> "A log is compacted once this share of it has not been compacted yet.";
            case MIN_COMPACTION_LAG_MS -> "The shortest time for which a record is kept from compaction.";
            case MIN_INSYNC_REPLICAS -> "How many replicas must be in sync for a write with acks=all to be accepted.";
            case PREALLOCATE -> "Whether a new segment's file is given its full size when it is made.";
            case REMOTE_COPY_LAG_BYTES ->
                "With tiered storage: a closed segment is copied once this many bytes follow it; -1 means"
                        + " local.retention.bytes.";
            case REMOTE_COPY_LAG_MS ->
                "With tiered storage: a closed segment is copied this long after its newest record; -1 means"
                        + " local.retention.ms.";
            case REMOTE_LOG_COPY_DISABLE ->
                "With tiered storage: nothing new is copied, what was copied stays readable.";
            case REMOTE_LOG_DELETE_ON_DISABLE ->
                "With tiered storage: what was copied is deleted when tiered storage is turned off for the topic.";
            case REMOTE_STORAGE_ENABLE -> "Whether the topic uses tiered storage.";
            case RETENTION_BYTES ->
                "With cleanup.policy delete: the oldest segments of a partition go once it is larger than this;"
                        + " -1 sets no limit.";
            case RETENTION_MS ->
                "With cleanup.policy delete: a segment goes this long after its newest record; -1 sets no limit.";
            case SEGMENT_BYTES ->
                "The size at which a segment is closed and the next is begun; old records go whole segments at a time.";
            case SEGMENT_INDEX_BYTES -> "The size of an offset index at which its segment is closed.";
            case SEGMENT_JITTER_MS ->
                "The most that is taken off segment.ms at random, so that many partitions do not roll at one moment.";
            case SEGMENT_MS -> "A segment is closed this long after its first record even if it is not full.";
            case UNCLEAN_LEADER_ELECTION_ENABLE ->
                "Whether a replica that is not in sync may become leader at the price of lost records.";
        };
    }
}
