package io.wellspring.api.topics;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The broker's loggers; {@code management} implements it. Kafka's names: the topmost logger is {@code root}. Threads: any. */
public interface LoggerLevels {
    /** The topmost logger's name. */
    String ROOT = "root";

    /** Every logger to its effective level, in capitals ({@code INFO}). */
    Map<String, String> levels();

    /** True if there is such a logger. */
    boolean exists(String logger);

    /**
     * Sets a level.
     *
     * @param level FATAL, ERROR, WARN, INFO, DEBUG or TRACE; null: that of the next logger above, not for {@link #ROOT}
     */
    void set(String logger, @Nullable String level);
}
