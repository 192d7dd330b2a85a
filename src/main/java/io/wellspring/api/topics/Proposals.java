package io.wellspring.api.topics;

import io.wellspring.topic.CatalogDecision;
import io.wellspring.topic.TopicCatalog;
import io.wellspring.topic.Topics;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** Carries commands to the catalog, or only tries them. Threads: any. */
final class Proposals {
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

    /** Completes with the results in the order of the stages, when all have completed. */
    static <T> CompletionStage<List<T>> all(List<CompletionStage<T>> stages) {
        List<CompletableFuture<T>> futures =
                stages.stream().map(CompletionStage::toCompletableFuture).toList();
        return CompletableFuture.allOf(futures.toArray(new CompletableFuture<?>[0]))
                .thenApply(_ -> futures.stream().map(CompletableFuture::join).toList());
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
