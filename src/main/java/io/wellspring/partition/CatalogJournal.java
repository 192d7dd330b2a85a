package io.wellspring.partition;

import io.wellspring.batch.RecordOrigin;
import io.wellspring.support.RoleThreads;
import io.wellspring.support.Ticker;
import io.wellspring.support.Timers;
import io.wellspring.topic.CatalogDecision;
import io.wellspring.topic.CatalogEvent;
import io.wellspring.topic.CatalogRefusal;
import io.wellspring.topic.Topic;
import io.wellspring.topic.TopicCatalog;
import io.wellspring.topic.Topics;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The catalog over the internal partition {@value Topic#CATALOG}-0: one command after the other is decided on the newest catalog, its
 * events are appended and, once committed, replayed; then logs are made, the command is answered, and files of deleted topics go.
 *
 * <p>What survives a crash: committed events, and nothing else counts. A topic that was created and has no logs yet gets them at the
 * next start; files of a deleted topic are deleted then.
 *
 * <p>Threads: any; {@code wellspring-catalog-0} does the work.
 */
final class CatalogJournal implements Topics {
    private static final Logger LOG = LoggerFactory.getLogger(CatalogJournal.class);
    private static final short ACKS_ALL = -1;
    private static final Duration CLOSE_AT_MOST = Duration.ofSeconds(10);

    private final CatalogPartitions partitions;
    private final InstantSource clock;
    private final Ticker ticker;
    private final Timers timers;
    private final ThreadPoolExecutor executor;

    /** Written by the start and then by the catalog's thread. */
    private volatile TopicCatalog catalog;

    private volatile @Nullable Partition journal;

    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

    private volatile Timers.@Nullable Cancellable retries;

    /** @param maxProposals commands that may wait; more are turned away at once */
    CatalogJournal(
            CatalogPartitions partitions,
            TopicCatalog empty,
            int maxProposals,
            InstantSource clock,
            Ticker ticker,
            Timers timers) {
        this.partitions = partitions;
        this.catalog = empty;
        this.clock = clock;
        this.ticker = ticker;
        this.timers = timers;
        this.executor = new ThreadPoolExecutor(
                1, 1, 0L, TimeUnit.SECONDS, new ArrayBlockingQueue<>(maxProposals), new RoleThreads("catalog"));
    }

    private record Proposal(
            Function<TopicCatalog, CatalogDecision> command,
            long deadlineNanos,
            CompletableFuture<CatalogDecision.@Nullable Refused> answer) {}

    @Override
    public TopicCatalog catalog() {
        return catalog;
    }

    /**
     * Replays what the partition holds and opens everything it asks for; then commands are taken.
     *
     * @param events all that was committed
     */
    void start(Partition opened, List<CatalogEvent> events) {
        catalog = catalog.apply(events);
        if (catalog.find(Topic.CATALOG) == null) {
            CatalogEvent self =
                    new CatalogEvent.TopicCreated(Topic.CATALOG, opened.topicId(), 1, CatalogPartitions.SETTINGS);
            CatalogDecision.Refused refusal = append(opened, List.of(self));
            if (refusal != null) {
                throw new IllegalStateException("the catalog cannot be written: " + refusal.message());
            }
            catalog = catalog.apply(List.of(self));
        }
        partitions.openAll(catalog);
        journal = opened;
    }

    @Override
    public CompletionStage<CatalogDecision.@Nullable Refused> propose(
            Function<TopicCatalog, CatalogDecision> command, Duration timeout) {
        CompletableFuture<CatalogDecision.@Nullable Refused> answer = new CompletableFuture<>();
        Proposal proposal = new Proposal(command, ticker.nanos() + timeout.toNanos(), answer);
        Timers.Cancellable timer = timers.after(
                timeout,
                () -> answer.complete(new CatalogDecision.Refused(
                        CatalogRefusal.TIMED_OUT, "not done within " + timeout.toMillis() + " ms")));
        CompletionStage<CatalogDecision.@Nullable Refused> answered = answer;
        answered.whenComplete((refused, failure) -> timer.cancel());
        try {
            executor.execute(() -> carryOut(proposal));
        } catch (RejectedExecutionException full) {
            answer.complete(unavailable("too many changes wait, or the broker is stopping"));
        }
        return answered;
    }

    @Override
    public void subscribe(Runnable listener) {
        listeners.add(listener);
    }

    private void carryOut(Proposal proposal) {
        // Nobody waits for it any more: a command must not come into effect long after its sender gave up.
        if (proposal.answer().isDone() || ticker.nanos() - proposal.deadlineNanos() >= 0) {
            proposal.answer().complete(new CatalogDecision.Refused(CatalogRefusal.TIMED_OUT, "its time was over"));
            return;
        }
        Partition opened = journal;
        if (opened == null) {
            proposal.answer().complete(unavailable("the broker is starting"));
            return;
        }
        try {
            switch (proposal.command().apply(catalog)) {
                case CatalogDecision.Refused refused -> proposal.answer().complete(refused);
                case CatalogDecision.Accepted(List<CatalogEvent> events) -> commit(opened, events, proposal.answer());
            }
        } catch (RuntimeException bug) {
            LOG.error("A change of the catalog failed", bug);
            proposal.answer().complete(unavailable("the change failed"));
        }
    }

    private void commit(
            Partition opened, List<CatalogEvent> events, CompletableFuture<CatalogDecision.@Nullable Refused> answer) {
        TopicCatalog before = catalog;
        // Tried before it is written: what contradicts the catalog would be refused at every start to come.
        TopicCatalog after = before.apply(events);
        CatalogDecision.Refused refusal = events.isEmpty() ? null : append(opened, events);
        if (refusal != null || events.isEmpty()) {
            answer.complete(refusal);
            return;
        }
        try {
            partitions.make(before, after, events);
        } finally {
            // Whatever became of the logs: the events are committed. A command decided without them could
            // contradict them, and the next start would refuse a catalog that contradicts itself.
            catalog = after;
            listeners.forEach(Runnable::run);
        }
        List<Partition> retired = partitions.retire(before, events);
        answer.complete(null);
        partitions.deleteFiles(retired);
    }

    private CatalogDecision.@Nullable Refused append(Partition opened, List<CatalogEvent> events) {
        AppendOutcome outcome = opened.append(
                        CatalogRecords.encode(events, clock.millis()), ACKS_ALL, RecordOrigin.BROKER)
                .toCompletableFuture()
                .join();
        return switch (outcome) {
            case AppendOutcome.Appended appended -> null;
            case AppendOutcome.Refused refused -> {
                LOG.warn("The catalog cannot be written: reason={} message={}", refused.reason(), refused.message());
                yield unavailable("the catalog cannot be written just now: " + refused.message());
            }
        };
    }

    /** Makes or opens logs that could not be made or opened before, between two commands. */
    void retryFailed() {
        if (journal != null && partitions.hasFailed()) {
            try {
                executor.execute(() -> {
                    partitions.retry(catalog);
                    listeners.forEach(Runnable::run);
                });
            } catch (RejectedExecutionException full) {
                LOG.debug("Partitions without a log wait: the catalog is busy");
            }
        }
    }

    private static CatalogDecision.Refused unavailable(String message) {
        return new CatalogDecision.Refused(CatalogRefusal.UNAVAILABLE, message);
    }

    /** Begins to try again, this often. */
    void retryFailedEvery(Duration interval) {
        retries = timers.every(interval, this::retryFailed);
    }

    /** Takes no more commands and finishes those that wait. */
    void close() {
        Timers.Cancellable scheduled = retries;
        if (scheduled != null) {
            scheduled.cancel();
        }
        executor.shutdown();
        try {
            if (!executor.awaitTermination(CLOSE_AT_MOST.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn(
                        "Changes of the catalog are left undone: waiting={}",
                        executor.getQueue().size());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
