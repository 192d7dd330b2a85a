package io.wellspring.bench.workload;

import io.wellspring.bench.broker.Broker;
import io.wellspring.bench.broker.RunningBroker;
import io.wellspring.bench.broker.Setup;
import io.wellspring.bench.load.ClientLoad;
import io.wellspring.bench.load.Topic;
import io.wellspring.bench.report.Figures;
import io.wellspring.bench.report.Metric;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** (i) Produces and consumes over TLS, by Kafka's own clients with their defaults, and the same without TLS beside it. */
final class TlsWorkload implements Workload {
    private static final int RECORD_SIZE_BYTES = 1000;
    /** The default of Kafka's producer. */
    private static final int LINGER_MS = 5;

    @Override
    public String letter() {
        return "i";
    }

    @Override
    public String title() {
        return "TLS";
    }

    @Override
    public List<Case> cases(Scale scale) {
        return List.of(
                new ProduceCase("plain", Setup.PAGE_CACHE),
                new ConsumeCase("plain", Setup.PAGE_CACHE),
                new ProduceCase("tls", Setup.TLS),
                new ConsumeCase("tls", Setup.TLS));
    }

    private static Figures figures(Window.Spent spent, long recordCount, long elapsedNanos) {
        double sizeBytes = (double) recordCount * RECORD_SIZE_BYTES;
        return new Figures()
                .with(Metric.CPU_PER_GB, spent.cpuSeconds() / (sizeBytes / Measures.GB))
                .with(Metric.THROUGHPUT, sizeBytes / Measures.MB / (elapsedNanos / 1e9))
                .with(Metric.ALLOCATED_PER_GB, spent.allocatedBytes() / Measures.MB / (sizeBytes / Measures.GB))
                .with(Metric.LOAD_CPU_PER_GB, spent.loadCpuSeconds() / (sizeBytes / Measures.GB));
    }

    private static long recordCount(Stage stage) {
        return Math.max(1, stage.scale().sizeBytes() / RECORD_SIZE_BYTES);
    }

    private record ProduceCase(String label, Setup setup) implements Case {
        @Override
        public String id() {
            return "i.produce." + label;
        }

        @Override
        public String title() {
            return "Kafka's producer, 1 KB records, " + label;
        }

        @Override
        public Metric main() {
            return Metric.CPU_PER_GB;
        }

        @Override
        public boolean hasFloor() {
            return false;
        }

        @Override
        public Figures measure(Broker broker, Stage stage) throws IOException {
            RunningBroker running = stage.running(broker, setup);
            Topic topic = stage.topic(running, 1);
            ClientLoad load = new ClientLoad(running.clientSettings(), topic, RECORD_SIZE_BYTES);
            Window window = Window.open(running);
            long elapsedNanos = load.send(recordCount(stage), LINGER_MS);
            Figures figures = figures(window.close(), recordCount(stage), elapsedNanos);
            stage.drop(running, topic);
            return figures;
        }
    }

    /** Keeps, for each broker, the topic that it reads. */
    private static final class ConsumeCase implements Case {
        private final String label;
        private final Setup setup;
        private final Map<String, Topic> topics = new HashMap<>();

        ConsumeCase(String label, Setup setup) {
            this.label = label;
            this.setup = setup;
        }

        @Override
        public String id() {
            return "i.consume." + label;
        }

        @Override
        public String title() {
            return "Kafka's consumer, from the beginning, in the page cache, " + label;
        }

        @Override
        public Metric main() {
            return Metric.CPU_PER_GB;
        }

        @Override
        public boolean hasFloor() {
            return false;
        }

        @Override
        public Figures measure(Broker broker, Stage stage) throws IOException {
            RunningBroker running = stage.running(broker, setup);
            Topic topic = topics.get(broker.name());
            if (topic == null) {
                topic = stage.topic(running, 1);
                topics.put(broker.name(), topic);
                new ClientLoad(running.clientSettings(), topic, RECORD_SIZE_BYTES).send(recordCount(stage), LINGER_MS);
            }
            ClientLoad load = new ClientLoad(running.clientSettings(), topic, RECORD_SIZE_BYTES);
            Window window = Window.open(running);
            long elapsedNanos = load.read(recordCount(stage));
            return figures(window.close(), recordCount(stage), elapsedNanos);
        }
    }
}
