package io.wellspring.bench.workload;

import io.wellspring.bench.broker.Broker;
import io.wellspring.bench.broker.ProcessCost;
import io.wellspring.bench.broker.RunningBroker;
import io.wellspring.bench.broker.Setup;
import io.wellspring.bench.broker.Waiting;
import io.wellspring.bench.load.IdleConnections;
import io.wellspring.bench.report.Figures;
import io.wellspring.bench.report.Metric;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** (f) Many partitions and many connections, with nothing to do: start after a clean stop, memory, and what idleness costs. */
final class ManyWorkload implements Workload {
    @Override
    public String letter() {
        return "f";
    }

    @Override
    public String title() {
        return "many partitions and connections";
    }

    @Override
    public List<Case> cases(Scale scale) {
        return List.of(new ManyCase(scale));
    }

    /** Keeps, for each broker, the directory with the partitions. */
    private static final class ManyCase implements Case {
        private static final double NANOS_PER_MS = 1e6;

        private final Scale scale;
        private final Map<String, Path> filled = new HashMap<>();

        ManyCase(Scale scale) {
            this.scale = scale;
        }

        @Override
        public String id() {
            return "f.many";
        }

        @Override
        public String title() {
            return "partitions: " + scale.manyPartitions() + ", connections: " + scale.manyConnections();
        }

        @Override
        public Metric main() {
            return Metric.MEMORY;
        }

        @Override
        public boolean hasFloor() {
            return false;
        }

        @Override
        public boolean isFresh() {
            return true;
        }

        @Override
        public Figures measure(Broker broker, Stage stage) throws IOException {
            Path data = filled.get(broker.name());
            if (data == null) {
                data = stage.directory(broker);
                Start.fill(broker, data, Setup.SHIPPED, scale.manyPartitions());
                filled.put(broker.name(), data);
            }
            stage.fillMemory();
            Start.Started started = Start.measure(broker, data, Setup.SHIPPED, false);
            try (RunningBroker running = started.broker()) {
                Waiting.rest(scale.rest());
                ProcessCost rested = running.cost();
                Figures figures = started.figures()
                        .with(Metric.MEMORY, rested.residentBytes() / Measures.MB)
                        .with(Metric.THREADS, (double) rested.threadCount());
                addIdle(running, figures);
                running.stop();
                return figures;
            }
        }

        private void addIdle(RunningBroker running, Figures figures) throws IOException {
            try (IdleConnections _ = IdleConnections.open(running.address(), scale.manyConnections())) {
                Waiting.rest(scale.rest());
                ProcessCost before = running.cost();
                Waiting.rest(scale.duration());
                ProcessCost idle = running.cost().since(before);
                double seconds = scale.duration().toNanos() / 1e9;
                figures.with(Metric.IDLE_CPU, idle.cpuNanos() / NANOS_PER_MS / seconds)
                        .with(Metric.MEMORY_CONNECTED, idle.residentBytes() / Measures.MB);
            }
        }
    }
}
