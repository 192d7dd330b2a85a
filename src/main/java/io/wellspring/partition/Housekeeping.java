package io.wellspring.partition;

import io.wellspring.support.Timers;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What comes back by the clock: retention, producers that are forgotten, flushes that are due, and that logs are ready for the next
 * writing of durable marks. It runs as commands on the shards'
 * threads, one partition after the other, so that appends get their turn in between. Threads: the timer's, the shards'.
 */
final class Housekeeping {
    private static final Logger LOG = LoggerFactory.getLogger(Housekeeping.class);
    private static final Duration PRODUCERS_EVERY = Duration.ofMinutes(10);
    private static final Duration FLUSH_EVERY_MOST = Duration.ofSeconds(1);

    private final ReplicationEngine engine;
    private final List<PartitionShardStore> stores;
    private final Partitions partitions;
    private final Timers timers;
    private final Runnable marks;
    private final List<Timers.Cancellable> scheduled = new ArrayList<>();
    private final AtomicBoolean checkpointing = new AtomicBoolean();
    private volatile boolean isStopped;

    /** @param marks asks for the durable marks to be written */
    Housekeeping(
            ReplicationEngine engine,
            List<PartitionShardStore> stores,
            Partitions partitions,
            Timers timers,
            Runnable marks) {
        this.marks = marks;
        this.engine = engine;
        this.stores = List.copyOf(stores);
        this.partitions = partitions;
        this.timers = timers;
    }

    /** Begins. */
    void start(PartitionRoom.Periods periods) {
        Duration producerIdExpiration = periods.producerIdExpiration();
        Duration flushInterval = periods.flushInterval();
        scheduled.add(round(periods.retentionInterval(), this::applyRetention));
        scheduled.add(timers.every(periods.durableMarkInterval(), this::takeCheckpoints));
        // An expiration shorter than the usual round is looked after as often as it asks.
        Duration every = producerIdExpiration.compareTo(PRODUCERS_EVERY) < 0 ? producerIdExpiration : PRODUCERS_EVERY;
        long idleNanos = saturatedNanos(producerIdExpiration);
        scheduled.add(round(every, partition -> partition.replica().producers().expire(idleNanos)));
        if (flushInterval != null) {
            Duration tick = flushInterval.compareTo(FLUSH_EVERY_MOST) < 0 ? flushInterval : FLUSH_EVERY_MOST;
            long waitNanos = saturatedNanos(flushInterval);
            scheduled.add(timers.every(tick, () -> flushDue(waitNanos, tick.toNanos())));
        }
    }

    /** Also ends a round that is under way: the engine takes nothing any more. */
    void stop() {
        isStopped = true;
        scheduled.forEach(Timers.Cancellable::cancel);
    }

    private static long saturatedNanos(Duration duration) {
        return duration.compareTo(Duration.ofNanos(Long.MAX_VALUE)) >= 0 ? Long.MAX_VALUE : duration.toNanos();
    }

    private void flushDue(long waitNanos, long tickNanos) {
        for (PartitionShardStore store : stores) {
            engine.execute(store.id(), () -> {
                store.flushDue(waitNanos, tickNanos);
                return store;
            });
        }
    }

    private void applyRetention(Partition partition) throws IOException {
        int gone = partition.replica().log().applyRetention(partition.highWatermark());
        if (gone > 0) {
            LOG.info(
                    "Old segments are gone: partition={} segments={} logStartOffset={}",
                    partition,
                    gone,
                    partition.logStartOffset());
        }
    }

    /** What is done to one partition. */
    @FunctionalInterface
    private interface Chore {
        void doOn(Partition partition) throws IOException;
    }

    /** Only logs that have grown take their turn: most have not, and their shard is not disturbed. */
    private void takeCheckpoints() {
        if (checkpointing.compareAndSet(false, true)) {
            List<Partition> due = partitions.all().stream()
                    .filter(partition -> partition.replica().log().isCheckpointDue())
                    .toList();
            next(due.iterator(), partition -> partition.replica().log().checkpoint(), () -> {
                checkpointing.set(false);
                if (!due.isEmpty()) {
                    marks.run();
                }
            });
        }
    }

    /** Does the chore on all partitions, again and again; a round that is not over yet lets the next one pass. */
    private Timers.Cancellable round(Duration every, Chore chore) {
        AtomicBoolean isUnderWay = new AtomicBoolean();
        return timers.every(every, () -> {
            if (isUnderWay.compareAndSet(false, true)) {
                next(List.copyOf(partitions.all()).iterator(), chore, () -> isUnderWay.set(false));
            }
        });
    }

    private void next(Iterator<Partition> rest, Chore chore, Runnable end) {
        if (isStopped || !rest.hasNext()) {
            end.run();
            return;
        }
        Partition partition = rest.next();
        engine.execute(partition.shard(), () -> {
                    if (partition.offlineReason() == null && partition.isLeader()) {
                        chore.doOn(partition);
                    }
                    return partition;
                })
                .whenComplete((done, failure) -> {
                    if (failure != null && !isStopped) {
                        LOG.warn("Housekeeping failed: partition={}", partition, failure);
                    }
                    // From the timer's thread: a chain of calls would grow the stack with the number of partitions.
                    timers.after(Duration.ZERO, () -> next(rest, chore, end));
                });
    }
}
