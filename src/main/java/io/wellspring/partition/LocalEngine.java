package io.wellspring.partition;

import io.wellspring.model.NodeId;
import io.wellspring.support.RoleThreads;
import io.wellspring.support.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The engine of a single broker: it leads every shard, and an entry is committed once its own disk has it. Each shard has one
 * thread, {@code wellspring-log-N}, which takes everything that waits as one group: assign, write, one round of fsyncs, commit, answer.
 *
 * <p>The leader epoch is given at start and stays for the life of the process: larger than any epoch before, so that a reader
 * notices when a crash has taken back what it has read under a lazy flush policy (KIP-320).
 *
 * <p>Threads: any; the shards' own do the work, and nobody interrupts them.
 */
final class LocalEngine implements ReplicationEngine {
    private static final Logger LOG = LoggerFactory.getLogger(LocalEngine.class);
    private static final Duration CLOSE_AT_MOST = Duration.ofSeconds(20);

    private final NodeId self;
    private final Ticker ticker;
    private final PartitionMetrics metrics;
    private final List<Shard> shards = new ArrayList<>();
    private final List<ShardListener> listeners = new CopyOnWriteArrayList<>();

    /** Threads run from now on; nobody leads before {@link #lead}. */
    LocalEngine(
            List<? extends ShardStore> stores,
            QueueLimits limits,
            NodeId self,
            Ticker ticker,
            PartitionMetrics metrics) {
        this.self = self;
        this.ticker = ticker;
        this.metrics = metrics;
        ThreadFactory threads = new RoleThreads("log");
        for (ShardStore store : stores) {
            Shard shard = new Shard(new ShardId(shards.size()), store, limits);
            shards.add(shard);
            shard.start(threads);
        }
    }

    /** Bounds of one shard's queue; what the owner has taken off counts no more, so memory is bound by twice as much. */
    record QueueLimits(int maxCount, long maxBytes) {}

    /** Leads all shards in this epoch. Completes when they are ready. */
    CompletionStage<Void> lead(int epoch) {
        CompletableFuture<?>[] ready = new CompletableFuture<?>[shards.size()];
        for (int i = 0; i < ready.length; i++) {
            Shard shard = shards.get(i);
            ready[i] = execute(shard.id, () -> {
                        shard.lead(epoch);
                        return epoch;
                    })
                    .toCompletableFuture();
        }
        return CompletableFuture.allOf(ready);
    }

    @Override
    public CompletionStage<AppendOutcome> append(ShardId id, PartitionAppend append, short acks) {
        Shard shard = shards.get(id.number());
        if (!shard.state.isLeader()) {
            refuse(append, AppendRefusal.NOT_LEADER, "this broker does not lead " + id);
        } else {
            append.queuedAt(ticker.nanos());
            if (!shard.queue.offer(append)) {
                refuse(append, AppendRefusal.QUEUE_FULL, "too much waits to be written, or the broker is stopping");
            }
        }
        return append.answer();
    }

    private void refuse(PartitionAppend append, AppendRefusal reason, String message) {
        append.refuse(reason, message);
        append.complete();
        metrics.refused(reason);
    }

    @Override
    public ShardState state(ShardId id) {
        return shards.get(id.number()).state;
    }

    @Override
    public CompletionStage<Void> barrier(ShardId id) {
        return execute(id, () -> id).thenAccept(reached -> {});
    }

    @Override
    public <T> CompletionStage<T> execute(ShardId id, ShardCommand<T> command) {
        CompletableFuture<T> result = new CompletableFuture<>();
        if (!shards.get(id.number()).queue.offer(new ShardQueue.Command<>(command, result))) {
            result.completeExceptionally(new RejectedExecutionException("the queue of " + id + " is full or closed"));
        }
        return result;
    }

    @Override
    public void subscribe(ShardListener listener) {
        listeners.add(listener);
    }

    /** False: an owner is still at work after {@link #close}, on a disk that does not answer. */
    boolean hasEnded() {
        return shards.stream().noneMatch(shard -> shard.owner.isAlive());
    }

    @Override
    public void close() {
        for (Shard shard : shards) {
            shard.queue.close();
        }
        long endNanos = ticker.nanos() + CLOSE_AT_MOST.toNanos();
        for (Shard shard : shards) {
            shard.awaitEnd(Duration.ofNanos(endNanos - ticker.nanos()));
        }
    }

