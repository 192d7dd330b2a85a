package io.wellspring.testing;

import io.wellspring.model.NodeId;
import io.wellspring.partition.AppendOutcome;
import io.wellspring.partition.AppendRefusal;
import io.wellspring.partition.PartitionAppend;
import io.wellspring.partition.ReplicationEngine;
import io.wellspring.partition.ShardCommand;
import io.wellspring.partition.ShardEntry;
import io.wellspring.partition.ShardId;
import io.wellspring.partition.ShardListener;
import io.wellspring.partition.ShardState;
import io.wellspring.partition.ShardStore;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * An engine of one shard that does what a cluster may do, when a test says so: commits late, loses leadership with entries that are
 * written and not committed, cuts them, and leads again in a new epoch. Each append is an entry. Threads: the test's.
 */
public final class ScriptedEngine implements ReplicationEngine {
    private static final NodeId SELF = new NodeId(1);
    private static final NodeId OTHER = new NodeId(2);

    private final ShardStore store;
    private final ArrayDeque<ShardEntry> uncommitted = new ArrayDeque<>();
    private final List<ShardListener> listeners = new ArrayList<>();
    private final List<CompletableFuture<Void>> barriers = new CopyOnWriteArrayList<>();
    private ShardState state = ShardState.UNKNOWN;
    private boolean isHolding;
    private long index;

    /** Leads from the first, in epoch 0, and commits at once. */
    public ScriptedEngine(ShardStore store) {
        this.store = store;
        lead(0);
    }

    /** Commits nothing from now on. */
    public void hold() {
        isHolding = true;
    }

    /** Commits the oldest entries. */
    public synchronized void commit(int entryCount) {
        for (int i = 0; i < entryCount; i++) {
            ShardEntry entry = uncommitted.removeFirst();
            for (ShardStore.HighWatermark moved : store.commit(entry.index(), state.epoch())) {
                listeners.forEach(listener -> listener.highWatermarkMoved(moved.partition(), moved.offset()));
            }
            entry.answer();
        }
        passBarriers();
    }

    private synchronized void passBarriers() {
        if (uncommitted.isEmpty()) {
            barriers.forEach(barrier -> barrier.complete(null));
            barriers.clear();
        }
    }

    /** Another broker leads: what is not committed is cut, as its log asks for, and refused. */
    public void loseLeadership() {
        store.resign();
        state = new ShardState(ShardState.Role.FOLLOWER, OTHER, state.epoch(), false, 0);
        cutUncommitted();
        listeners.forEach(listener -> listener.following(new ShardId(0), OTHER));
    }

    private void cutUncommitted() {
        if (!uncommitted.isEmpty()) {
            long first = uncommitted.getFirst().index();
            store.truncateFrom(first);
            index = first - 1;
            uncommitted.forEach(ShardEntry::answer);
            uncommitted.clear();
            passBarriers();
        }
    }

    /** Leads in this epoch. */
    public void lead(int epoch) {
        store.becomeLeader(epoch);
        state = new ShardState(ShardState.Role.LEADER, SELF, epoch, true, 3);
        listeners.forEach(listener -> listener.becameLeader(new ShardId(0), epoch));
    }

    @Override
    public synchronized CompletionStage<AppendOutcome> append(ShardId shard, PartitionAppend append, short acks) {
        ShardEntry entry = new ShardEntry(List.of(append));
        if (!state.isLeader()) {
            entry.refuse(AppendRefusal.NOT_LEADER, "not the leader");
            entry.answer();
            return append.answer();
        }
        store.assign(entry, state.epoch());
        index++;
        store.write(index, entry);
        store.flush(index);
        uncommitted.add(entry);
        if (!isHolding) {
            commit(uncommitted.size());
        }
        return append.answer();
    }

    @Override
    public ShardState state(ShardId shard) {
        return state;
    }

    @Override
    public synchronized CompletionStage<Void> barrier(ShardId shard) {
        CompletableFuture<Void> reached = new CompletableFuture<>();
        barriers.add(reached);
        passBarriers();
        return reached;
    }

    @Override
    public <T> CompletionStage<T> execute(ShardId shard, ShardCommand<T> command) {
        try {
            return CompletableFuture.completedFuture(command.run());
        } catch (IOException failure) {
            return CompletableFuture.failedFuture(failure);
        }
    }

    @Override
    public void subscribe(ShardListener listener) {
        listeners.add(listener);
    }

    @Override
    public void close() {}
}
