package io.wellspring.bench.workload;

import io.wellspring.bench.broker.Broker;
import io.wellspring.bench.broker.PageCache;
import io.wellspring.bench.broker.RunningBroker;
import io.wellspring.bench.broker.Setup;
import io.wellspring.bench.broker.Waiting;
import io.wellspring.bench.load.BatchShape;
import io.wellspring.bench.load.Codec;
import io.wellspring.bench.load.Pace;
import io.wellspring.bench.load.ProduceLoad;
import io.wellspring.bench.load.Topic;
import io.wellspring.bench.report.Figures;
import io.wellspring.bench.report.Metric;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** (g) From the start of the process to the first acknowledged record, with the flags that each is shipped with. */
final class StartWorkload implements Workload {
    /** What a start finds. */
    private enum Found {
        EMPTY("empty", "empty directory; the topic is made first"),
        CLEAN("clean", "after a clean stop"),
        COLD("cold", "after a clean stop, data and programs not in the page cache"),
        KILLED("killed", "after kill -9 soon after writing");

        private final String label;
        private final String title;

        Found(String label, String title) {
            this.label = label;
            this.title = title;
        }
    }

    @Override
    public String letter() {
        return "g";
    }

    @Override
    public String title() {
        return "start";
    }

    @Override
    public List<Case> cases(Scale scale) {
        List<Case> cases = new ArrayList<>();
        for (Found found : Found.values()) {
            cases.add(new StartCase(found, scale.startPartitions()));
        }
        return cases;
    }

    /** Keeps, for each broker, the directory it starts on. */
    private static final class StartCase implements Case {
        private static final BatchShape SHAPE = new BatchShape(Codec.NONE, 16 * 1024, 1000);
        private static final int WRITTEN_PARTITIONS_MOST = 100;
        private static final int WRITTEN_PART = 16;

        private final Found found;
        private final int partitionCount;
        private final Map<String, Path> directories = new HashMap<>();

        StartCase(Found found, int partitionCount) {
            this.found = found;
            this.partitionCount = partitionCount;
        }

        @Override
        public String id() {
            return "g." + found.label;
        }

        @Override
        public String title() {
            return found == Found.EMPTY ? found.title : "partitions: " + partitionCount + ", " + found.title;
        }

        @Override
        public Metric main() {
            return Metric.START;
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
            if (found == Found.EMPTY) {
                Path data = stage.directory(broker);
                broker.format(data);
                stage.settle();
                return start(broker, data, stage);
            }
            Path data = directories.get(broker.name());
            if (data == null) {
                data = stage.directory(broker);
                directories.put(broker.name(), data);
                Start.fill(broker, data, Setup.SHIPPED, partitionCount);
                if (found == Found.KILLED) {
                    // The first start finds it clean and is no measurement, but leaves it as the next one shall find
                    // it.
                    start(broker, data, stage);
                }
            }
            if (found == Found.COLD) {
                PageCache.drop(List.of(data));
                PageCache.drop(broker.files());
            }
            return start(broker, data, stage);
        }

        private Figures start(Broker broker, Path data, Stage stage) throws IOException {
            stage.fillMemory();
            Start.Started started = Start.measure(broker, data, Setup.SHIPPED, found == Found.EMPTY);
            try (RunningBroker running = started.broker()) {
                Waiting.rest(stage.scale().rest());
                Figures figures = started.figures()
                        .with(Metric.MEMORY, running.cost().residentBytes() / Measures.MB)
                        .with(Metric.THREADS, (double) running.cost().threadCount());
                end(running, stage);
                return figures;
            }
        }

        private void end(RunningBroker running, Stage stage) throws IOException {
            switch (found) {
                case EMPTY, CLEAN, COLD -> running.stop();
                case KILLED -> {
                    Topic topic = stage.topic(running, Math.min(WRITTEN_PARTITIONS_MOST, partitionCount));
                    new ProduceLoad(running.address(), topic, SHAPE, 1)
                            .run(new Pace.Bytes(stage.scale().sizeBytes() / WRITTEN_PART));
                    running.kill();
                }
            }
        }
    }
}
