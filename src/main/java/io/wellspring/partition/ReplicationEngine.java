package io.wellspring.partition;

import java.util.concurrent.CompletionStage;

/**
 * Brings appends into a shard's order and commits them: the seam behind which one broker and a cluster look alike.
 * {@link LocalEngine} is the engine of a single broker. An engine drives a {@link ShardStore} per shard and promises: an append is
 * answered with success only after its entry was committed, refusals leave no trace in the log, and what was committed is never
 * truncated. Threads: any; nothing here blocks.
 */
public interface ReplicationEngine extends AutoCloseable {
    /**
     * Puts an append into the shard's queue, or refuses at once (not the leader, queue full).
     *
     * @param acks Kafka's: 0, 1 or -1 (all). Every engine here answers when the entry is committed: an acknowledgement that a change of
     *     leader can take back is worth nothing (KAFKA-20554)
     * @return the append's {@link PartitionAppend#answer}
     */
    CompletionStage<AppendOutcome> append(ShardId shard, PartitionAppend append, short acks);

    ShardState state(ShardId shard);

    /** Completes when everything that was queued before is committed or refused: a linearizable point to read at. */
    CompletionStage<Void> barrier(ShardId shard);

    /**
     * Runs a command on the shard's thread, after everything that was queued before.
     *
     * @return fails with the command's exception; with {@link java.util.concurrent.RejectedExecutionException} at once if the queue is
     *     full or closed
     */
    <T> CompletionStage<T> execute(ShardId shard, ShardCommand<T> command);

    void subscribe(ShardListener listener);

    /** Takes nothing new, finishes what is queued, and ends its threads. */
    @Override
    void close();
}
