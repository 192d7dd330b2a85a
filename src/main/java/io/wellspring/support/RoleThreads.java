package io.wellspring.support;

import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

/** Names threads by their role: {@code wellspring-log-0}, {@code wellspring-log-1}, … */
public final class RoleThreads implements ThreadFactory {
    private final String role;
    private final AtomicInteger next = new AtomicInteger();

    /** Threads of this role; it is the middle of their names, such as {@code log}. */
    public RoleThreads(String role) {
        this.role = role;
    }

    @Override
    public Thread newThread(Runnable task) {
        Thread thread = new Thread(task, "wellspring-" + role + "-" + next.getAndIncrement());
        thread.setDaemon(true);
        return thread;
    }
}
