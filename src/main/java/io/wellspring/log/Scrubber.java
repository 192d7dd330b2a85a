package io.wellspring.log;

import io.wellspring.support.RoleThreads;
import io.wellspring.support.Ticker;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads all batches below the durable marks again and again, slowly, and compares their checksums: a byte that went bad is found
 * within a week and not when a consumer asks for it. A damaged log goes offline with a reason; nothing is changed on disk. Threads: one of its
 * own, {@code wellspring-scrub-0}, that mostly rests; {@link #scrub} any that may block.
 */
final class Scrubber implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Scrubber.class);
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    /** How often it looks for logs whose turn has come. */
    private static final long LOOK_NANOS = 5 * NANOS_PER_SECOND;

    private final Supplier<List<PartitionLog>> logs;
    private final Ticker ticker;
    private final LogMetrics metrics;
    private final long bytesPerSecond;
    private final long intervalNanos;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final Thread thread = new RoleThreads("scrub").newThread(this::run);
    private final Map<PartitionLog, Long> checkedNanos = new HashMap<>();
    private volatile long firstDelayNanos;

    Scrubber(Supplier<List<PartitionLog>> logs, LogEnvironment environment, long bytesPerSecond, Duration interval) {
        this.logs = logs;
        this.ticker = environment.ticker();
        this.metrics = environment.metrics();
        this.bytesPerSecond = bytesPerSecond;
        this.intervalNanos = interval.toNanos();
    }

    /** Begins, unless the rate is 0. */
    void start(Duration firstDelay) {
        if (bytesPerSecond > 0) {
            firstDelayNanos = firstDelay.toNanos();
            thread.start();
        }
    }

    /**
     * Checks all of one log below its durable mark now, as fast as the disk goes.
     *
     * @return what is damaged, one sentence, and the log is offline by now; null if nothing is
     */
    @Nullable
    String scrub(PartitionLog log) {
        return scrub(log, Long.MAX_VALUE);
    }

    private void run() {
        boolean isStopped = rest(firstDelayNanos);
        while (!isStopped) {
            pass();
            isStopped = rest(LOOK_NANOS);
        }
    }

    /** Checks each log that was not checked within the interval. Logs open one by one after a start: each has its turn when it is there. */
    void pass() {
        List<PartitionLog> all = logs.get();
        checkedNanos.keySet().retainAll(new HashSet<>(all));
        for (PartitionLog log : all) {
            if (stopped.getCount() == 0) {
                return;
            }
            Long before = checkedNanos.get(log);
            long now = ticker.nanos();
            if ((before == null || now - before >= intervalNanos) && log.durableMark() != null) {
                checkedNanos.put(log, now);
                scrub(log, bytesPerSecond);
            }
        }
    }

    private @Nullable String scrub(PartitionLog log, long rate) {
        DurableMark mark = log.durableMark();
        if (mark == null || log.isOffline()) {
            return log.offlineReason();
        }
        for (Segment segment : segmentsOf(log)) {
            if (stopped.getCount() == 0 || segment.baseOffset() > mark.segmentBaseOffset()) {
                break;
            }
            String damage = check(log, segment, mark, rate);
            if (damage != null) {
                log.takeOffline(damage);
                LOG.error("The scrubber found damage: partition={} reason={}", log.partition(), damage);
                return damage;
            }
        }
        return null;
    }

    private static List<Segment> segmentsOf(PartitionLog log) {
        return new ArrayList<>(log.segments());
    }

    private @Nullable String check(PartitionLog log, Segment segment, DurableMark mark, long rate) {
        boolean isMarked = segment.baseOffset() == mark.segmentBaseOffset();
        long end = isMarked ? mark.endPosition() : segment.sizeBytes();
        long startNanos = ticker.nanos();
        try {
            LazyFile.Lease<LogFile> lease = segment.acquire();
            try {
                SegmentScan scan = SegmentScan.run(
                        new BatchScan(lease.value(), 0L, end, BatchScan.LARGE_WINDOW_BYTES),
                        segment.baseOffset(),
                        segment.baseOffset(),
                        SegmentScan.Depth.CRC,
                        (batch, position) -> pace(startNanos, position + batch.sizeBytes(), rate));
                metrics.scrubbed(scan.validPosition());
                return scan.problem() == null || hasChanged(log, segment, mark)
                        ? null
                        : "segment " + segment.baseOffset() + " is damaged at position " + scan.validPosition() + ": "
                                + scan.problem();
            } finally {
                lease.release();
            }
        } catch (SegmentGoneException retired) {
            return null;
        } catch (IOException failure) {
            return hasChanged(log, segment, mark)
                    ? null
                    : "segment " + segment.baseOffset() + " cannot be read: " + failure.getMessage();
        }
    }

    /** A truncation or retention since the check began: what was read need not mean anything. */
    private static boolean hasChanged(PartitionLog log, Segment segment, DurableMark mark) {
        DurableMark now = log.durableMark();
        return now == null
                || now.endOffset() < mark.endOffset()
                || !log.segments().contains(segment);
    }

    /** Rests when more was read than the rate allows since the segment was begun. */
    private void pace(long startNanos, long bytes, long rate) {
        if (rate != Long.MAX_VALUE) {
            rest((long) ((double) bytes / rate * NANOS_PER_SECOND) - (ticker.nanos() - startNanos));
        }
    }

    /** @return true if the scrubber was stopped meanwhile */
    private boolean rest(long nanos) {
        try {
            // Short naps cost more than they save.
            return nanos < NANOS_PER_SECOND / 100
                    ? stopped.getCount() == 0
                    : stopped.await(nanos, TimeUnit.NANOSECONDS);
        } catch (InterruptedException end) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    /** Returns when the thread has ended; it is never interrupted, because that would close the files under their readers. */
    @Override
    public void close() {
        stopped.countDown();
        try {
            if (thread.isAlive()) {
                thread.join();
            }
        } catch (InterruptedException end) {
            Thread.currentThread().interrupt();
        }
    }
}
