package io.wellspring.management;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.wellspring.log.LogMetrics;
import java.util.concurrent.TimeUnit;

/** Counts what happens in the logs, all of them together. Threads: any. */
final class LogMeters implements LogMetrics {
    private final Counter written;
    private final Counter records;
    private final Timer fsync;
    private final Counter rolled;
    private final Counter retired;
    private final Counter retiredBytes;
    private final Counter truncations;
    private final Counter indexesRebuilt;
    private final Counter tailsCut;
    private final Counter tailBytes;
    private final Timer compaction;
    private final Counter compactionRead;
    private final Counter compactionWritten;
    private final Counter compactionsFailed;
    private final Counter offline;

    LogMeters(MeterRegistry registry) {
        written = MeterCatalog.LOG_WRITTEN.counter(registry);
        records = MeterCatalog.LOG_RECORDS.counter(registry);
        fsync = MeterCatalog.LOG_FSYNC.timer(registry);
        rolled = MeterCatalog.LOG_ROLLS.counter(registry);
        retired = MeterCatalog.LOG_RETIRED.counter(registry);
        retiredBytes = MeterCatalog.LOG_RETIRED_BYTES.counter(registry);
        truncations = MeterCatalog.LOG_TRUNCATIONS.counter(registry);
        indexesRebuilt = MeterCatalog.LOG_INDEXES_REBUILT.counter(registry);
        tailsCut = MeterCatalog.LOG_TAILS_CUT.counter(registry);
        tailBytes = MeterCatalog.LOG_TAIL_BYTES.counter(registry);
        compaction = MeterCatalog.LOG_COMPACTION.timer(registry);
        compactionRead = MeterCatalog.LOG_COMPACTION_READ.counter(registry);
        compactionWritten = MeterCatalog.LOG_COMPACTION_WRITTEN.counter(registry);
        compactionsFailed = MeterCatalog.LOG_COMPACTIONS_FAILED.counter(registry);
        offline = MeterCatalog.LOG_OFFLINE.counter(registry);
    }

    @Override
    public void appended(long bytes, int batches, long recordCount) {
        written.increment((double) bytes);
        records.increment((double) recordCount);
    }

    @Override
    public void flushed(long nanos) {
        fsync.record(nanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public void rolled() {
        rolled.increment();
    }

    @Override
    public void segmentsRetired(int segments, long bytes) {
        retired.increment(segments);
        retiredBytes.increment((double) bytes);
    }

    @Override
    public void truncated() {
        truncations.increment();
    }

    @Override
    public void indexesRebuilt() {
        indexesRebuilt.increment();
    }

    @Override
    public void recoveredTail(long cutBytes) {
        tailsCut.increment();
        tailBytes.increment((double) cutBytes);
    }

    @Override
    public void compacted(long bytesRead, long bytesWritten, long nanos) {
        compaction.record(nanos, TimeUnit.NANOSECONDS);
        compactionRead.increment((double) bytesRead);
        compactionWritten.increment((double) bytesWritten);
    }

    @Override
    public void compactionFailed() {
        compactionsFailed.increment();
    }

    @Override
    public void wentOffline() {
        offline.increment();
    }
}
