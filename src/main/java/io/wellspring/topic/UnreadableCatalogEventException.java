package io.wellspring.topic;

import org.jspecify.annotations.Nullable;

/** A record of the catalog that this version cannot read: damaged, or written by a newer version. */
public final class UnreadableCatalogEventException extends RuntimeException {
    public UnreadableCatalogEventException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
