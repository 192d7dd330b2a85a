package io.wellspring.bench.workload;

import io.wellspring.bench.broker.ProcessCost;
import io.wellspring.bench.broker.RunningBroker;
import java.io.IOException;

/** What a broker costs between two moments. */
final class Window {
    private static final double NANOS_PER_SECOND = 1e9;

    private final RunningBroker broker;
    private final long allocatedBefore;
    private final ProcessCost before;

    private Window(RunningBroker broker, long allocatedBefore, ProcessCost before) {
        this.broker = broker;
        this.allocatedBefore = allocatedBefore;
        this.before = before;
    }

    /** What was spent. */
    record Spent(ProcessCost cost, long allocatedBytes) {
        double cpuSeconds() {
            return cost.cpuNanos() / NANOS_PER_SECOND;
        }
    }

    static Window open(RunningBroker broker) throws IOException {
        // The first question makes the other side load classes: it is asked before anything counts.
        broker.allocatedBytes();
        long allocated = broker.allocatedBytes();
        return new Window(broker, allocated, broker.cost());
    }

    Spent close() throws IOException {
        ProcessCost cost = broker.cost().since(before);
        return new Spent(cost, broker.allocatedBytes() - allocatedBefore);
    }
}
