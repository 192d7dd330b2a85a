package io.wellspring.bench.workload;

import io.wellspring.bench.broker.Broker;
import io.wellspring.bench.broker.RunningBroker;
import io.wellspring.bench.broker.Setup;
import io.wellspring.bench.load.BatchShape;
import io.wellspring.bench.load.Codec;
import io.wellspring.bench.load.LoadResult;
import io.wellspring.bench.load.Pace;
import io.wellspring.bench.load.ProduceLoad;
import io.wellspring.bench.load.Topic;
import io.wellspring.bench.report.Figures;
import io.wellspring.bench.report.Metric;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** (a) Produces a fixed amount of 1 KB records as fast as it goes: batches of 16 and 128 KB, three codecs, one and many producers and partitions. */
final class ProduceWorkload implements Workload {
    private static final int RECORD_SIZE_BYTES = 1000;

    @Override
    public String letter() {
        return "a";
    }

    @Override
    public String title() {
        return "produce";
    }

    @Override
    public List<Case> cases(Scale scale) {
        List<Case> cases = new ArrayList<>();
        for (int batchKib : List.of(128, 16)) {
            for (Codec codec : Codec.values()) {
                for (int producers : List.of(1, 16)) {
                    for (int partitions : List.of(1, 100)) {
                        BatchShape shape = new BatchShape(codec, batchKib * 1024, RECORD_SIZE_BYTES);
                        cases.add(new ProduceCase(shape, producers, partitions));
                    }
                }
            }
        }
        return cases;
    }

    private record ProduceCase(BatchShape shape, int producers, int partitions) implements Case {
        @Override
        public String id() {
            return "a." + shape.sizeBytes() / 1024 + "k." + shape.codec().label() + "." + producers + "." + partitions;
        }

        @Override
        public String title() {
            return shape.sizeBytes() / 1024 + " KB " + shape.codec().label() + ", producers: " + producers
                    + ", partitions: " + partitions;
        }

        @Override
        public Metric main() {
            return Metric.CPU_PER_GB;
        }

        @Override
        public boolean hasFloor() {
            return true;
        }

        @Override
        public Figures measure(Broker broker, Stage stage) throws IOException {
            RunningBroker running = stage.running(broker, Setup.PAGE_CACHE);
            Topic topic = stage.topic(running, partitions);
            ProduceLoad load = new ProduceLoad(running.address(), topic, shape, producers);
            Window window = Window.open(running);
            LoadResult result = load.run(new Pace.Bytes(stage.scale().sizeBytes()));
            Figures figures = Measures.produced(result, window.close());
            stage.drop(running, topic);
            return figures;
        }
    }
}
