package io.wellspring.partition;

import io.wellspring.support.Timers;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What comes back by the clock: retention, producers that are forgotten, flushes that are due. It runs as commands on the shards'
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
    private final List<Timers.Cancellable> scheduled = new ArrayList<>();
    private volatile boolean isStopped;

    Housekeeping(ReplicationEngine engine, List<PartitionShardStore> stores, Partitions partitions, Timers timers) {
        this.engine = engine;
        this.stores = List.copyOf(stores);
        this.partitions = partitions;
        this.timers = timers;
    }

    /**
     * Begins.
     *
     * @param flushInterval the longest that what is written stays in memory; null: commits wait for the flush, there is nothing to do
     */
    void start(Duration retentionInterval, Duration producerIdExpiration, @Nullable Duration flushInterval) {
        scheduled.add(round(retentionInterval, this::applyRetention));
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

    /** Does the chore on all partitions, again and again; a round that is not over yet lets the next one pass. */
    private Timers.Cancellable round(Duration every, Chore chore) {
        AtomicBoolean isUnderWay = new AtomicBoolean();
        return timers.every(every, () -> {
            if (isUnderWay.compareAndSet(false, true)) {
                next(List.copyOf(partitions.all()).iterator(), chore, isUnderWay);
            }
        });
    }

    private void next(Iterator<Partition> rest, Chore chore, AtomicBoolean isUnderWay) {
        if (isStopped || !rest.hasNext()) {
            isUnderWay.set(false);
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
                    timers.after(Duration.ZERO, () -> next(rest, chore, isUnderWay));
                });
    }
}
