package io.wellspring.bench.workload;

import io.wellspring.bench.broker.Broker;
import io.wellspring.bench.broker.PageCache;
import io.wellspring.bench.broker.ProcessCost;
import io.wellspring.bench.broker.RunningBroker;
import io.wellspring.bench.broker.Setup;
import io.wellspring.bench.load.BatchShape;
import io.wellspring.bench.load.Beside;
import io.wellspring.bench.load.Codec;
import io.wellspring.bench.load.FetchLoad;
import io.wellspring.bench.load.LoadResult;
import io.wellspring.bench.load.Pace;
import io.wellspring.bench.load.ProduceLoad;
import io.wellspring.bench.load.Topic;
import io.wellspring.bench.report.Figures;
import io.wellspring.bench.report.Metric;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** (c) Produces at a fixed rate, first alone, then while a consumer reads from its beginning a topic that is not in the page cache. */
final class ColdWorkload implements Workload {
    private static final BatchShape SHAPE = new BatchShape(Codec.NONE, 16 * 1024, 1000);
    private static final BatchShape OLD_SHAPE = new BatchShape(Codec.NONE, 128 * 1024, 1000);
    private static final int PRODUCERS = 16;
    private static final int PARTITIONS = 16;
    private static final int OLD_PARTITIONS = 4;
    /** Reading as fast as it goes takes all of a small machine's processors, and then it is for them that everybody waits. */
    private static final double READ_BYTES_PER_SECOND = 250 * Measures.MB;

    private static final Duration LONGEST = Duration.ofMinutes(10);

    @Override
    public String letter() {
        return "c";
    }

    @Override
    public String title() {
        return "produce while a consumer reads cold data";
    }

    @Override
    public List<Case> cases(Scale scale) {
        return List.of(new ColdCase(true), new ColdCase(false));
    }

    /** Keeps, for each broker, the topic that is read. */
    private static final class ColdCase implements Case {
        private final boolean isPaced;
        private final Map<String, Topic> oldTopics = new HashMap<>();

        ColdCase(boolean isPaced) {
            this.isPaced = isPaced;
        }

        @Override
        public String id() {
            return isPaced ? "c.cold.paced" : "c.cold.most";
        }

        @Override
        public String title() {
            return "16 KB, producers: 16, fixed rate, one cold reader" + (isPaced ? ", at most 250 MB/s" : "");
        }

        @Override
        public Metric main() {
            return Metric.P99_RISE;
        }

        @Override
        public boolean hasFloor() {
            return false;
        }

        @Override
        public Figures measure(Broker broker, Stage stage) throws IOException {
            RunningBroker running = stage.running(broker, Setup.PAGE_CACHE);
            Topic old = oldTopics.get(broker.name());
            if (old == null) {
                old = stage.topic(running, OLD_PARTITIONS);
                oldTopics.put(broker.name(), old);
                new ProduceLoad(running.address(), old, OLD_SHAPE, 1)
                        .run(new Pace.Bytes(stage.scale().coldSizeBytes()));
            }
            Topic topic = stage.topic(running, PARTITIONS);
            ProduceLoad load = new ProduceLoad(running.address(), topic, SHAPE, PRODUCERS);
            Duration warmUp = stage.scale().duration().dividedBy(10);
            double rate = stage.scale().bytesPerSecond();
            LoadResult alone =
                    load.run(new Pace.Rate(rate, warmUp, stage.scale().duration()));
            PageCache.drop(directories(running, old));
            stage.fillMemory();
            Read read = withReader(running, stage, old, load, new Pace.Rate(rate, Duration.ZERO, LONGEST));
            LoadResult beside = read.beside();
            stage.drop(running, topic);
            double calmAloneMs =
                    Measures.calm(alone.latencies(), stage.stalls()).ms(99);
            double calmMs = Measures.calm(beside.latencies(), stage.stalls()).ms(99);
            return new Figures()
                    .with(Metric.COLD_RATE, read.reader().bytesPerSecond() / Measures.MB)
                    .with(Metric.DISK_READ, read.diskBytes() / Measures.MB)
                    .with(Metric.P99, beside.latencyMs(99))
                    .with(Metric.P99_ALONE, alone.latencyMs(99))
                    .with(Metric.P99_RISE, beside.latencyMs(99) / alone.latencyMs(99))
                    .with(Metric.CALM_P99, calmMs)
                    .with(Metric.CALM_P99_ALONE, calmAloneMs)
                    .with(Metric.CALM_P99_RISE, calmMs / calmAloneMs);
        }

        private static List<Path> directories(RunningBroker running, Topic topic) {
            return IntStream.range(0, topic.partitionCount())
                    .mapToObj(i -> running.data().resolve(topic.name() + "-" + i))
                    .toList();
        }

        private Read withReader(RunningBroker running, Stage stage, Topic old, ProduceLoad load, Pace pace)
                throws IOException {
            FetchLoad reading = isPaced
                    ? FetchLoad.paced(running.address(), old, READ_BYTES_PER_SECOND)
                    : new FetchLoad(running.address(), old, true);
            ProcessCost before = running.cost();
            try (Beside<FetchLoad.Result> reader = Beside.start(
                    "read-cold", () -> reading.run(1, () -> stage.scale().coldSizeBytes()))) {
                LoadResult beside = load.run(pace, reader::isOver);
                double diskBytes = running.cost().since(before).readBytes();
                return new Read(beside, reader.result(), diskBytes);
            }
        }

        /**
         * A cold read and what was produced beside it.
         *
         * @param diskBytes what the broker read from the disk meanwhile
         */
        private record Read(LoadResult beside, FetchLoad.Result reader, double diskBytes) {}
    }
}
