package io.wellspring.partition;

import io.wellspring.batch.RecordBatch;
import io.wellspring.log.LogSettings;
import io.wellspring.model.TopicPartition;
import io.wellspring.support.Ticker;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The partitions of one shard, over their logs. See {@link ShardStore} for the order of calls.
 *
 * <p>A partition whose disk fails refuses its own appends: those of the entry at hand and those written before it that are not
 * committed; they are never committed later. What survives a crash is what the logs keep. Threads: the shard's owner.
 */
final class PartitionShardStore implements ShardStore {
    private final ShardId id;
    private final boolean flushesBeforeCommit;
    private final ForceAhead forceAhead;
    private final Ticker ticker;
    private final PartitionMetrics metrics;

    private final Map<TopicPartition, PartitionReplica> replicas = new HashMap<>();

    /** Written and not committed, in order. */
    private final ArrayDeque<ShardEntry> tail = new ArrayDeque<>();

    /** Logs with something that is not flushed. */
    private final Set<PartitionReplica> dirty = new LinkedHashSet<>();

    /** Those of them that have more records than may be so: found as they are written, for thousands may be dirty. */
    private final Set<PartitionReplica> tooMuch = new HashSet<>();

    /** What {@link #writeGathered} gathers of one entry: empty before and after. */
    private final Map<PartitionReplica, List<RecordBatch>> writes = new LinkedHashMap<>();

    /** What a flush or {@link #commit} is about, empty before and after: kept because they come with every group of appends. */
    private final List<PartitionReplica> flushing = new ArrayList<>();

    private final List<ShardEntry> committing = new ArrayList<>();

    private final List<PartitionReplica> moving = new ArrayList<>();

    private boolean isLeader;
    private int epoch = -1;
    private long committedIndex;
    private long writtenIndex;

    /**
     * @param flushesBeforeCommit an acknowledged record is on disk; else the flush follows when it is due
     * @param forceAhead shares the work of one flush of many logs
     */
    PartitionShardStore(
            ShardId id, boolean flushesBeforeCommit, ForceAhead forceAhead, Ticker ticker, PartitionMetrics metrics) {
        this.id = id;
        this.flushesBeforeCommit = flushesBeforeCommit;
        this.forceAhead = forceAhead;
        this.ticker = ticker;
        this.metrics = metrics;
    }

    ShardId id() {
        return id;
    }

    void add(PartitionReplica replica) {
        PartitionReplica before = replicas.putIfAbsent(replica.partition(), replica);
        if (before != null) {
            throw new IllegalStateException("added twice: " + replica);
        }
        if (isLeader) {
            replica.lead(epoch);
        }
    }

    /** The partition leaves the shard: what is under way for it is refused, and its waiters hear of it. */
    void remove(PartitionReplica replica) {
        if (replicas.remove(replica.partition(), replica)) {
            dirty.remove(replica);
            replica.forgetAssigned();
            replica.follow();
        }
    }

    Collection<PartitionReplica> replicas() {
        return replicas.values();
    }

    @Override
    public void assign(ShardEntry entry, int leaderEpoch) {
        if (!isLeader || leaderEpoch != epoch) {
            throw new IllegalStateException(
                    "asked to assign in epoch " + leaderEpoch + ", leader=" + isLeader + " epoch=" + epoch);
        }
        entry.appends().forEach(this::assign);
    }

    /** Null: deleted, even if another topic has the name by now. */
    private @Nullable PartitionReplica replicaOf(PartitionAppend append) {
        PartitionReplica replica = replicas.get(append.partition());
        return replica != null && replica.topicId().equals(append.topicId()) ? replica : null;
    }

    private void assign(PartitionAppend append) {
        PartitionReplica replica = replicaOf(append);
        if (replica == null) {
            append.refuse(AppendRefusal.NOT_LEADER, append.partition() + " is not here any more");
        } else if (replica.isOffline()) {
            append.refuse(AppendRefusal.LOG_OFFLINE, offline(replica));
        } else {
            switch (replica.producers().check(append.batches())) {
                case ProducerStates.Verdict.Fresh fresh -> replica.assign(append);
                case ProducerStates.Verdict.Known(long baseOffset, long timestampMs) ->
                    append.recognize(baseOffset, timestampMs);
                case ProducerStates.Verdict.Refused(AppendRefusal reason, String message) ->
                    append.refuse(reason, message);
            }
        }
    }