    /** One shard and its thread. */
    private final class Shard {
        private final ShardId id;
        private final ShardStore store;
        private final ShardQueue queue;
        private final String stopped;
        private volatile ShardState state = ShardState.UNKNOWN;
        private volatile Thread owner = Thread.currentThread();
        private long index;

        Shard(ShardId id, ShardStore store, QueueLimits limits) {
            this.id = id;
            this.store = store;
            this.stopped = id + " has stopped after a fault";
            this.queue = new ShardQueue(limits.maxCount(), limits.maxBytes());
        }

        void start(ThreadFactory threads) {
            Thread thread = threads.newThread(this::run);
            owner = thread;
            thread.start();
        }

        void lead(int epoch) {
            store.becomeLeader(epoch);
            state = new ShardState(ShardState.Role.LEADER, self, epoch, true, 1);
            for (ShardListener listener : listeners) {
                listener.becameLeader(id, epoch);
            }
        }

        private void run() {
            List<ShardQueue.Work> group = new ArrayList<>();
            while (queue.take(group)) {
                metrics.queued(id.number(), queue.count(), queue.sizeBytes());
                if (group.getFirst() instanceof ShardQueue.Command<?> command) {
                    command.run();
                } else {
                    commit(group);
                }
            }
        }

        private void commit(List<ShardQueue.Work> group) {
            List<PartitionAppend> appends = new ArrayList<>(group.size());
            for (ShardQueue.Work work : group) {
                appends.add((PartitionAppend) work);
            }
            List<ShardEntry> entries = ShardEntry.pack(appends);
            if (state.isLeader()) {
                try {
                    commitEntries(entries, appends.size());
                } catch (RuntimeException | Error fault) {
                    // An error too (a mapped file on a broken disk throws one): if the owner ended, the shard
                    // would take appends and answer none.
                    stop(fault);
                }
            }
            for (int i = 0; i < entries.size(); i++) { // by index, as in all that each group of appends goes through
                ShardEntry entry = entries.get(i);
                entry.refuse(AppendRefusal.LOG_OFFLINE, stopped);
                entry.answer();
            }
            report(appends);
        }

        /** What is half done cannot be judged from here: nothing of it is acknowledged, and nothing new is taken. */
        private void stop(Throwable fault) {
            state = new ShardState(ShardState.Role.FAILED, null, state.epoch(), false, 0);
            LOG.error("A shard has stopped: shard={}", id, fault);
            try {
                store.resign();
            } catch (RuntimeException | Error again) {
                LOG.error("A stopped shard cannot resign: shard={}", id, again);
            }
        }

        private void commitEntries(List<ShardEntry> entries, int appendCount) {
            long begin = ticker.nanos();
            int epoch = state.epoch();
            long sizeBytes = 0;
            for (int i = 0; i < entries.size(); i++) {
                ShardEntry entry = entries.get(i);
                store.assign(entry, epoch);
                index++;
                store.write(index, entry);
                sizeBytes += entry.sizeBytes();
            }
            store.flush(index);
            List<ShardStore.HighWatermark> moved = store.commit(index, epoch);
            for (int i = 0; i < moved.size(); i++) {
                tell(moved.get(i));
            }
            metrics.groupCommitted(id.number(), appendCount, entries.size(), sizeBytes, ticker.nanos() - begin);
        }

        private void tell(ShardStore.HighWatermark moved) {
            for (int i = 0; i < listeners.size(); i++) { // they only become more
                listeners.get(i).highWatermarkMoved(moved.partition(), moved.offset());
            }
        }

        private void report(List<PartitionAppend> appends) {
            long now = ticker.nanos();
            for (int i = 0; i < appends.size(); i++) {
                PartitionAppend append = appends.get(i);
                AppendOutcome.Refused refusal = append.refusal();
                if (refusal != null) {
                    metrics.refused(refusal.reason());
                } else {
                    metrics.waitedForCommit(now - append.queuedNanos());
                }
            }
        }

        /** @param atMost zero or less: does not wait */
        void awaitEnd(Duration atMost) {
            try {
                if (!owner.join(atMost)) {
                    LOG.warn("A shard's thread has not ended: shard={} waited={}", id, atMost);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
