package io.wellspring.topic;

import io.wellspring.model.TopicId;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which topics exist, as of one moment: an immutable snapshot, made from events by {@link #apply} and by nothing else.
 */
public final class TopicCatalog {
    public static final TopicCatalog EMPTY = new TopicCatalog();

    private TopicCatalog() {}

    public @Nullable Topic find(String name) {
        throw new UnsupportedOperationException("skeleton");
    }

    public @Nullable Topic find(TopicId id) {
        throw new UnsupportedOperationException("skeleton");
    }

    /** All topics by name, internal ones included. */
    public Collection<Topic> all() {
        throw new UnsupportedOperationException("skeleton");
    }

    /** The dynamic settings of one broker, or of all ({@code nodeId} empty): Kafka's names to values. */
    public Map<String, String> brokerSettings(String nodeId) {
        throw new UnsupportedOperationException("skeleton");
    }

    /** The first producer id that was not yet given out to any block. */
    public long nextProducerId() {
        throw new UnsupportedOperationException("skeleton");
    }

    /** True if this topic id was deleted once: its directory may go. */
    public boolean wasDeleted(TopicId id) {
        throw new UnsupportedOperationException("skeleton");
    }

    /** The catalog after these events. */
    public TopicCatalog apply(List<CatalogEvent> events) {
        throw new UnsupportedOperationException("skeleton");
    }
}
