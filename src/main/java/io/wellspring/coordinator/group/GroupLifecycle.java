package io.wellspring.coordinator.group;

import io.wellspring.support.LifecyclePhase;
import org.springframework.context.SmartLifecycle;

/** When groups are coordinated in the broker's life. Threads: the one that starts and stops. */
final class GroupLifecycle implements SmartLifecycle {
    private final GroupRoom room;
    private volatile boolean isRunning;

    GroupLifecycle(GroupRoom room) {
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
        return LifecyclePhase.COORDINATORS.phase();
    }
}
