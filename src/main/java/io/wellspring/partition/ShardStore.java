package io.wellspring.partition;

import io.wellspring.model.TopicPartition;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The partitions of one shard, as an engine drives them, in log order: <b>assign → write → flush → commit</b>. An index counts a
 * shard's entries from 1 without holes.
 *
 * <p>A disk that fails concerns single partitions: their appends get a refusal, the others of the entry go on. Exceptions are bugs
 * and the engine stops the shard then.
 *
 * <p>Threads: the shard's owner, {@code wellspring-log-N}. An engine with threads of its own hands over to it, because an interrupt
 * would close a file channel.
 */
public interface ShardStore {
    /**
     * Leader: decides each append of the entry by the producers' state, and writes base offsets and the leader epoch into the batches
     * in place. What is refused here will not be written.
     */
    void assign(ShardEntry entry, int epoch);

    /** Appends the entry's batches to the logs, one gathering write per partition. Gives the entry its index. */
    void write(long index, ShardEntry entry);

    /**
     * An entry that was written but not committed, to be sent once more.
     *
     * @return null: committed and gone, its records are in the logs
     */
    @Nullable
    ShardEntry read(long index);

    /** Makes everything up to the index as durable as the flush policy asks. */
    void flush(long index);

    /**
     * Takes back entries that were written but not committed, from this index on; their appends are refused, logs and producers' state
     * are as before them.
     */
    void truncateFrom(long index);

    /**
     * Commits everything up to the index; the high watermark moves here and nowhere else.
     *
     * @return the partitions whose high watermark moved
     */
    List<HighWatermark> commit(long index, int epoch);

    /** Leads from now on: what lies beyond the high watermarks is cut, new batches get the epoch. */
    void becomeLeader(int epoch);

    /** Leads no longer. What is assigned and not written is forgotten. */
    void resign();

    /** Makes everything written durable and says how far everything is committed. */
    Checkpoint checkpoint();

    /** The end of what is committed. */
    record HighWatermark(TopicPartition partition, long offset) {}

    /**
     * @param index the last committed entry
     */
    record Checkpoint(long index, List<HighWatermark> highWatermarks) {}
}
