package io.wellspring.bench.workload;

import io.wellspring.bench.broker.Broker;
import io.wellspring.bench.broker.Disk;
import io.wellspring.bench.broker.RunningBroker;
import io.wellspring.bench.broker.Setup;
import io.wellspring.bench.broker.Waiting;
import io.wellspring.bench.load.FirstProduce;
import io.wellspring.bench.load.FloorControl;
import io.wellspring.bench.load.Topic;
import io.wellspring.bench.load.Topics;
import io.wellspring.bench.machine.Stalls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.Uuid;

/**
 * Where cases are measured: the work directory, the brokers that run, and the topics on them. Brokers of one setup stay until another setup is asked for or
 * the case is over, so that A and B run beside each other and take turns.
 *
 * <p>Threads: one.
 */
public final class Stage implements AutoCloseable {
    private static final Duration WRITABLE_LIMIT = Duration.ofMinutes(2);
    private static final Duration FILES_GONE_LIMIT = Duration.ofMinutes(2);
    private static final Duration FILES_LOOK_INTERVAL = Duration.ofMillis(50);

    private final Path work;
    private final Scale scale;
    private final List<Broker> brokers;
    private final Map<String, RunningBroker> running = new LinkedHashMap<>();
    private final List<Path> directories = new ArrayList<>();
    private final Stalls stalls;
    private Setup setup = Setup.PAGE_CACHE;
    private final FullPageCache memory;
    private int nameCount;

    /**
     * A stage on which nothing runs yet.
     *
     * @param brokers all that take part
     * @param stalls stays the caller's
     */
    public Stage(Path work, Scale scale, List<Broker> brokers, Stalls stalls) {
        this.stalls = stalls;
        this.work = work;
        this.scale = scale;
        this.brokers = brokers;
        this.memory = new FullPageCache(work);
    }

    /** What is deleted of the work directory when everything is over: the rest may be someone else's. */
    public static Path brokers(Path work) {
        return work.resolve("brokers");
    }

    /** How much of everything. */
    public Scale scale() {
        return scale;
    }

    /** When the machine stood still. */
    Stalls stalls() {
        return stalls;
    }

    /** The one of that name, if it takes part. */
    Optional<Broker> broker(String name) {
        return brokers.stream().filter(broker -> broker.name().equals(name)).findFirst();
    }

    /** The broker's process in this setup, which is started unless it runs. */
    RunningBroker running(Broker broker, Setup wanted) throws IOException {
        if (!wanted.equals(setup)) {
            stopAll();
            setup = wanted;
        }
        RunningBroker known = running.get(broker.name());
        if (known == null) {
            Path data = directory(broker);
            broker.format(data);
            known = broker.launch(data, wanted);
            running.put(broker.name(), known);
            known.awaitPort();
        }
        known.checkAlive();
        return known;
    }

    /** A new, empty directory, which is deleted when the case is over. */
    Path directory(Broker broker) throws IOException {
        nameCount++;
        // One directory around the data, for what lies beside it.
        Path around = brokers(work).resolve(broker.name() + "-" + nameCount);
        Disk.delete(around);
        directories.add(around);
        return Files.createDirectories(around.resolve("data"));
    }

    /** Where a measurement may write for itself. */
    Path work() {
        return work;
    }

    /** A new topic that takes records. */
    Topic topic(RunningBroker broker, int partitionCount) throws IOException {
        fillMemory();
        nameCount++;
        String name = "bench-" + nameCount;
        if (!broker.broker().isWhole()) {
            return new Topic(name, Uuid.randomUuid(), partitionCount);
        }
        try (Topics topics = Topics.at(broker.bootstrap())) {
            Topic topic = topics.create(name, partitionCount);
            FirstProduce.awaitWritable(broker.address(), topic, WRITABLE_LIMIT);
            return topic;
        }
    }

    /** Deletes a topic, waits until its files are gone and lets the disk come to rest, so that it costs the next measurement nothing. */
    void drop(RunningBroker broker, Topic topic) throws IOException {
        if (broker.broker().isWhole()) {
            try (Topics topics = Topics.at(broker.bootstrap())) {
                topics.delete(topic.name());
            }
        } else {
            FloorControl.clear(broker.address());
        }
        if (!scale.isBrokerKept()) {
            awaitNoFiles(broker, topic);
        }
        settle();
        // What the topic had in the page cache is free now.
        fillMemory();
    }

    /** A broker removes the files of a topic some time after it has deleted it: not while the next one is measured. */
    private static void awaitNoFiles(RunningBroker broker, Topic topic) throws IOException {
        // The names of a partition's directory, deleted or not, begin so with both brokers.
        String begin = topic.name() + "-";
        Waiting.until("the files of " + topic.name() + " are gone", FILES_GONE_LIMIT, FILES_LOOK_INTERVAL, () -> {
            broker.checkAlive();
            return !Disk.hasEntry(broker.data(), begin);
        });
    }

    /** Leaves little free, so that what is measured next finds memory that the machine has; where figures mean nothing, all stays as it is. */
    void fillMemory() throws IOException {
        if (!scale.isBrokerKept()) {
            memory.fill();
        }
    }

    /** Waits until all that was written is on the disk; where figures mean nothing it does not wait. */
    void settle() throws IOException {
        if (!scale.isBrokerKept()) {
            Disk.settle();
        }
    }

    /** The case is over. */
    public void endCase() throws IOException {
        if (!scale.isBrokerKept()) {
            stopAll();
        }
    }

    private void stopAll() throws IOException {
        List<RunningBroker> all = List.copyOf(running.values());
        running.clear();
        for (RunningBroker each : all) {
            // An orderly end, so that a recording of its JVM is written.
            try (each) {
                each.stop();
            }
        }
        for (Path directory : directories) {
            Disk.delete(directory);
        }
        directories.clear();
    }

    @Override
    public void close() throws IOException {
        memory.close();
        stopAll();
    }
}
