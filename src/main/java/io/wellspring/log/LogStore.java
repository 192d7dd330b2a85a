package io.wellspring.log;

import io.wellspring.model.BrokerIdentity;
import io.wellspring.model.TopicId;
import io.wellspring.model.TopicPartition;
import io.wellspring.support.Timers;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All logs of this broker over all its log directories: lock, identity, clean mark, durable marks; opens, makes and deletes logs.
 * What survives a crash is told at {@link LogDirectory}, {@link Recovery} and {@link DurableMark}.
 * Threads: any, one call at a time per partition.
 */
public final class LogStore implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LogStore.class);

    private final LogProperties properties;
    private final CleanerProperties cleanerProperties;
    private final NodeProperties node;
    private final LogEnvironment environment;
    private final List<Timers.Cancellable> tasks = new ArrayList<>();

    /** Null before {@link #start} and after {@link #close}. */
    private volatile @Nullable OpenStore open;

    private volatile boolean isLeftUnclean;

    /** Touches no file before {@link #start}. */
    public LogStore(LogProperties properties, NodeProperties node, LogEnvironment environment) {
        this(properties, CleanerProperties.DEFAULTS, node, environment);
    }

    /** Touches no file before {@link #start}. */
    public LogStore(
            LogProperties properties,
            CleanerProperties cleanerProperties,
            NodeProperties node,
            LogEnvironment environment) {
        this.properties = properties;
        this.cleanerProperties = cleanerProperties;
        this.node = node;
        this.environment = environment;
    }

    /**
     * Locks and reads the directories. Logs are opened by {@link #open}.
     *
     * @throws io.wellspring.support.StartRefusedException if a directory cannot or must not be used; nothing was written into it then
     */
    public void start() {
        List<Path> paths = properties.directories().stream()
                .map(directory -> Path.of(directory).toAbsolutePath().normalize())
                .toList();
        DirectoryOpening.Opened opened = new DirectoryOpening(environment.files(), node.nodeId(), paths).open();
        OpenStore store = new OpenStore(properties, cleanerProperties, environment, opened, LogThreads.OWN);
        store.begin();
        open = store;
        Timers timers = environment.timers();
        tasks.add(timers.every(properties.durableMarkInterval(), store::marksLater));
        tasks.add(timers.every(properties.diskCheckInterval(), store::lookAtDisksLater));
        store.lookAtDisks();
        store.startScrubber();
    }

    private OpenStore store() {
        OpenStore store = open;
        if (store == null) {
            throw new IllegalStateException("the log directories are not open");
        }
        return store;
    }

    /** The cluster's id as the directories say (made on the first start). */
    public String clusterId() {
        return identity().clusterId();
    }

    /** Cluster and broker as the directories say. */
    public BrokerIdentity identity() {
        return store().identity();
    }

    /** Partitions that have a directory on disk, found at start; none is open yet. */
    public List<Found> found() {
        List<Found> found = new ArrayList<>();
        for (LogDirectory directory : store().directories()) {
            for (Map.Entry<TopicPartition, TopicId> entry : directory.found().entrySet()) {
                found.add(new Found(entry.getKey(), entry.getValue()));
            }
        }
        found.sort(Comparator.comparing(Found::partition));
        return found;
    }

    /**
     * A directory {@code topic-partition} on disk.
     *
     * @param topicId what its {@code partition.metadata} says; {@link TopicId#ZERO} if there is none
     */
    public record Found(TopicPartition partition, TopicId topicId) {}

    /**
     * Opens a partition found on disk, with recovery where it was not closed cleanly. Damage below the durable mark does not throw:
     * the log comes back {@link PartitionLog#isOffline offline} and untouched.
     */
    public PartitionLog open(TopicPartition partition, TopicId topicId, LogSettings settings, DerivedState state)
            throws IOException {
        return store().open(partition, topicId, settings, state);
    }

    /**
     * As {@link #open}, on one of the recovery threads of the partition's directory; a start hands all its partitions over and waits.
     * The {@code state} is driven by that thread.
     */
    public CompletableFuture<PartitionLog> openLater(
            TopicPartition partition, TopicId topicId, LogSettings settings, DerivedState state) {
        return store().openLater(partition, topicId, settings, state);
    }

    /** How far the opening of logs has come. */
    public RecoveryProgress recoveryProgress() {
        return store().progress();
    }

    /** Makes a new empty log in the directory with the fewest partitions of those that have room; durable when it returns. */
    public PartitionLog create(TopicPartition partition, TopicId topicId, LogSettings settings, DerivedState state)
            throws IOException {
        return store().create(partition, topicId, settings, state);
    }

    /** Renames the directory away at once and deletes its files later. The log is closed by it. */
    public void delete(PartitionLog log) throws IOException {
        store().delete(log);
    }

    /** Deletes a directory that was found at start and belongs to a topic that is gone. */
    public void deleteFound(Found found) throws IOException {
        store().deleteFound(found.partition());
    }

    /**
     * False while the disk of this log is too full to take writes; it becomes true again by itself.
     *
     * @param isInternal asks for a topic of the broker itself, which may write for longer
     */
    public boolean acceptsWrites(PartitionLog log, boolean isInternal) {
        return store().acceptsWrites(log, isInternal);
    }

    /**
     * Checks every checksum of one log below its durable mark, now. Reads the whole log. Threads: any that may block.
     *
     * @return what is damaged, one sentence, and the log is offline; null if nothing is
     */
    public @Nullable String scrub(PartitionLog log) {
        return store().scrub(log);
    }

    /** Writes the durable marks as soon as may be: logs have taken {@link PartitionLog#checkpoint checkpoints}. Threads: any. */
    public void writeMarksSoon() {
        OpenStore store = open;
        if (store != null) {
            store.marksLater();
        }
    }

    /** Compacts from now on what is due, in the background, until {@link #close}. Called once. */
    public void startCompaction(CompactionSource source) {
        store().cleaner().start(source);
    }

    /**
     * Compacts a log as soon as there is a thread for it, whether it is due or not. Threads: any.
     *
     * @return completes with null if nothing is left to be compacted; fails with {@link CompactionStoppedException} if it cannot be now
     */
    public CompletableFuture<@Nullable CompactionReport> compactSoon(PartitionLog log) {
        return store().cleaner().requests().ask(log);
    }

    /** Partitions whose compaction failed, and why; each is tried again. For health. */
    public Map<String, String> compactionFailures() {
        OpenStore store = open;
        return store == null ? Map.of() : store.cleaner().failures();
    }

    /** The state of each log directory, for DescribeLogDirs, health and meters. */
    public List<DirectoryStatus> directories() {
        return store().status();
    }

    /**
     * @param path absolute path
     * @param totalBytes size of the volume; -1 if the directory is offline
     * @param usableBytes free bytes of the volume; -1 if the directory is offline
     * @param logs the open logs in it
     * @param failure why the directory is offline, empty if it is not
     */
    public record DirectoryStatus(
            String path, long totalBytes, long usableBytes, List<PartitionLog> logs, String failure) {}

    /** How often retention is to be applied to each log, by its owner. */
    public Duration retentionCheckInterval() {
        return properties.retentionCheckInterval();
    }

    /** When an append is made durable. */
    public FlushPolicy flushPolicy() {
        return properties.flush();
    }

    /** With {@link FlushPolicy#INTERVAL}: how often everything is forced. */
    public Duration flushInterval() {
        return properties.flushInterval();
    }

    /**
     * Somebody may still be writing to a log: {@link #close} touches nothing then, not even the locks, which end with the process. The next start
     * recovers as after a kill.
     */
    public void leaveUnclean() {
        isLeftUnclean = true;
    }

    /** Closes every log, writes the clean mark and gives the locks back. */
    @Override
    public void close() throws IOException {
        OpenStore store = open;
        open = null;
        if (store == null) {
            return;
        }
        if (isLeftUnclean) {
            LOG.error(
                    "The log directories are left without a clean mark: a thread still writes. directories={}",
                    properties.directories());
            return;
        }
        tasks.forEach(Timers.Cancellable::cancel);
        tasks.clear();
        store.close();
        LOG.info("The log directories are closed: directories={}", properties.directories());
    }
}
