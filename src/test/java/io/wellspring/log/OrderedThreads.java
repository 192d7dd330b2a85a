package io.wellspring.log;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * Threads of a log store that are none: work beside runs where the test says, in the same order each time. What is waited for at once, such
 * as the closing of logs, runs at once.
 */
final class OrderedThreads implements LogThreads {
    private final boolean isLate;
    private final Queue<Runnable> waiting = new ArrayDeque<>();

    /** @param isLate work waits for {@link #run} or for the end; else it is done before who asks for it goes on */
    OrderedThreads(boolean isLate) {
        this.isLate = isLate;
    }

    /** Does what waits. */
    void run() {
        for (Runnable next = waiting.poll(); next != null; next = waiting.poll()) {
            next.run();
        }
    }

    @Override
    public ExecutorService pool(String role, int count) {
        return new Pool(isLate && !role.equals("log-close"));
    }

    private final class Pool extends AbstractExecutorService {
        private final boolean waits;
        private final List<Runnable> mine = new ArrayList<>();
        private boolean isShutdown;

        private Pool(boolean waits) {
            this.waits = waits;
        }

        @Override
        public void execute(Runnable work) {
            if (isShutdown) {
                throw new RejectedExecutionException("shut down");
            }
            if (waits) {
                mine.add(work);
                waiting.add(() -> {
                    if (mine.remove(work)) {
                        work.run();
                    }
                });
            } else {
                work.run();
            }
        }

        @Override
        public void shutdown() {
            isShutdown = true;
            for (Runnable work : List.copyOf(mine)) {
                mine.remove(work);
                work.run();
            }
        }

        @Override
        public List<Runnable> shutdownNow() {
            shutdown();
            return List.of();
        }

        @Override
        public boolean isShutdown() {
            return isShutdown;
        }

        @Override
        public boolean isTerminated() {
            return isShutdown;
        }

        @Override
        public boolean awaitTermination(long timeout, TimeUnit unit) {
            return true;
        }
    }
}
