package io.wellspring.management;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.wellspring.coordinator.group.GroupMetrics;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;

/** Times the coordinator of groups. Threads: any. */
final class GroupMeters implements GroupMetrics {
    private final MeterRegistry registry;
    private final Timer load;
    private final Timer queueWait;
    private final Timer operation;
    private final Timer commitWait;
    private final Timer write;
    private final Map<String, AtomicInteger> partitions = new ConcurrentHashMap<>();

    /** Counters do not keep what they ask alive. */
    private final Collection<LongSupplier> counts = new ConcurrentLinkedQueue<>();

    GroupMeters(MeterRegistry registry) {
        this.registry = registry;
        load = MeterCatalog.GROUP_LOAD.timer(registry);
        queueWait = MeterCatalog.GROUP_QUEUE_WAIT.timer(registry);
        operation = MeterCatalog.GROUP_OPERATION.timer(registry);
        commitWait = MeterCatalog.GROUP_COMMIT_WAIT.timer(registry);
        write = MeterCatalog.GROUP_WRITE.timer(registry);
    }

    @Override
    public void loaded(long millis) {
        load.record(millis, TimeUnit.MILLISECONDS);
    }

    @Override
    public void queued(long millis) {
        queueWait.record(millis, TimeUnit.MILLISECONDS);
    }

    @Override
    public void processed(long millis) {
        operation.record(millis, TimeUnit.MILLISECONDS);
    }

    @Override
    public void waitedForCommit(long millis) {
        commitWait.record(millis, TimeUnit.MILLISECONDS);
    }

    @Override
    public void written(long millis) {
        write.record(millis, TimeUnit.MILLISECONDS);
    }

    @Override
    public void partitionState(String before, String after) {
        // A partition is "initial" before it is first heard of: nobody has counted it there.
        if (!before.equals("initial")) {
            count(before).decrementAndGet();
        }
        count(after).incrementAndGet();
    }

    private AtomicInteger count(String state) {
        return partitions.computeIfAbsent(state, name -> {
            AtomicInteger count = new AtomicInteger();
            MeterCatalog.GROUP_PARTITIONS.gauge(registry, count, AtomicInteger::get, "state", name);
            return count;
        });
    }

    @Override
    public void queueSize(IntSupplier size) {
        MeterCatalog.GROUP_QUEUE.gauge(registry, size, IntSupplier::getAsInt);
    }

    @Override
    public void groups(String type, String state, LongSupplier count) {
        MeterCatalog.GROUPS.gauge(registry, count, LongSupplier::getAsLong, "type", type, "state", state);
    }

    @Override
    public void offsets(LongSupplier count) {
        MeterCatalog.GROUP_OFFSETS.gauge(registry, count, LongSupplier::getAsLong);
    }

    @Override
    public void offsetChanges(String change, LongSupplier count) {
        counts.add(count);
        MeterCatalog.GROUP_OFFSET_CHANGES.counter(registry, count, LongSupplier::getAsLong, "change", change);
    }

    @Override
    public void rebalances(String type, LongSupplier count) {
        counts.add(count);
        MeterCatalog.GROUP_REBALANCES.counter(registry, count, LongSupplier::getAsLong, "type", type);
    }
}
