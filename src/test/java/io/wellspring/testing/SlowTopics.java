package io.wellspring.testing;

import io.wellspring.topic.CatalogDecision;
import io.wellspring.topic.TopicCatalog;
import io.wellspring.topic.Topics;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A catalog that decides when a test says so. Threads: any. */
public final class SlowTopics implements Topics {
    private final List<Proposal> proposals = new CopyOnWriteArrayList<>();
    private volatile TopicCatalog catalog = TopicCatalog.EMPTY;

    /** Something asked of the catalog. */
    public record Proposal(
            Function<TopicCatalog, CatalogDecision> command,
            CompletableFuture<CatalogDecision.@Nullable Refused> answer) {}

    /** All that was asked so far. */
    public List<Proposal> proposals() {
        return proposals;
    }

    @Override
    public TopicCatalog catalog() {
        return catalog;
    }

    /** Decides the proposal, as the catalog now is. */
    public void decide(Proposal proposal) {
        switch (proposal.command().apply(catalog)) {
            case CatalogDecision.Accepted accepted -> {
                catalog = catalog.apply(accepted.events());
                proposal.answer().complete(null);
            }
            case CatalogDecision.Refused refused -> proposal.answer().complete(refused);
        }
    }

    @Override
    public CompletionStage<CatalogDecision.@Nullable Refused> propose(
            Function<TopicCatalog, CatalogDecision> command, Duration timeout) {
        Proposal proposal = new Proposal(command, new CompletableFuture<>());
        proposals.add(proposal);
        return proposal.answer();
    }

    @Override
    public void subscribe(Runnable listener) {
        throw new UnsupportedOperationException("nobody subscribes here");
    }
}