    @Override
    public void write(long index, ShardEntry entry) {
        if (index != writtenIndex + 1) {
            throw new IllegalStateException("asked to write entry " + index + " after " + writtenIndex);
        }
        entry.indexed(index);
        writtenIndex = index;
        tail.addLast(entry);
        if (entry.appends().size() == 1) {
            PartitionAppend only = entry.appends().getFirst();
            if (only.isAssigned()) {
                write(entry, assignedReplicaOf(only), only.batches());
            }
        } else {
            writeGathered(entry);
        }
        entry.appends().forEach(PartitionAppend::wrote);
    }

    /** Each partition's batches in one piece. */
    private void writeGathered(ShardEntry entry) {
        writes.clear(); // a fault may have left something
        for (PartitionAppend append : entry.appends()) {
            if (append.isAssigned()) {
                writes.computeIfAbsent(assignedReplicaOf(append), any -> new ArrayList<>())
                        .addAll(append.batches());
            }
        }
        writes.forEach((replica, batches) -> write(entry, replica, batches));
        writes.clear();
    }

    private PartitionReplica assignedReplicaOf(PartitionAppend append) {
        PartitionReplica replica = replicaOf(append);
        if (replica == null) {
            throw new IllegalStateException("assigned to a partition that is not here: " + append.partition());
        }
        return replica;
    }

    private void write(ShardEntry entry, PartitionReplica replica, List<RecordBatch> batches) {
        AppendRefusal refusal = replica.write(batches);
        if (refusal != null) {
            // Repetitions too: what they repeat may be in this entry.
            for (PartitionAppend append : entry.appends()) {
                if (append.partition().equals(replica.partition())) {
                    append.batches().forEach(replica.producers()::refused);
                    append.refuse(refusal, "the batches could not be written to " + replica);
                }
            }
            return;
        }
        if (dirty.add(replica)) {
            replica.dirtySince(ticker.nanos());
        }
        if (!flushesBeforeCommit
                && unflushedCount(replica) >= replica.log().settings().flushMessages()) {
            tooMuch.add(replica);
        }
    }

    private static long unflushedCount(PartitionReplica replica) {
        return replica.log().endOffset() - replica.log().flushedOffset();
    }

    @Override
    public @Nullable ShardEntry read(long index) {
        for (ShardEntry entry : tail) {
            if (entry.index() == index) {
                return entry;
            }
        }
        return null;
    }

    @Override
    public void flush(long index) {
        if (flushesBeforeCommit) {
            flushAll();
        } else if (!tooMuch.isEmpty()) {
            flushWhere((replica, _) -> tooMuch.contains(replica));
            tooMuch.clear();
        }
    }

    /** Makes everything written durable. */
    void flushAll() {
        flushWhere((replica, settings) -> true);
    }

    /**
     * Flushes the logs that have waited long enough.
     *
     * @param maxWaitNanos by the broker's flush policy; a topic's {@code flush.ms} may ask for less
     * @param tickNanos when this will be asked again: what would be late then is flushed now
     */
    void flushDue(long maxWaitNanos, long tickNanos) {
        long now = ticker.nanos();
        flushWhere((replica, settings) -> {
            long flushNanos =
                    settings.flushMs() > Long.MAX_VALUE / 1_000_000L ? Long.MAX_VALUE : settings.flushMs() * 1_000_000L;
            long allowed = Math.min(maxWaitNanos, flushNanos);
            return now - replica.dirtySinceNanos() >= allowed - tickNanos;
        });
    }

    /** Which dirty log is to be flushed. */
    private interface Choice {
        boolean take(PartitionReplica replica, LogSettings settings);
    }

    private void flushWhere(Choice choice) {
        if (dirty.isEmpty()) {
            return;
        }
        long begin = ticker.nanos();
        flushing.clear(); // a fault may have left something
        Iterator<PartitionReplica> each = dirty.iterator();
        while (each.hasNext()) {
            PartitionReplica replica = each.next();
            if (replica.isOffline()) {
                each.remove();
            } else if (choice.take(replica, replica.log().settings())) {
                each.remove();
                flushing.add(replica);
            }
        }
        if (!flushing.isEmpty()) {
            forceAhead.force(flushing);
            flushing.forEach(PartitionReplica::flush);
            metrics.flushed(id.number(), flushing.size(), ticker.nanos() - begin);
            flushing.clear();
        }
    }

