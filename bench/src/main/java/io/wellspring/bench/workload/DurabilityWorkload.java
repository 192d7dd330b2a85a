package io.wellspring.bench.workload;

import io.wellspring.bench.broker.Broker;
import io.wellspring.bench.broker.Disk;
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

/** (h) As much as goes, with the same durability on both sides: in the page cache, and on the disk before the answer. */
final class DurabilityWorkload implements Workload {
    @Override
    public String letter() {
        return "h";
    }

    @Override
    public String title() {
        return "durability equal on both sides";
    }

    @Override
    public List<Case> cases(Scale scale) {
        List<Case> cases = new ArrayList<>();
        for (int batchKib : List.of(16, 128)) {
            BatchShape shape = new BatchShape(Codec.NONE, batchKib * 1024, 1000);
            cases.add(new DurabilityCase("disk", Setup.DISK, shape, 1, 1));
            cases.add(new DurabilityCase("disk", Setup.DISK, shape, 16, 1));
            cases.add(new DurabilityCase("disk", Setup.DISK, shape, 16, 16));
        }
        cases.add(new DurabilityCase("cache", Setup.PAGE_CACHE, new BatchShape(Codec.NONE, 16 * 1024, 1000), 16, 16));
        return cases;
    }

    private record DurabilityCase(String label, Setup setup, BatchShape shape, int producers, int partitions)
            implements Case {
        @Override
        public String id() {
            return "h." + label + "." + shape.sizeBytes() / 1024 + "k." + producers + "." + partitions;
        }

        @Override
        public String title() {
            return label + ", " + shape.sizeBytes() / 1024 + " KB, producers: " + producers + ", partitions: "
                    + partitions;
        }

        @Override
        public Metric main() {
            return Metric.THROUGHPUT;
        }

        @Override
        public boolean hasFloor() {
            return true;
        }

        @Override
        public Figures measure(Broker broker, Stage stage) throws IOException {
            RunningBroker running = stage.running(broker, setup);
            Topic topic = stage.topic(running, partitions);
            ProduceLoad load = new ProduceLoad(running.address(), topic, shape, producers);
            double diskRate = Disk.sequentialRate(stage.work(), stage.scale().diskSizeBytes());
            Window window = Window.open(running);
            LoadResult result = load.run(new Pace.Time(stage.scale().duration().dividedBy(2)));
            Figures figures = Measures.produced(result, window.close());
            stage.drop(running, topic);
            return figures.with(Metric.OF_DISK, result.bytesPerSecond() / diskRate)
                    .with(Metric.P50, result.latencyMs(50))
                    .with(Metric.P99, result.latencyMs(99))
                    .with(Metric.P999, result.latencyMs(99.9));
        }
    }
}
