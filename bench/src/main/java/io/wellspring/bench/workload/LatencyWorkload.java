package io.wellspring.bench.workload;

import io.wellspring.bench.broker.Broker;
import io.wellspring.bench.broker.RunningBroker;
import io.wellspring.bench.broker.Setup;
import io.wellspring.bench.load.BatchShape;
import io.wellspring.bench.load.ClientLoad;
import io.wellspring.bench.load.Codec;
import io.wellspring.bench.load.Latencies;
import io.wellspring.bench.load.LoadResult;
import io.wellspring.bench.load.Pace;
import io.wellspring.bench.load.ProduceLoad;
import io.wellspring.bench.load.Topic;
import io.wellspring.bench.report.Figures;
import io.wellspring.bench.report.Metric;
import io.wellspring.bench.report.Spread;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * (d) Latencies at fixed rates, each from the moment intended: from end to end with Kafka's own clients, and of produce requests at half of what Kafka takes
 * at most in the same setup.
 */
final class LatencyWorkload implements Workload {
    private static final int RECORD_SIZE_BYTES = 1000;

    @Override
    public String letter() {
        return "d";
    }

    @Override
    public String title() {
        return "latency at fixed rates";
    }

    @Override
    public List<Case> cases(Scale scale) {
        return List.of(
                new EndToEndCase("cache", Setup.PAGE_CACHE, 1000),
                new EndToEndCase("cache", Setup.PAGE_CACHE, 10_000),
                new HalfCase("cache", Setup.PAGE_CACHE),
                new EndToEndCase("disk", Setup.DISK, 100),
                new HalfCase("disk", Setup.DISK));
    }

    private record EndToEndCase(String label, Setup setup, int recordsPerSecond) implements Case {
        @Override
        public String id() {
            return "d.end." + label + "." + recordsPerSecond;
        }

        @Override
        public String title() {
            return "end to end, " + label + ", 1 KB records per second: " + recordsPerSecond;
        }

        @Override
        public Metric main() {
            return Metric.P99;
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
            Duration duration = stage.scale().duration();
            Latencies latencies = load.endToEnd(recordsPerSecond, duration.dividedBy(4), duration);
            stage.drop(running, topic);
            return Measures.withLatencies(new Figures(), latencies, stage.stalls());
        }
    }

    /** Finds Kafka's most at its first measurement and keeps it. */
    private static final class HalfCase implements Case {
        private static final BatchShape SHAPE = new BatchShape(Codec.NONE, 16 * 1024, RECORD_SIZE_BYTES);
        private static final int PRODUCERS = 16;
        private static final int PARTITIONS = 16;
        private static final int ROUNDS_MOST = 3;

        private final String label;
        private final Setup setup;
        private Optional<Double> bytesPerSecond = Optional.empty();

        HalfCase(String label, Setup setup) {
            this.label = label;
            this.setup = setup;
        }

        @Override
        public String id() {
            return "d.half." + label;
        }

        @Override
        public String title() {
            return "produce at half of Kafka's most, " + label + ", 16 KB, producers: 16";
        }

        @Override
        public Metric main() {
            return Metric.P99;
        }

        @Override
        public boolean hasFloor() {
            return true;
        }

        @Override
        public Figures measure(Broker broker, Stage stage) throws IOException {
            double rate = half(stage);
            RunningBroker running = stage.running(broker, setup);
            Topic topic = stage.topic(running, PARTITIONS);
            ProduceLoad load = new ProduceLoad(running.address(), topic, SHAPE, PRODUCERS);
            Duration duration = stage.scale().duration();
            LoadResult result = load.run(new Pace.Rate(rate, duration.dividedBy(4), duration));
            stage.drop(running, topic);
            return Measures.withLatencies(new Figures(), result.latencies(), stage.stalls())
                    .with(Metric.OFFERED, rate / Measures.MB);
        }

        private double half(Stage stage) throws IOException {
            if (bytesPerSecond.isEmpty()) {
                Optional<Broker> kafka = stage.broker("Kafka");
                // Without Kafka there is no such rate: then the one that the other cases have.
                bytesPerSecond = Optional.of(
                        kafka.isPresent()
                                ? most(kafka.get(), stage) / 2
                                : stage.scale().bytesPerSecond());
            }
            return bytesPerSecond.get();
        }

        private double most(Broker kafka, Stage stage) throws IOException {
            RunningBroker running = stage.running(kafka, setup);
            List<Double> rates = new ArrayList<>();
            // The first round warms up.
            for (int i = 0; i <= Math.min(ROUNDS_MOST, stage.scale().pairs()); i++) {
                Topic topic = stage.topic(running, PARTITIONS);
                LoadResult result = new ProduceLoad(running.address(), topic, SHAPE, PRODUCERS)
                        .run(new Pace.Time(stage.scale().duration().dividedBy(2)));
                stage.drop(running, topic);
                if (i > 0) {
                    rates.add(result.bytesPerSecond());
                }
            }
            return Spread.of(rates).orElseThrow().median();
        }
    }
}
