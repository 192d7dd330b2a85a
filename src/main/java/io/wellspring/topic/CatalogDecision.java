package io.wellspring.topic;

import java.util.List;

/** What a command makes of the catalog as it is: events to append, or a refusal. Deciding changes nothing. */
public sealed interface CatalogDecision {
    /** @param events to append together, in order; may be empty (nothing to do) */
    record Accepted(List<CatalogEvent> events) implements CatalogDecision {}

    /** @param message one sentence for the client */
    record Refused(CatalogRefusal reason, String message) implements CatalogDecision {}
}
