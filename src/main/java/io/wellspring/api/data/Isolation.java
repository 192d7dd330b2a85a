package io.wellspring.api.data;

import io.wellspring.model.IsolationLevel;
import org.jspecify.annotations.Nullable;

/** The wire's numbers of isolation levels. */
final class Isolation {
    private Isolation() {}

    /** Null if no level has the number. */
    static @Nullable IsolationLevel of(byte id) {
        return switch (id) {
            case 0 -> IsolationLevel.READ_UNCOMMITTED;
            case 1 -> IsolationLevel.READ_COMMITTED;
            default -> null;
        };
    }
}