    @Override
    public void truncateFrom(long index) {
        if (index <= committedIndex) {
            throw new IllegalStateException("asked to cut entry " + index + " but " + committedIndex + " is committed");
        }
        Map<PartitionReplica, Long> cuts = new LinkedHashMap<>();
        while (!tail.isEmpty() && tail.getLast().index() >= index) {
            ShardEntry entry = tail.removeLast();
            for (PartitionAppend append : entry.appends()) {
                PartitionReplica replica = replicaOf(append);
                if (append.isAssigned() && replica != null && !replica.isOffline()) {
                    cuts.merge(replica, append.batches().getFirst().baseOffset(), Math::min);
                }
            }
            entry.refuse(AppendRefusal.NOT_LEADER, "another leader took over before this was committed");
        }
        writtenIndex = Math.min(writtenIndex, index - 1);
        cuts.forEach(PartitionReplica::truncateTo);
    }

    @Override
    public List<HighWatermark> commit(long index, int entryEpoch) {
        if (index > writtenIndex || entryEpoch > epoch) {
            throw new IllegalStateException("asked to commit entry " + index + " of epoch " + entryEpoch
                    + ", written is " + writtenIndex + " in epoch " + epoch);
        }
        try {
            while (!tail.isEmpty() && tail.getFirst().index() <= index) {
                committing.add(tail.removeFirst());
            }
            for (ShardEntry entry : committing) {
                entry.appends().forEach(this::judge);
            }
            moving.forEach(this::requireDurable);
            committedIndex = Math.max(committedIndex, index);
            List<HighWatermark> moved = move();
            for (ShardEntry entry : committing) {
                entry.appends().forEach(this::commit);
            }
            return moved;
        } finally {
            moving.forEach(PartitionReplica::forgetCommit);
            moving.clear();
            committing.clear();
        }
    }

    private List<HighWatermark> move() {
        List<HighWatermark> moved = new ArrayList<>(moving.size());
        for (int i = 0; i < moving.size(); i++) {
            PartitionReplica replica = moving.get(i);
            long end = replica.commitEnd();
            if (replica.commit(end)) {
                moved.add(new HighWatermark(replica.partition(), end));
            }
        }
        return moved;
    }

    private void commit(PartitionAppend append) {
        PartitionReplica replica = replicaOf(append);
        if (replica != null) {
            append.commit(replica.log().startOffset());
        }
    }

    /** Refuses what cannot be committed any more; else notes where the partition's committed part will end. */
    private void judge(PartitionAppend append) {
        PartitionReplica replica = replicaOf(append);
        if (replica == null) {
            append.refuse(AppendRefusal.NOT_LEADER, append.partition() + " was deleted");
        } else if (replica.isOffline()) {
            append.refuse(AppendRefusal.LOG_OFFLINE, offline(replica));
        } else if (append.isAssigned()) {
            if (replica.willCommit(append.batches().getLast().nextOffset())) {
                moving.add(replica);
            }
            metrics.appended(append.partition().topic(), append.recordCount(), append.sizeBytes());
        }
    }

    private void requireDurable(PartitionReplica replica) {
        long end = replica.commitEnd();
        long flushed = replica.log().flushedOffset();
        if (flushesBeforeCommit && flushed < end) {
            throw new IllegalStateException(
                    "asked to commit " + replica + " up to offset " + end + " but it is on disk up to " + flushed);
        }
    }

    @Override
    public void becomeLeader(int newEpoch) {
        if (newEpoch < epoch) {
            throw new IllegalStateException("asked to lead in epoch " + newEpoch + " after " + epoch);
        }
        truncateFrom(committedIndex + 1);
        epoch = newEpoch;
        isLeader = true;
        for (PartitionReplica replica : replicas.values()) {
            if (!replica.isOffline()) {
                long highWatermark = replica.committed().highWatermark();
                if (replica.log().endOffset() > highWatermark) {
                    // Left by an earlier leader and known to nobody.
                    replica.truncateTo(highWatermark);
                }
            }
            replica.lead(newEpoch);
        }
    }

    @Override
    public void resign() {
        isLeader = false;
        for (PartitionReplica replica : replicas.values()) {
            if (!replica.isOffline()) {
                replica.forgetAssigned();
            }
            replica.follow();
        }
    }

    @Override
    public Checkpoint checkpoint() {
        flushAll();
        List<HighWatermark> marks = new ArrayList<>(replicas.size());
        for (PartitionReplica replica : replicas.values()) {
            marks.add(new HighWatermark(replica.partition(), replica.committed().highWatermark()));
        }
        return new Checkpoint(committedIndex, marks);
    }

    private static String offline(PartitionReplica replica) {
        return replica + " is offline: " + replica.offlineReason();
    }
}
