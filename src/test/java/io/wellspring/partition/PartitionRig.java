package io.wellspring.partition;

import io.wellspring.batch.BatchBuilder;
import io.wellspring.batch.BatchValidator;
import io.wellspring.batch.FileSlice;
import io.wellspring.batch.RecordBatch;
import io.wellspring.batch.compression.DecompressionBounds;
import io.wellspring.log.FlushPolicy;
import io.wellspring.log.LogEnvironment;
import io.wellspring.log.LogFiles;
import io.wellspring.log.LogMetrics;
import io.wellspring.log.LogProperties;
import io.wellspring.log.LogStore;
import io.wellspring.log.NodeProperties;
import io.wellspring.model.IsolationLevel;
import io.wellspring.model.NodeId;
import io.wellspring.model.TopicId;
import io.wellspring.model.TopicPartition;
import io.wellspring.testing.ManualTimers;
import io.wellspring.topic.TopicCatalog;
import io.wellspring.topic.TopicDefaults;
import io.wellspring.topic.TopicSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/** The partitions of one broker over real logs in a directory, put together as the broker does it, with one shard. */
final class PartitionRig implements AutoCloseable {
    static final TopicId TOPIC_ID = new TopicId(11, 12);
    static final TopicPartition ORDERS = new TopicPartition("orders", 0);
    static final short ACKS_ALL = -1;
    static final int MAX_PRODUCERS = 100;
    static final long NOW_MS = 1_700_000_000_000L;

    final ManualTimers time = new ManualTimers();

    /** The wall clock. */
    final AtomicLong nowMs = new AtomicLong(NOW_MS);

    /** How far the wall clock goes on each time that somebody looks at it. */
    final AtomicLong msPerLook = new AtomicLong();

    /** Two more threads, as the broker has some. */
    private final ForceAhead forceAhead = new ForceAhead(2);

    final LogStore logs;
    final PartitionShardStore store;
    final ReplicationEngine engine;
    final Partitions partitions = new Partitions(1, 10);
    final PartitionOpener opener;
    final CatalogPartitions catalogPartitions;
    final CatalogJournal journal;
    final ProducerIds producerIds;

    /** What a rig is made of. */
    record Plan(
            Path directory,
            LogFiles files,
            FlushPolicy flush,
            PartitionMetrics metrics,
            LogMetrics logMetrics,
            LocalEngine.QueueLimits limits) {
        static Plan in(Path directory) {
            return new Plan(
                    directory,
                    new io.wellspring.log.DiskLogFiles(),
                    FlushPolicy.ALWAYS,
                    PartitionMetrics.NONE,
                    LogMetrics.NONE,
                    new LocalEngine.QueueLimits(1_000, 64L << 20));
        }

        Plan files(LogFiles other) {
            return new Plan(directory, other, flush, metrics, logMetrics, limits);
        }

        Plan flush(FlushPolicy other) {
            return new Plan(directory, files, other, metrics, logMetrics, limits);
        }

        Plan metrics(PartitionMetrics other, LogMetrics otherLog) {
            return new Plan(directory, files, flush, other, otherLog, limits);
        }

        Plan limits(LocalEngine.QueueLimits other) {
            return new Plan(directory, files, flush, metrics, logMetrics, other);
        }
    }

    PartitionRig(Plan plan, Function<PartitionShardStore, ReplicationEngine> engineOf) {
        InstantSource clock = () -> Instant.ofEpochMilli(nowMs.getAndAdd(msPerLook.get()));
        LogProperties properties = new Binder(new MapConfigurationPropertySource(Map.of(
                        "wellspring.log.directories[0]", plan.directory().toString(),
                        "wellspring.log.flush", plan.flush().name(),
                        "wellspring.log.disk-soft-mark", "0B",
                        "wellspring.log.disk-hard-mark", "0B",
                        "wellspring.log.scrub-rate", "0B")))
                .bindOrCreate("wellspring.log", LogProperties.class);
        logs = new LogStore(
                properties,
                new NodeProperties(1),
                new LogEnvironment(plan.files(), clock, time, time, plan.logMetrics()));
        logs.start();
        store = new PartitionShardStore(
                new ShardId(0), plan.flush() == FlushPolicy.ALWAYS, forceAhead, time, plan.metrics());
        engine = engineOf.apply(store);
        PartitionServices services = new PartitionServices(
                engine, new BatchValidator(DecompressionBounds.DEFAULT), logs::acceptsWrites, clock, plan.metrics());
        opener = new PartitionOpener(
                logs, List.of(store), services, partitions, new PartitionOpener.Limits(MAX_PRODUCERS, 1), time);
        catalogPartitions = new CatalogPartitions(logs, opener, partitions);
        journal =
                new CatalogJournal(catalogPartitions, TopicCatalog.empty(TopicDefaults.KAFKA), 100, clock, time, time);
        producerIds = new ProducerIds(journal);
    }

    /** With the engine of a single broker, which nobody has told to lead yet. */
    static PartitionRig local(Plan plan) {
        return new PartitionRig(plan, store -> localEngine(plan, store));
    }

    static LocalEngine localEngine(Plan plan, PartitionShardStore store) {
        return new LocalEngine(List.of(store), plan.limits(), new NodeId(1), new ManualTimers(), plan.metrics());
    }

