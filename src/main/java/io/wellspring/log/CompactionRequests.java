package io.wellspring.log;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Logs that somebody wants compacted now, due or not; the cleaner's threads take them. Threads: any. */
final class CompactionRequests {
    private static final int MOST_WAITING = 1000;

    private final BlockingQueue<Asked> waiting = new LinkedBlockingQueue<>(MOST_WAITING);
    private volatile boolean isOpen;

    /** A log, and who wants to know. */
    record Asked(PartitionLog log, CompletableFuture<@Nullable CompactionReport> report) {
        private void fail(String reason) {
            report.completeExceptionally(new CompactionStoppedException(reason));
        }
    }

    /** Somebody takes requests from now on. */
    void open() {
        isOpen = true;
    }

    /**
     * Asks for a log to be compacted as soon as a thread has time.
     *
     * @return completes with null if nothing of it is left to be compacted; fails with {@link CompactionStoppedException} if it cannot be now
     */
    CompletableFuture<@Nullable CompactionReport> ask(PartitionLog log) {
        Asked question = new Asked(log, new CompletableFuture<>());
        if (!isOpen) {
            question.fail("nothing is compacted: wellspring.log.cleaner.enabled is false, or the broker stops");
        } else if (!waiting.offer(question)) {
            question.fail("too many compactions wait");
        } else if (!isOpen) {
            // Closed in between: nobody may come for it any more.
            failAll();
        }
        return question.report();
    }

    /** The one that has waited longest, null: none. */
    @Nullable
    Asked next() {
        return waiting.poll();
    }

    /** The same, after waiting for it. */
    @Nullable
    Asked next(long waitNanos) throws InterruptedException {
        return waiting.poll(waitNanos, TimeUnit.NANOSECONDS);
    }

    /** Nobody takes any more. */
    void close() {
        isOpen = false;
        failAll();
    }

    private void failAll() {
        for (Asked left = next(); left != null; left = next()) {
            left.fail("the broker stops");
        }
    }
}
