package io.wellspring.api.topics;

import io.wellspring.topic.CatalogDecision;
import io.wellspring.topic.TopicCatalog;
import io.wellspring.topic.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.common.protocol.Errors;

/** Carries commands to the catalog, or only tries them. Threads: any. */
final class Proposals {
    private static final int AT_A_TIME = 200;

    private final Topics topics;

    Proposals(Topics topics) {
        this.topics = topics;
    }

    TopicCatalog catalog() {
        return topics.catalog();
    }

    /**
     * Carries a command out, or, if {@code validateOnly}, says what would come of it on the catalog as it is.
     *
     * @param timeoutMs how long the client waits; what is below zero counts as zero
     */
    CompletionStage<Answer> submit(
            Function<TopicCatalog, CatalogDecision> command, boolean validateOnly, int timeoutMs) {
        if (validateOnly) {
            return CompletableFuture.completedFuture(
                    switch (command.apply(topics.catalog())) {
                        case CatalogDecision.Accepted _ -> Answer.OK;
                        case CatalogDecision.Refused refused -> Answer.of(refused);
                    });
        }
        return topics.propose(command, Duration.ofMillis(Math.max(0, timeoutMs)))
                .thenApply(Answer::of);
    }

    /**
     * Does pieces of work, at most {@value #AT_A_TIME} at a time, so that one request does not fill the catalog's queue: those
     * of a turn are committed together, the next turn begins when all of them are done.
     *
     * @return completes with the results in the order of the work
     */
    static <T> CompletionStage<List<T>> all(List<Supplier<CompletionStage<T>>> work) {
        CompletionStage<List<T>> results = CompletableFuture.completedFuture(new ArrayList<>(work.size()));
        for (int from = 0; from < work.size(); from += AT_A_TIME) {
            List<Supplier<CompletionStage<T>>> turn = work.subList(from, Math.min(work.size(), from + AT_A_TIME));
            results = results.thenCompose(before -> turn(turn).thenApply(more -> {
                before.addAll(more);
                return before;
            }));
        }
        return results;
    }

    private static <T> CompletionStage<List<T>> turn(List<Supplier<CompletionStage<T>>> work) {
        List<CompletableFuture<T>> futures =
                work.stream().map(piece -> piece.get().toCompletableFuture()).toList();
        return CompletableFuture.allOf(futures.toArray(new CompletableFuture<?>[0]))
                .thenApply(_ -> futures.stream().map(CompletableFuture::join).toList());
    }

    /** The refusal of every topic of a request that asks for more than one request may. */
    static Answer tooManyPartitions(long asked, int most) {
        return new Answer(
                Errors.POLICY_VIOLATION,
                "The request asks for " + asked + " partitions, more than the " + most
                        + " that one request may (wellspring.api.max-partitions-per-request).");
    }

    /** The refusal of every part of a request that has more of them than one request may. */
    static Answer tooMany(int most) {
        return new Answer(
                Errors.POLICY_VIOLATION,
                "One request may name at most " + most + " (wellspring.api.max-partitions-per-request).");
    }

    /** What stands in the list more than once. */
    static <T> Set<T> repeated(List<T> items) {
        Set<T> seen = new HashSet<>();
        Set<T> repeated = new LinkedHashSet<>();
        for (T item : items) {
            if (!seen.add(item)) {
                repeated.add(item);
            }
        }
        return repeated;
    }
}
