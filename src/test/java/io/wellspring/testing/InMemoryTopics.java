package io.wellspring.testing;

import io.wellspring.topic.CatalogDecision;
import io.wellspring.topic.CatalogEvent;
import io.wellspring.topic.CatalogEvents;
import io.wellspring.topic.TopicCatalog;
import io.wellspring.topic.TopicDefaults;
import io.wellspring.topic.Topics;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A catalog in memory: what is accepted holds at once, after a way through the JSON form that the real one stores. */
public final class InMemoryTopics implements Topics {
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private volatile TopicCatalog catalog;

    public InMemoryTopics() {
        this(TopicDefaults.KAFKA);
    }

    public InMemoryTopics(TopicDefaults defaults) {
        catalog = TopicCatalog.empty(defaults);
    }

    @Override
    public TopicCatalog catalog() {
        return catalog;
    }

    @Override
    public synchronized CompletionStage<CatalogDecision.@Nullable Refused> propose(
            Function<TopicCatalog, CatalogDecision> command, Duration timeout) {
        CatalogDecision.@Nullable Refused result = switch (command.apply(catalog)) {
            case CatalogDecision.Accepted(List<CatalogEvent> events) -> {
                catalog = catalog.apply(events.stream()
                        .map(event -> CatalogEvents.decode(CatalogEvents.encode(event)))
                        .toList());
                yield null;
            }
            case CatalogDecision.Refused refused -> refused;
        };
        listeners.forEach(Runnable::run);
        return CompletableFuture.completedFuture(result);
    }

    @Override
    public void subscribe(Runnable listener) {
        listeners.add(listener);
    }
}
