package io.wellspring.log;

import io.wellspring.model.BrokerIdentity;
import io.wellspring.model.TopicId;
import io.wellspring.model.TopicPartition;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What {@link LogStore} is between start and close. Threads: any, one call at a time per partition. */
final class OpenStore implements LogKeeper {
    private static final Logger LOG = LoggerFactory.getLogger(OpenStore.class);

    /** Measured: four threads force four times as much as one, more than eight no more. */
    private static final int CLOSE_THREADS = 8;

    private final LogProperties properties;
    private final LogEnvironment environment;
    private final LogFiles files;
    private final BrokerIdentity identity;
    private final List<LogDirectory> directories;
    private final LogSurroundings surroundings;
    private final FileDeleter deleter;
    private final DiskSpace space;
    private final Scrubber scrubber;
    private final LogCleaner cleaner;
    private final RecoveryCounters counters = new RecoveryCounters();
    private final Map<LogDirectory, ExecutorService> recovery = new HashMap<>();

    /** Writes marks and asks for free space: work that waits for the disk and must not hold up the timers. */
    private final ExecutorService worker;

    private final LogThreads threads;

    private final AtomicBoolean marksWait = new AtomicBoolean();

    OpenStore(
            LogProperties properties,
            CleanerProperties cleanerProperties,
            LogEnvironment environment,
            DirectoryOpening.Opened opened,
            LogThreads threads) {
        this.threads = threads;
        this.worker = threads.pool("log-marks", 1);
        this.properties = properties;
        this.environment = environment;
        this.files = environment.files();
        this.identity = opened.identity();
        this.directories = opened.directories();
        this.surroundings = new LogSurroundings(environment, new OpenFiles(properties.openFiles()), this);
        this.deleter = new FileDeleter(files, environment.timers(), threads.pool("log-delete", 1));
        this.space = new DiskSpace(files, directories, properties.diskSoftMarkBytes(), properties.diskHardMarkBytes());
        this.scrubber =
                new Scrubber(this::logs, environment, properties.scrubBytesPerSecond(), properties.scrubInterval());
        this.cleaner = new LogCleaner(environment, cleanerProperties, this::holderOf);
        for (LogDirectory directory : directories) {
            recovery.put(directory, threads.pool("log-recovery", properties.recoveryThreadsPerDirectory()));
        }
    }

    /** From here on the directories are written. */
    void begin() {
        int found = 0;
        for (LogDirectory directory : directories) {
            found += directory.found().size();
            try {
                directory.begin(deleter);
            } catch (IOException failure) {
                directories.forEach(LogDirectory::close);
                throw StartRefusals.failed(directory.path(), failure);
            }
        }
        counters.found(found);
    }

    void startScrubber() {
        boolean isClean = directories.stream().allMatch(LogDirectory::wasClean);
        scrubber.start(isClean ? properties.scrubInterval() : properties.scrubDelay());
    }

    LogCleaner cleaner() {
        return cleaner;
    }

    BrokerIdentity identity() {
        return identity;
    }

    List<LogDirectory> directories() {
        return directories;
    }

    RecoveryProgress progress() {
        return counters.now();
    }

    boolean acceptsWrites(PartitionLog log, boolean isInternal) {
        for (LogDirectory directory : directories) {
            if (directories.size() == 1 || directory.log(log.partition()) == log) {
                return space.acceptsWrites(directory, isInternal);
            }
        }
        return true;
    }

    @Nullable
    String scrub(PartitionLog log) {
        return scrubber.scrub(log);
    }

    private List<PartitionLog> logs() {
        return directories.stream()
                .flatMap(directory -> directory.logs().stream())
                .toList();
    }

