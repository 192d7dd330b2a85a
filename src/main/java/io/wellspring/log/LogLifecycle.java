package io.wellspring.log;

import io.wellspring.support.LifecyclePhase;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.springframework.context.SmartLifecycle;

/** Opens the log directories before anything else starts, and closes them, with the clean mark, after everything else has stopped. */
final class LogLifecycle implements SmartLifecycle {
    private final LogStore store;
    private volatile boolean isRunning;

    LogLifecycle(LogStore store) {
        this.store = store;
    }

    @Override
    public void start() {
        store.start();
        isRunning = true;
    }

    @Override
    public void stop() {
        isRunning = false;
        try {
            store.close();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Override
    public boolean isRunning() {
        return isRunning;
    }

    @Override
    public int getPhase() {
        return LifecyclePhase.LOGS.phase();
    }
}
