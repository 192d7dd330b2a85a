package io.wellspring.log;

import io.wellspring.model.TopicPartition;
import io.wellspring.support.RoleThreads;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compacts the logs that are due, the dirtiest first, in the background. A log whose compaction fails is tried again, later each time, and named until
 * it succeeds; no log is given up. Threads: {@code wellspring-cleaner-N}; {@link #pass} any that may block, {@link #failures} any.
 */
final class LogCleaner implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LogCleaner.class);
    /** How often a resting thread looks whether the cleaner was stopped. */
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    private static final long LONGEST_REST_NANOS = TimeUnit.MINUTES.toNanos(10);

    private final LogEnvironment environment;
    private final CleanerProperties properties;
    private final Function<PartitionLog, @Nullable LogDirectory> directories;
    private final SecureRandom chance = new SecureRandom();
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final List<Thread> threads = new ArrayList<>();
    private final CompactionRequests requests = new CompactionRequests();
    private final Pace pace;

    /** Guarded by itself: logs that a thread is at. */
    private final Set<TopicPartition> underWay = new HashSet<>();

    /** Guarded by itself. */
    private final Map<TopicPartition, Resting> resting = new TreeMap<>();

    /** @param directories where a log lies; null: in none that is open */
    LogCleaner(
            LogEnvironment environment,
            CleanerProperties properties,
            Function<PartitionLog, @Nullable LogDirectory> directories) {
        this.environment = environment;
        this.properties = properties;
        this.directories = directories;
        this.pace = new Pace(environment.ticker(), properties.bytesPerSecond(), stopped);
    }

    /**
     * Why a log is left alone for a while.
     *
     * @param log which one: a new one of its name is another
     * @param reason why its compaction failed; null: it was only not possible yet
     * @param failures one after the other
     * @param untilNanos how long
     */
    private record Resting(PartitionLog log, @Nullable String reason, int failures, long untilNanos) {}

    /** A log that is due. */
    private record Due(CompactionSource.Candidate candidate, LogDirectory directory, CleanableRange range) {}

    /** What somebody wants compacted now. */
    CompactionRequests requests() {
        return requests;
    }

    /** Begins, unless compaction is switched off. */
    void start(CompactionSource source) {
        if (!properties.enabled()) {
            return;
        }
        requests.open();
        RoleThreads names = new RoleThreads("cleaner");
        for (int i = 0; i < properties.threads(); i++) {
            Thread thread = names.newThread(() -> run(source));
            threads.add(thread);
            thread.start();
        }
    }

    /** Partitions whose compaction failed and is going to be tried again, and why. */
    Map<String, String> failures() {
        synchronized (resting) {
            return resting.entrySet().stream()
                    .filter(entry -> entry.getValue().reason() != null)
                    .collect(Collectors.toMap(
                            entry -> entry.getKey().toString(),
                            entry -> String.valueOf(entry.getValue().reason())));
        }
    }

    private void run(CompactionSource source) {
        boolean isStopped = false;
        while (!isStopped) {
            isStopped = pass(source) ? stopped.getCount() == 0 : rest(source);
        }
    }

    /** Until somebody asks for a compaction, at most for the backoff. @return true if the cleaner was stopped meanwhile */
    private boolean rest(CompactionSource source) {
        try {
            long leftNanos = properties.backoff().toNanos();
            long endNanos = environment.ticker().nanos() + leftNanos;
            while (stopped.getCount() > 0 && leftNanos > 0) {
                CompactionRequests.Asked question = requests.next(Math.min(leftNanos, LOOK_NANOS));
                if (question != null) {
                    answer(question, source);
                }
                leftNanos = endNanos - environment.ticker().nanos();
            }
            return stopped.getCount() == 0;
        } catch (InterruptedException end) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    private void answer(CompactionRequests.Asked question, CompactionSource source) {
        PartitionLog log = question.log();
        boolean isMine = false;
        try {
            synchronized (underWay) {
                isMine = underWay.add(log.partition());
            }
            if (!isMine) {
                throw new CompactionStoppedException(log.partition() + " is being compacted already");
            }
            Due wanted = wanted(log, source.candidates());
            question.report().complete(wanted.range().dirtyBytes() == 0 ? null : compact(wanted, source));
        } catch (IOException | RuntimeException | Error failure) {
            question.report().completeExceptionally(failure);
        } finally {
            if (isMine) {
                synchronized (underWay) {
                    underWay.remove(log.partition());
                }
            }
        }
    }

    private Due wanted(PartitionLog log, List<CompactionSource.Candidate> candidates) throws IOException {
        LogDirectory directory = directories.apply(log);
        for (CompactionSource.Candidate candidate : candidates) {
            if (candidate.log() == log && directory != null) {
                return new Due(candidate, directory, rangeOf(candidate, directory));
            }
        }
        throw new CompactionStoppedException(
                log.partition() + " is not served, or its topic's cleanup.policy has no compact");
    }

    /** Compacts the dirtiest log that is due. @return false: none is */
    boolean pass(CompactionSource source) {
        CompactionRequests.Asked question = requests.next();
        if (question != null) {
            answer(question, source);
            return true;
        }
        Due due = null;
        try {
            due = choose(source.candidates());
            if (due == null) {
                return false;
            }
            compact(due, source);
        } catch (CompactionStoppedException stop) {
            LOG.debug("A compaction ends early", stop);
            rest(due, null);
        } catch (IOException | RuntimeException | Error failure) {
            // An error, too: so a mapped index tells of a sector that cannot be read. No log is due if the thread ends.
            LOG.error(
                    "A compaction failed and is tried again later: partition={}",
                    due == null ? "" : due.candidate().log().partition(),
                    failure);
            rest(due, failure);
        } finally {
            if (due != null) {
                synchronized (underWay) {
                    underWay.remove(due.candidate().log().partition());
                }
            }
        }
        return due != null;
    }

    private @Nullable Due choose(List<CompactionSource.Candidate> candidates) {
        forgetGone(candidates);
        synchronized (underWay) {
            Due dirtiest = null;
            for (CompactionSource.Candidate candidate : candidates) {
                Due due = due(candidate);
                if (due != null
                        && (dirtiest == null
                                || due.range().dirtyRatio() > dirtiest.range().dirtyRatio())) {
                    dirtiest = due;
                }
            }
            if (dirtiest != null) {
                underWay.add(dirtiest.candidate().log().partition());
            }
            return dirtiest;
        }
    }

    private @Nullable Due due(CompactionSource.Candidate candidate) {
        PartitionLog log = candidate.log();
        LogDirectory directory = directories.apply(log);
        if (directory == null || log.isOffline() || underWay.contains(log.partition()) || isResting(log)) {
            return null;
        }
        try {
            CleanableRange range = rangeOf(candidate, directory);
            if (range.isDue(candidate.settings())) {
                return new Due(candidate, directory, range);
            }
            // What failed went otherwise, with the segments that retention took out, say.
            recovered(log);
            return null;
        } catch (SegmentGoneException changing) {
            return null;
        } catch (IOException | RuntimeException | Error failure) {
            LOG.error("A log cannot be looked at for compaction: partition={}", log.partition(), failure);
            rest(log, failure);
            return null;
        }
    }

    private CleanableRange rangeOf(CompactionSource.Candidate candidate, LogDirectory directory) throws IOException {
        PartitionLog log = candidate.log();
        return CleanableRange.of(
                log,
                directory.cleaned().cleanedTo(log.partition()),
                candidate.stableOffset(),
                candidate.settings(),
                environment.clock().millis());
    }

    private CompactionReport compact(Due due, CompactionSource source) throws IOException {
        CompactionSource.Candidate candidate = due.candidate();
        PartitionLog log = candidate.log();
        long beginNanos = environment.ticker().nanos();
        List<ProducerSnapshot.Entry> producers = source.producers(log);
        long endOffset = Math.min(due.range().endOffset(), markedSegments(due.directory(), log));
        if (producers == null || endOffset <= due.range().firstDirtyOffset()) {
            throw new CompactionStoppedException("not possible yet");
        }
        LogCompaction compaction = new LogCompaction(
                log,
                new LogCompaction.Plan(
                        due.range().firstDirtyOffset(),
                        endOffset,
                        producers,
                        environment.clock().millis(),
                        candidate.settings().deleteRetentionMs()),
                new KeyOffsets(properties.mapBytes(), new KeyHash(chance.nextLong(), chance.nextLong())),
                pace);
        LogCompaction.Outcome outcome;
        try {
            outcome = compaction.run();
        } finally {
            if (compaction.hasSwapped()) {
                SwapRecords.giveUp(environment.files(), due.directory(), log);
            }
        }
        if (directories.apply(log) == null) {
            throw new CompactionStoppedException("deleted meanwhile; a new log of its name was not compacted");
        }
        due.directory().cleaned().cleaned(log.partition(), outcome.cleanedTo());
        recovered(log);
        long nanos = environment.ticker().nanos() - beginNanos;
        environment.metrics().compacted(outcome.bytesRead(), outcome.bytesWritten(), nanos);
        LOG.info(
                "A log was compacted: partition={} cleanedTo={} bytesBefore={} bytesAfter={} recordsBefore={} recordsAfter={} keys={} ms={}",
                log.partition(),
                outcome.cleanedTo(),
                outcome.bytesRead(),
                outcome.bytesWritten(),
                outcome.recordsRead(),
                outcome.recordsKept(),
                outcome.keyCount(),
                TimeUnit.NANOSECONDS.toMillis(nanos));
        return new CompactionReport(
                outcome.cleanedTo(),
                outcome.bytesRead(),
                outcome.bytesWritten(),
                outcome.recordsRead(),
                outcome.recordsKept());
    }

    /**
     * Brings the durable mark up to the active segment, on disk, and clears away what an earlier compaction left.
     *
     * @return where segments begin that the mark on disk may name by more than their sizes: they are left alone
     */
    private long markedSegments(LogDirectory directory, PartitionLog log) throws IOException {
        log.flushSealed();
        directory.writeMarks();
        DurableMark mark = directory.markOnDisk(log.partition());
        if (mark == null) {
            return 0L;
        }
        if (!SwapRecords.clear(environment.files(), log.directory(), mark)) {
            throw new CompactionStoppedException("the durable mark does not know the last compaction yet");
        }
        return mark.segmentBaseOffset();
    }

    private void recovered(PartitionLog log) {
        synchronized (resting) {
            resting.remove(log.partition());
        }
    }

    private boolean isResting(PartitionLog log) {
        synchronized (resting) {
            Resting one = resting.get(log.partition());
            return one != null
                    && one.log() == log
                    && one.untilNanos() - environment.ticker().nanos() > 0;
        }
    }

    /** Logs that are deleted, offline or not compacted any more need not be named. */
    private void forgetGone(List<CompactionSource.Candidate> candidates) {
        Set<PartitionLog> there =
                candidates.stream().map(CompactionSource.Candidate::log).collect(Collectors.toSet());
        synchronized (resting) {
            resting.values().removeIf(one -> !there.contains(one.log()));
        }
    }

    private void rest(@Nullable Due due, @Nullable Throwable failure) {
        if (due != null) {
            rest(due.candidate().log(), failure);
        }
    }

    private void rest(PartitionLog log, @Nullable Throwable failure) {
        boolean isOver = log.isClosed() || log.isOffline();
        if (failure != null && !isOver) {
            environment.metrics().compactionFailed();
        }
        synchronized (resting) {
            Resting before = resting.get(log.partition());
            int failures = before == null || before.log() != log ? 0 : before.failures();
            String reason = before == null ? null : before.reason();
            if (failure != null && !isOver) {
                failures++;
                reason = failure.getClass().getSimpleName() + ": " + failure.getMessage();
            }
            int doublings = Math.clamp(failures - 1, 0, 30);
            long first = Math.min(LONGEST_REST_NANOS, properties.backoff().toNanos());
            long nanos = first > LONGEST_REST_NANOS >> doublings ? LONGEST_REST_NANOS : first << doublings;
            resting.put(
                    log.partition(),
                    new Resting(log, reason, failures, environment.ticker().nanos() + nanos));
        }
    }

    /** Returns when the threads have ended. They are never interrupted: that would close the files under their readers. */
    @Override
    public void close() {
        stopped.countDown();
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException end) {
                Thread.currentThread().interrupt();
                return;
            }
        }
        requests.close();
    }
}