    PartitionLog open(TopicPartition partition, TopicId topicId, LogSettings settings, DerivedState state)
            throws IOException {
        LogDirectory directory = directoryOfFound(partition);
        counters.begins();
        long startNanos = environment.ticker().nanos();
        try {
            LogPlace place = new LogPlace(partition, topicId, directory.path().resolve(partition.toString()));
            UnfinishedSwaps.Outcome swaps = UnfinishedSwaps.finish(
                    files, place.directory(), directory.input(place, false).mark());
            RecoveredLog outcome = Recovery.runAfter(swaps, files, directory.input(place, settings.compacts()), state);
            PartitionLog log = switch (outcome) {
                case RecoveredLog.Whole whole -> serve(directory, place, settings, state, whole);
                case RecoveredLog.Damaged damaged -> refuse(place, settings, state, damaged.reason());
            };
            directory.opened(log);
            if (swaps.isFound()) {
                SwapRecords.giveUp(files, directory, log);
            }
            counters.ends(outcome);
            LOG.debug(
                    "Opened a log: partition={} endOffset={} nanos={}",
                    partition,
                    log.endOffset(),
                    environment.ticker().nanos() - startNanos);
            return log;
        } finally {
            counters.leaves();
        }
    }

    private PartitionLog serve(
            LogDirectory directory,
            LogPlace place,
            LogSettings settings,
            DerivedState state,
            RecoveredLog.Whole whole) {
        PartitionLog log = PartitionLog.whole(surroundings, place, settings, state, whole);
        if (whole.cutBytes() > 0) {
            environment.metrics().recoveredTail(whole.cutBytes());
        }
        if (!whole.isDerived()) {
            try {
                log.restoreDerivedState();
            } catch (IOException failure) {
                log.takeOffline("its producers' state cannot be read from it: " + failure.getMessage());
            }
        }
        if (!whole.retired().isEmpty()) {
            deleter.filesLater(whole.retired(), 0L, () -> directory.giveUp(whole.retired()));
        }
        return log;
    }

    private PartitionLog refuse(LogPlace place, LogSettings settings, DerivedState state, String reason) {
        LOG.error(
                "A log is damaged below its durable mark and stays offline, its files are untouched: partition={} directory={} reason={}",
                place.partition(),
                place.directory(),
                reason);
        return PartitionLog.damaged(surroundings, place, settings, state, reason);
    }

    CompletableFuture<PartitionLog> openLater(
            TopicPartition partition, TopicId topicId, LogSettings settings, DerivedState state) {
        try {
            ExecutorService threads = recovery.get(directoryOfFound(partition));
            return CompletableFuture.supplyAsync(
                    () -> {
                        try {
                            return open(partition, topicId, settings, state);
                        } catch (IOException failure) {
                            throw new CompletionException(failure);
                        }
                    },
                    threads == null ? worker : threads);
        } catch (IOException unknown) {
            return CompletableFuture.failedFuture(unknown);
        }
    }

    PartitionLog create(TopicPartition partition, TopicId topicId, LogSettings settings, DerivedState state)
            throws IOException {
        for (LogDirectory directory : directories) {
            if (directory.hasFound(partition) || directory.log(partition) != null) {
                throw new IOException("there is a log of " + partition + " already, in " + directory);
            }
        }
        LogDirectory directory = space.reserve(directories);
        try {
            Path path = directory.path().resolve(partition.toString());
            directory.forgetOnDisk(partition);
            files.createDirectory(path);
            try {
                files.syncDirectory(directory.path());
                files.replace(path.resolve(FileNames.PARTITION_METADATA), PartitionMetadata.encode(topicId));
                LogPlace place = new LogPlace(partition, topicId, path);
                PartitionLog log = new LogOpener(surroundings).create(place, settings, 0L, state);
                log.restoreDerivedState();
                directory.opened(log);
                return log;
            } catch (IOException failure) {
                deleter.putAside(path, FileNames.deletedDirectory(partition, TopicId.random()), failure);
                throw failure;
            }
        } finally {
            space.made(directory);
        }
    }

    void delete(PartitionLog log) throws IOException {
        LogDirectory directory = directoryOf(log);
        log.discard();
        remove(directory, log.partition(), log.settings().fileDeleteDelayMs());
    }

    void deleteFound(TopicPartition partition) throws IOException {
        remove(directoryOfFound(partition), partition, 0L);
    }

