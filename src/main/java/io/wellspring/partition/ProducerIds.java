package io.wellspring.partition;

import io.wellspring.topic.CatalogDecision;
import io.wellspring.topic.CatalogEvent;
import io.wellspring.topic.Topics;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Gives out producer ids; none is ever given out twice, whatever crashes. Ids come from blocks of {@value #BLOCK} that the
 * catalog reserves before the first of them is used: after a crash the rest of a block is left out. Threads: any; the lock is never
 * held over the disk.
 */
public final class ProducerIds {
    static final int BLOCK = 1_000;

    /** Requests that may wait for a block; more are turned away at once. */
    static final int WAITING_MOST = 10_000;

    private static final Duration RESERVE_AT_MOST = Duration.ofSeconds(10);

    private final Topics topics;
    private final ArrayDeque<CompletableFuture<@Nullable Long>> waiting = new ArrayDeque<>();
    private final Object lock = new Object();
    private long next;
    private long end;
    private boolean isReserving;

    ProducerIds(Topics topics) {
        this.topics = topics;
    }

    /** @return a new id; null if none can be reserved just now (the client may try again) */
    public CompletionStage<@Nullable Long> next() {
        CompletableFuture<@Nullable Long> answer = new CompletableFuture<>();
        synchronized (lock) {
            if (waiting.isEmpty() && next < end) {
                answer.complete(next);
                next++;
                return answer;
            }
            if (waiting.size() >= WAITING_MOST) {
                answer.complete(null);
                return answer;
            }
            waiting.add(answer);
            if (isReserving) {
                return answer;
            }
            isReserving = true;
        }
        reserve();
        return answer;
    }

    private void reserve() {
        AtomicLong first = new AtomicLong();
        topics.propose(
                        catalog -> {
                            first.set(catalog.nextProducerId());
                            return new CatalogDecision.Accepted(
                                    List.of(new CatalogEvent.ProducerIdsReserved(first.get() + BLOCK)));
                        },
                        RESERVE_AT_MOST)
                .whenComplete((refused, failure) -> reserved(refused == null && failure == null, first.get()));
    }

    private void reserved(boolean isDone, long first) {
        List<Runnable> answers = new ArrayList<>();
        boolean needsMore;
        synchronized (lock) {
            if (isDone) {
                next = first;
                end = first + BLOCK;
            }
            while (!waiting.isEmpty() && (next < end || !isDone)) {
                CompletableFuture<@Nullable Long> one = waiting.remove();
                Long id = isDone ? next++ : null;
                answers.add(() -> one.complete(id));
            }
            needsMore = !waiting.isEmpty();
            isReserving = needsMore;
        }
        answers.forEach(Runnable::run);
        if (needsMore) {
            reserve();
        }
    }
}
