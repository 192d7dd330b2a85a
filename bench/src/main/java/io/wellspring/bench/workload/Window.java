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
    private final ProcessCost loadBefore;

    private Window(RunningBroker broker, long allocatedBefore, ProcessCost before, ProcessCost loadBefore) {
        this.broker = broker;
        this.allocatedBefore = allocatedBefore;
        this.before = before;
        this.loadBefore = loadBefore;
    }

    /**
     * What was spent.
     *
     * @param load by this process, which makes the load
     */
    record Spent(ProcessCost cost, long allocatedBytes, ProcessCost load) {
        double cpuSeconds() {
            return cost.cpuNanos() / NANOS_PER_SECOND;
        }

        double loadCpuSeconds() {
            return load.cpuNanos() / NANOS_PER_SECOND;
        }
    }

    static Window open(RunningBroker broker) throws IOException {
        // The first question makes the other side load classes: it is asked before anything counts.
        broker.allocatedBytes();
        long allocated = broker.allocatedBytes();
        return new Window(broker, allocated, broker.cost(), ProcessCost.ofThis());
    }

    Spent close() throws IOException {
        ProcessCost cost = broker.cost().since(before);
        ProcessCost load = ProcessCost.ofThis().since(loadBefore);
        return new Spent(cost, broker.allocatedBytes() - allocatedBefore, load);
    }
}