    private void remove(LogDirectory directory, TopicPartition partition, long delayMs) throws IOException {
        Path source = directory.path().resolve(partition.toString());
        Path target = directory.path().resolve(FileNames.deletedDirectory(partition, TopicId.random()));
        files.rename(source, target);
        files.syncDirectory(directory.path());
        directory.forget(partition);
        deleter.directoryLater(target, delayMs);
    }

    private LogDirectory directoryOfFound(TopicPartition partition) throws IOException {
        for (LogDirectory directory : directories) {
            if (directory.hasFound(partition)) {
                return directory;
            }
        }
        throw new IOException("no directory of " + partition + " was found at start, or its log is open already");
    }

    private LogDirectory directoryOf(PartitionLog log) throws IOException {
        LogDirectory directory = holderOf(log);
        if (directory == null) {
            throw new IOException("the log of " + log.partition() + " is not open in this store");
        }
        return directory;
    }

    private @Nullable LogDirectory holderOf(PartitionLog log) {
        for (LogDirectory directory : directories) {
            if (directory.log(log.partition()) == log) {
                return directory;
            }
        }
        return null;
    }

    List<LogStore.DirectoryStatus> status() {
        return DirectoryStatuses.of(files, directories);
    }

    void marksLater() {
        if (marksWait.compareAndSet(false, true)) {
            later(() -> {
                marksWait.set(false);
                writeMarks();
            });
        }
    }

    private void writeMarks() {
        for (LogDirectory directory : directories) {
            if (directory.failure() == null) {
                try {
                    directory.flushSealed();
                    directory.writeMarks();
                } catch (DiskFullException full) {
                    LOG.warn("The durable marks stay as they were: cause={}", full.toString());
                } catch (IOException failure) {
                    directory.fail("the durable marks cannot be written: " + failure.getMessage());
                }
            }
        }
    }

    void lookAtDisks() {
        space.look();
    }

    void lookAtDisksLater() {
        later(space::look);
    }

    private void later(Runnable work) {
        try {
            worker.execute(work);
        } catch (RejectedExecutionException closing) {
            LOG.debug("The log store is closing");
        }
    }

    @Override
    public void startOffsetMoves(PartitionLog log, long startOffset) throws IOException {
        directoryOf(log).moveStart(log.partition(), startOffset);
    }

    @Override
    public void truncating(PartitionLog log, long endOffset) throws IOException {
        LogDirectory directory = directoryOf(log);
        directory.cleaned().truncated(log.partition(), endOffset);
        directory.lowerMark(log.partition(), endOffset);
    }

    @Override
    public void rolled(PartitionLog log) {
        marksLater();
    }

    @Override
    public void deleteLater(List<Path> paths, long delayMs) {
        deleter.filesLater(paths, delayMs, () -> {
            for (LogDirectory directory : directories) {
                if (paths.stream().anyMatch(path -> path.startsWith(directory.path()))) {
                    directory.giveUp(paths);
                }
            }
        });
    }

    @Override
    public void wentOffline(PartitionLog log, String reason) {
        LOG.error("A log is offline: partition={} reason={}", log.partition(), reason);
    }

    /** What they have begun they end. */
    void stopThreads() {
        cleaner.close();
        scrubber.close();
        recovery.values().forEach(ExecutorService::close);
        worker.close();
        deleter.close();
    }

    /** Stops what runs beside, closes the logs, writes the clean marks where nothing failed and gives the locks back. */
    void close() throws IOException {
        stopThreads();
        IOException first = null;
        // The disk makes the forces of several logs durable together: one log after the other takes too long.
        try (ExecutorService closers = threads.pool("log-close", CLOSE_THREADS)) {
            for (LogDirectory directory : directories) {
                try {
                    directory.closeLogs(closers);
                } catch (IOException failure) {
                    LOG.error("A log directory could not be closed cleanly: directory={}", directory, failure);
                    first = first == null ? failure : first;
                } finally {
                    directory.close();
                }
            }
        }
        if (first != null) {
            throw first;
        }
    }
}
