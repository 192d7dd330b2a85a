package io.wellspring.partition;

import io.wellspring.support.LifecyclePhase;
import org.springframework.context.SmartLifecycle;

/** Starts the partitions after the log store and stops them before it. Threads: Spring's. */
final class PartitionLifecycle implements SmartLifecycle {
    private final PartitionRoom room;
    private volatile boolean isRunning;

    PartitionLifecycle(PartitionRoom room) {
        this.room = room;
    }

    @Override
    public void start() {
        room.start();
        isRunning = true;
    }

    @Override
    public void stop() {
        isRunning = false;
        room.stop();
    }

    @Override
    public boolean isRunning() {
        return isRunning;
    }

    @Override
    public int getPhase() {
        return LifecyclePhase.PARTITIONS.phase();
    }
}
