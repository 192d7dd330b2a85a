package io.wellspring.bench.workload;

import io.wellspring.bench.broker.Broker;
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
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/**
 * (b) Consumes what is being produced, with 1 and 4 groups. What reading costs is what producing with readers costs, less what the same costs without them
 * just before and after. And, without a difference of two figures, reads from the beginning what lies in the page cache.
 */
final class ConsumeWorkload implements Workload {
    private static final BatchShape SHAPE = new BatchShape(Codec.NONE, 128 * 1024, 1000);
    private static final int PARTITIONS = 4;
    private static final int PRODUCERS = 1;

    @Override
    public String letter() {
        return "b";
    }

    @Override
    public String title() {
        return "consume";
    }

    @Override
    public List<Case> cases(Scale scale) {
        return List.of(new TailCase(1), new TailCase(4), new CachedCase(1), new CachedCase(4));
    }

    private record TailCase(int groups) implements Case {
        @Override
        public String id() {
            return "b.tail." + groups;
        }

        @Override
        public String title() {
            return "tail, groups: " + groups;
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
            // Four times the usual rate: the more bytes, the smaller the error of a difference.
            Pace pace = new Pace.Rate(
                    4 * stage.scale().bytesPerSecond(),
                    Duration.ZERO,
                    stage.scale().duration().dividedBy(2));
            // In this order, so that what becomes cheaper or dearer steadily meanwhile does not count.
            Half alone = produceAlone(running, stage, pace);
            Half together = produceAndRead(running, stage, pace);
            together = together.plus(produceAndRead(running, stage, pace));
            alone = alone.plus(produceAlone(running, stage, pace));
            double readingCpu = together.cpuSeconds - alone.cpuSeconds / alone.producedBytes * together.producedBytes;
            return new Figures()
                    .with(Metric.CPU_PER_GB, readingCpu / (together.readBytes / Measures.GB))
                    .with(Metric.TOTAL_CPU_PER_GB, together.cpuSeconds / (together.producedBytes / Measures.GB))
                    .with(Metric.P99, together.p99Ms);
        }

        /** Half of what is held against the other; of two together the latency is the larger one. */
        private record Half(double cpuSeconds, long producedBytes, long readBytes, double p99Ms) {
            Half plus(Half other) {
                return new Half(
                        cpuSeconds + other.cpuSeconds,
                        producedBytes + other.producedBytes,
                        readBytes + other.readBytes,
                        Math.max(p99Ms, other.p99Ms));
            }
        }

        private static Half produceAlone(RunningBroker running, Stage stage, Pace pace) throws IOException {
            Topic topic = stage.topic(running, PARTITIONS);
            ProduceLoad load = new ProduceLoad(running.address(), topic, SHAPE, PRODUCERS);
            Window window = Window.open(running);
            LoadResult result = load.run(pace);
            double cpuSeconds = window.close().cpuSeconds();
            stage.drop(running, topic);
            return new Half(cpuSeconds, result.sizeBytes(), 0, result.latencyMs(99));
        }

        private Half produceAndRead(RunningBroker running, Stage stage, Pace pace) throws IOException {
            Topic topic = stage.topic(running, PARTITIONS);
            ProduceLoad load = new ProduceLoad(running.address(), topic, SHAPE, PRODUCERS);
            FetchLoad reading =
                    new FetchLoad(running.address(), topic, running.broker().isWhole());
            AtomicLong bytesPerGroup = new AtomicLong(Long.MAX_VALUE);
            Window window = Window.open(running);
            LoadResult produced;
            FetchLoad.Result read;
            try (Beside<FetchLoad.Result> readers =
                    Beside.start("read", () -> reading.run(groups, bytesPerGroup::get))) {
                produced = load.run(pace);
                bytesPerGroup.set(produced.sizeBytes());
                read = readers.result();
            }
            double cpuSeconds = window.close().cpuSeconds();
            stage.drop(running, topic);
            return new Half(cpuSeconds, produced.sizeBytes(), read.sizeBytes(), produced.latencyMs(99));
        }
    }

    /** Keeps, for each broker, the topic that it reads. */
    private static final class CachedCase implements Case {
        private final int groups;
        private final Map<String, Topic> topics = new HashMap<>();

        CachedCase(int groups) {
            this.groups = groups;
        }

        @Override
        public String id() {
            return "b.cached." + groups;
        }

        @Override
        public String title() {
            return "from the beginning, in the page cache, groups: " + groups;
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
            Topic topic = topics.get(broker.name());
            if (topic == null) {
                topic = stage.topic(running, PARTITIONS);
                topics.put(broker.name(), topic);
                new ProduceLoad(running.address(), topic, SHAPE, PRODUCERS)
                        .run(new Pace.Bytes(stage.scale().sizeBytes()));
            }
            FetchLoad reading = new FetchLoad(running.address(), topic, broker.isWhole());
            Window window = Window.open(running);
            FetchLoad.Result read = reading.run(groups, () -> stage.scale().sizeBytes());
            Window.Spent spent = window.close();
            double readGb = read.sizeBytes() / Measures.GB;
            return new Figures()
                    .with(Metric.CPU_PER_GB, spent.cpuSeconds() / readGb)
                    .with(Metric.THROUGHPUT, read.bytesPerSecond() / Measures.MB)
                    .with(Metric.ALLOCATED_PER_GB, spent.allocatedBytes() / Measures.MB / readGb);
        }
    }
}
