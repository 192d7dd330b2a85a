package io.wellspring.bench.workload;

import io.wellspring.bench.broker.Broker;
import io.wellspring.bench.broker.RunningBroker;
import io.wellspring.bench.broker.Setup;
import io.wellspring.bench.load.FirstProduce;
import io.wellspring.bench.load.Topics;
import io.wellspring.bench.report.Figures;
import io.wellspring.bench.report.Metric;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

/** A start of a broker, from the moment its process is asked for to the first acknowledged record. */
final class Start {
    /** The topic that the first record goes to. */
    static final String FIRST = "first";

    private static final Duration LIMIT = Duration.ofMinutes(5);
    private static final int PARTITIONS_PER_TOPIC = 100;
    private static final double NANOS_PER_MS = 1e6;
    private static final double NANOS_PER_SECOND = 1e9;

    private Start() {}

    /**
     * A broker that has acknowledged its first record.
     *
     * @param figures how long that took
     */
    record Started(RunningBroker broker, Figures figures) {}

    /** @param isNew whether the directory knows no topic yet */
    static Started measure(Broker broker, Path data, Setup setup, boolean isNew) throws IOException {
        long begin = System.nanoTime();
        RunningBroker running = broker.launch(data, setup);
        try {
            new FirstProduce(running.address(), FIRST, isNew).await(LIMIT, running::checkAlive);
            long elapsed = System.nanoTime() - begin;
            Figures figures = new Figures()
                    .with(Metric.START, elapsed / NANOS_PER_MS)
                    .with(Metric.START_CPU, running.cost().cpuNanos() / NANOS_PER_SECOND);
            return new Started(running, figures);
        } catch (IOException e) {
            running.close();
            throw e;
        }
    }

    /** Fills an empty directory with about so many partitions, in topics of 100 at most, and stops the broker cleanly. */
    static void fill(Broker broker, Path data, Setup setup, int partitionCount) throws IOException {
        broker.format(data);
        try (RunningBroker running = measure(broker, data, setup, true).broker()) {
            int perTopic = Math.min(partitionCount, PARTITIONS_PER_TOPIC);
            int topicCount = partitionCount / perTopic;
            try (Topics topics = Topics.at(running.bootstrap())) {
                for (int i : IntStream.range(0, topicCount).toArray()) {
                    topics.createAll(List.of("many-" + i), perTopic);
                }
            }
            running.stop();
        }
    }
}