    /** The whole room as at a broker's start: catalog, leadership, replay. */
    PartitionRoom startRoom() {
        PartitionRoom room = new PartitionRoom(
                new PartitionRoom.Parts(
                        (LocalEngine) engine,
                        opener,
                        catalogPartitions,
                        journal,
                        producerIds,
                        partitions,
                        new Housekeeping(engine, List.of(store), partitions, time, () -> {}),
                        logs),
                new PartitionRoom.Periods(Duration.ofMinutes(5), Duration.ofHours(24), Duration.ofSeconds(5), null),
                TopicDefaults.KAFKA);
        room.start();
        return room;
    }

    /** Opens the partition, or makes it. */
    Partition open(TopicPartition id, Map<String, String> settings) {
        return open(TOPIC_ID, id, settings);
    }

    /** Opens the partition of this topic, or makes it. */
    Partition open(TopicId topicId, TopicPartition id, Map<String, String> settings) {
        boolean isOnDisk =
                logs.found().stream().anyMatch(found -> found.partition().equals(id));
        try {
            return opener.open(new PartitionOpener.Wanted(id, topicId, TopicSettings.of(settings), isOnDisk));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** The partition of that name, which must be there. */
    Partition serving(TopicPartition id) {
        return Objects.requireNonNull(partitions.find(id), id.toString());
    }

    Partition serving(TopicId topicId, int index) {
        return Objects.requireNonNull(partitions.find(topicId, index), topicId.toString());
    }

    Partition orders() {
        return open(ORDERS, Map.of());
    }

    /** Keeps the shard's thread busy until the latch is down. */
    void blockShard(CountDownLatch until) throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        engine.execute(new ShardId(0), () -> {
            begun.countDown();
            try {
                until.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return 0;
        });
        begun.await();
    }

    static ByteBuffer plain(int recordCount) {
        return records(new BatchBuilder(), recordCount);
    }

    static ByteBuffer idempotent(long producerId, int epoch, int baseSequence, int recordCount) {
        return records(new BatchBuilder().producer(producerId, (short) epoch, baseSequence), recordCount);
    }

    static ByteBuffer records(BatchBuilder builder, int recordCount) {
        for (int i = 0; i < recordCount; i++) {
            builder.append(NOW_MS, null, ("value " + i).getBytes(StandardCharsets.UTF_8));
        }
        return builder.build();
    }

    static <T> T get(CompletionStage<T> stage) {
        return stage.toCompletableFuture().join();
    }

    /** The base offset of an append that must succeed. */
    static long offset(CompletionStage<AppendOutcome> stage) {
        return switch (get(stage)) {
            case AppendOutcome.Appended appended -> appended.baseOffset();
            case AppendOutcome.Refused refused -> throw new AssertionError("refused: " + refused);
        };
    }

    static AppendRefusal refusal(CompletionStage<AppendOutcome> stage) {
        return switch (get(stage)) {
            case AppendOutcome.Appended appended -> throw new AssertionError("not refused: " + appended);
            case AppendOutcome.Refused refused -> refused.reason();
        };
    }

    static ReadRequest from(long offset) {
        return new ReadRequest(offset, -1, -1, IsolationLevel.READ_UNCOMMITTED, 1 << 20, true);
    }

    /** Every batch that a reader sees, by one read after the other; offsets must be dense. */
    static List<RecordBatch> readAll(Partition partition) {
        List<RecordBatch> all = new ArrayList<>();
        long offset = partition.logStartOffset();
        while (offset < partition.highWatermark()) {
            ReadOutcome outcome = partition.read(from(offset));
            if (!(outcome instanceof ReadOutcome.Records found) || found.records() == null) {
                throw new AssertionError("nothing at offset " + offset + ": " + outcome);
            }
            for (RecordBatch batch : batchesOf(found.records())) {
                if (batch.baseOffset() != offset) {
                    throw new AssertionError("expected offset " + offset + ", found " + batch);
                }
                all.add(batch);
                offset = batch.nextOffset();
            }
        }
        return all;
    }

    private static List<RecordBatch> batchesOf(FileSlice slice) {
        try {
            ByteBuffer bytes = ByteBuffer.allocate(slice.sizeBytes());
            slice.read(bytes, 0);
            return io.wellspring.batch.Batches.list(bytes.flip());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } finally {
            slice.release();
        }
    }

    /** What kill -9 would leave at this moment, but for files that are being replaced just now: they come and go beside. */
    static void copy(Path source, Path target) {
        try {
            Files.walkFileTree(source, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
                        throws IOException {
                    Files.createDirectories(
                            target.resolve(source.relativize(directory).toString()));
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    String name = file.getFileName().toString();
                    if (!name.equals(".lock") && !name.endsWith(".tmp")) {
                        Files.copy(file, target.resolve(source.relativize(file).toString()));
                    }
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
                    if (file.toString().endsWith(".tmp") && failure instanceof NoSuchFileException) {
                        return FileVisitResult.CONTINUE;
                    }
                    throw failure;
                }
            });
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** As the end of the broker does, after its engine. */
    void closeForceAhead() {
        forceAhead.close();
    }

    @Override
    public void close() {
        journal.close();
        opener.close();
        engine.close();
        forceAhead.close();
        partitions.close();
        try {
            logs.close();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
