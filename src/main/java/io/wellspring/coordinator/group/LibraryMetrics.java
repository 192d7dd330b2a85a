package io.wellspring.coordinator.group;

import java.util.Locale;
import java.util.function.Supplier;
import org.apache.kafka.coordinator.common.runtime.CoordinatorRuntime.CoordinatorState;
import org.apache.kafka.coordinator.common.runtime.CoordinatorRuntimeMetrics;

/** Hands the library's own measurements on. Threads: any. */
record LibraryMetrics(GroupMetrics metrics) implements CoordinatorRuntimeMetrics {
    @Override
    public void recordPartitionStateChange(CoordinatorState before, CoordinatorState after) {
        metrics.partitionState(nameOf(before), nameOf(after));
    }

    private static String nameOf(CoordinatorState state) {
        return state.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public void recordPartitionLoadSensor(long startMs, long endMs) {
        metrics.loaded(endMs - startMs);
    }

    @Override
    public void recordEventQueueTime(long millis) {
        metrics.queued(millis);
    }

    @Override
    public void recordEventProcessingTime(long millis) {
        metrics.processed(millis);
    }

    @Override
    public void recordEventPurgatoryTime(long millis) {
        metrics.waitedForCommit(millis);
    }

    @Override
    public void recordFlushTime(long millis) {
        metrics.written(millis);
    }

    @Override
    public void registerEventQueueSizeGauge(Supplier<Integer> size) {
        metrics.queueSize(size::get);
    }

    // The rest is about the library's own threads and buffers: the JVM's meters show what they cost.

    @Override
    public void recordLingerTime(long millis) {}

    @Override
    public void recordThreadIdleTime(double ratio) {}

    @Override
    public void recordBackgroundQueueTime(long millis) {}

    @Override
    public void recordBackgroundProcessingTime(long millis) {}

    @Override
    public void recordBackgroundThreadBusyTime(double millis) {}

    @Override
    public void registerBufferCacheSizeGauge(Supplier<Long> size) {}

    @Override
    public void recordBufferCacheDiscarded() {}

    @Override
    public void close() {}
}
