package io.wellspring.network;

import io.wellspring.support.LifecyclePhase;
import org.springframework.context.SmartLifecycle;

/** Opens the doors when everything behind them is ready, and closes them first. Threads: Spring's. */
final class NetworkLifecycle implements SmartLifecycle {
    private final KafkaServer server;
    private volatile boolean running;

    NetworkLifecycle(KafkaServer server) {
        this.server = server;
    }

    @Override
    public void start() {
        server.start();
        running = true;
    }

    @Override
    public void stop() {
        running = false;
        server.stop();
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return LifecyclePhase.NETWORK.phase();
    }
}
