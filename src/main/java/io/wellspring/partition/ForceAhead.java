package io.wellspring.partition;

import io.wellspring.support.RoleThreads;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Forces the files of many logs at a time: a disk that gets several syncs together needs hardly longer than for one. The shard's owner takes part and
 * waits, so nothing is written meanwhile; then it flushes each log as ever, which finds nothing left to force, or what failed.
 *
 * <p>Threads: owners of shards, all of them at a time; {@code wellspring-flush-N} do the work.
 */
final class ForceAhead implements AutoCloseable {
    /** Leaves everything to the flush. */
    static final ForceAhead NONE = new ForceAhead(0);

    private final int threadCount;
    private final @Nullable ExecutorService threads;

    /** @param threadCount beside the owner; 0: none */
    ForceAhead(int threadCount) {
        this.threadCount = threadCount;
        this.threads = threadCount == 0 ? null : Executors.newFixedThreadPool(threadCount, new RoleThreads("flush"));
    }

    /** Returns when none of these is being forced any more. */
    void force(List<PartitionReplica> replicas) {
        if (threads == null || replicas.size() < 2) {
            return;
        }
        Round round = new Round(replicas);
        for (int i = 0; i < Math.min(threadCount, replicas.size() - 1); i++) {
            threads.execute(round);
        }
        round.run();
        round.await();
    }

    /** Does not wait: a disk that does not answer must not hold the stop. */
    @Override
    public void close() {
        if (threads != null) {
            threads.shutdown();
        }
    }

    /** Logs that are forced together. A thread that comes late finds nothing left. */
    private static final class Round implements Runnable {
        private final List<PartitionReplica> replicas;
        private final AtomicInteger next = new AtomicInteger();
        private final CountDownLatch unfinished;

        /** Neither a refusal nor a failing disk: the owner's to hear of. */
        private volatile @Nullable Throwable fault;

        Round(List<PartitionReplica> replicas) {
            // Its own: the owner's list may be another round's by the time a thread comes late.
            this.replicas = List.copyOf(replicas);
            this.unfinished = new CountDownLatch(replicas.size());
        }

        @Override
        public void run() {
            for (int i = next.getAndIncrement(); i < replicas.size(); i = next.getAndIncrement()) {
                try {
                    replicas.get(i).log().forceAhead();
                } catch (RuntimeException | Error thrown) {
                    fault = thrown;
                } finally {
                    unfinished.countDown();
                }
            }
        }

        /** Does not end early: the owner must not write while its files are being forced. */
        void await() {
            boolean isInterrupted = false;
            while (true) {
                try {
                    unfinished.await();
                    break;
                } catch (InterruptedException e) {
                    isInterrupted = true;
                }
            }
            if (isInterrupted) {
                Thread.currentThread().interrupt();
            }
            if (fault != null) {
                throw new IllegalStateException("a force ended in a fault", fault);
            }
        }
    }
}
