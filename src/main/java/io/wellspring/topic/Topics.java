package io.wellspring.topic;

import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The catalog as the rest of the broker uses it; {@code partition} implements it on the internal topic
 * {@value Topic#CATALOG}: decide, append, replay. Threads: any.
 */
public interface Topics {
    /** The catalog as of now: an immutable snapshot. */
    TopicCatalog catalog();

    /**
     * Decides on the newest catalog, one command after the other, appends the events and replays them.
     *
     * @param command pure: looks at the catalog and decides
     * @return completes when the events are committed, replayed and the partitions they ask for exist; the value is null
     *     if the command was carried out, else why not
     */
    CompletionStage<CatalogDecision.@Nullable Refused> propose(
            Function<TopicCatalog, CatalogDecision> command, Duration timeout);

    /**
     * Calls the listener after each change, when {@link #catalog} gives the new one and its partitions are made, and when partitions were
     * made that could not be before. It must return at once, and look at the catalog for itself: changes that come together may be told once.
     */
    void subscribe(Runnable listener);
}
