package io.wellspring.bench.workload;

import io.wellspring.bench.broker.Broker;
import io.wellspring.bench.broker.RunningBroker;
import io.wellspring.bench.broker.Setup;
import io.wellspring.bench.load.BatchShape;
import io.wellspring.bench.load.ClientLoad;
import io.wellspring.bench.load.LoadResult;
import io.wellspring.bench.load.Pace;
import io.wellspring.bench.load.ProduceLoad;
import io.wellspring.bench.load.Topic;
import io.wellspring.bench.report.Figures;
import io.wellspring.bench.report.Metric;
import java.io.IOException;
import java.util.List;

/** (e) Small messages that are not held back: requests with one record each, and Kafka's own producer with {@code linger.ms=0}. */
final class SmallWorkload implements Workload {
    private static final int RECORD_SIZE_BYTES = 100;
    /** Records that the producer sends for each byte that other cases send. */
    private static final double RECORDS_PER_BYTE = 1.0 / 1000;

    @Override
    public String letter() {
        return "e";
    }

    @Override
    public String title() {
        return "small messages, linger 0";
    }

    @Override
    public List<Case> cases(Scale scale) {
        return List.of(new SingleCase(1), new SingleCase(16), new ClientCase());
    }

    private record SingleCase(int producers) implements Case {
        @Override
        public String id() {
            return "e.single." + producers;
        }

        @Override
        public String title() {
            return "requests with one record of 100 bytes, producers: " + producers;
        }

        @Override
        public Metric main() {
            return Metric.CPU_PER_MILLION;
        }

        @Override
        public boolean hasFloor() {
            return true;
        }

        @Override
        public Figures measure(Broker broker, Stage stage) throws IOException {
            RunningBroker running = stage.running(broker, Setup.PAGE_CACHE);
            Topic topic = stage.topic(running, 1);
            ProduceLoad load =
                    new ProduceLoad(running.address(), topic, BatchShape.single(RECORD_SIZE_BYTES), producers);
            Window window = Window.open(running);
            LoadResult result = load.run(new Pace.Time(stage.scale().duration().dividedBy(2)));
            Window.Spent spent = window.close();
            stage.drop(running, topic);
            return new Figures()
                    .with(Metric.CPU_PER_MILLION, spent.cpuSeconds() / (result.requestCount() / Measures.MILLION))
                    .with(Metric.RATE, result.requestCount() / (result.elapsedNanos() / 1e9))
                    .with(Metric.CALLS_PER_REQUEST, (double) spent.cost().callCount() / result.requestCount());
        }
    }

    private record ClientCase() implements Case {
        @Override
        public String id() {
            return "e.client";
        }

        @Override
        public String title() {
            return "Kafka's producer, 100 bytes, linger 0";
        }

        @Override
        public Metric main() {
            return Metric.CPU_PER_MILLION;
        }

        @Override
        public boolean hasFloor() {
            return false;
        }

        @Override
        public Figures measure(Broker broker, Stage stage) throws IOException {
            RunningBroker running = stage.running(broker, Setup.PAGE_CACHE);
            Topic topic = stage.topic(running, 1);
            ClientLoad load = new ClientLoad(running.clientSettings(), topic, RECORD_SIZE_BYTES);
            long records = Math.max(1, (long) (stage.scale().sizeBytes() * RECORDS_PER_BYTE));
            Window window = Window.open(running);
            long elapsedNanos = load.send(records, 0);
            Window.Spent spent = window.close();
            stage.drop(running, topic);
            return new Figures()
                    .with(Metric.CPU_PER_MILLION, spent.cpuSeconds() / (records / Measures.MILLION))
                    .with(Metric.RATE, records / (elapsedNanos / 1e9));
        }
    }
}
