package io.wellspring.partition;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who wants to hear that a partition has changed. No wake-up is lost if a waiter registers first and looks at the partition then:
 * the change is made visible before {@link #changed} looks for waiters. With nobody waiting a change costs one read. Threads: any.
 */
final class FetchWaiters {
    private static final Logger LOG = LoggerFactory.getLogger(FetchWaiters.class);

    /** The key is the registration, so that one waiter may be registered twice. */
    private final Map<Object, Runnable> waiters = new ConcurrentHashMap<>(2);

    /**
     * Registers a waiter.
     *
     * @return takes the waiter out; it may still be called once by a change that is under way
     */
    Runnable add(Runnable waiter) {
        Object registration = new Object();
        waiters.put(registration, waiter);
        return () -> waiters.remove(registration);
    }

    void changed() {
        if (waiters.isEmpty()) {
            return;
        }
        for (Runnable waiter : waiters.values()) {
            try {
                waiter.run();
            } catch (RuntimeException bug) {
                // The owner of a shard must not die of a reader.
                LOG.error("A waiter for a partition failed", bug);
            }
        }
    }

    int count() {
        return waiters.size();
    }
}
