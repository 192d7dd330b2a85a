package io.wellspring.log;

import io.wellspring.support.RoleThreads;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Makes the threads of a log store, so that a test can run their work in an order of its own. Threads: any. */
@FunctionalInterface
interface LogThreads {
    /** Threads of their own, named by their role. */
    LogThreads OWN = (role, count) -> Executors.newFixedThreadPool(count, new RoleThreads(role));

    /**
     * Runs work on so many threads at most; closing it waits until all is done.
     *
     * @param role middle of the threads' names
     */
    ExecutorService pool(String role, int count);
}
