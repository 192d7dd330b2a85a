package io.wellspring.log;

import io.wellspring.support.StartRefusedException;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Settings of compaction ({@code wellspring.log.cleaner.*}).
 *
 * @param enabled logs with the cleanup policy compact are compacted
 * @param threads logs compacted at the same time
 * @param memory for the maps of keys of all threads together
 * @param rate bytes per second that compaction reads and writes, all threads together; 0: no bound
 * @param backoff how long a thread rests when no log is due, and how long a log rests at first whose compaction failed
 */
@ConfigurationProperties("wellspring.log.cleaner")
public record CleanerProperties(
        @DefaultValue("true") boolean enabled,
        @DefaultValue("1") int threads,
        @DefaultValue("64MB") DataSize memory,
        @DefaultValue("64MB") DataSize rate,
        @DefaultValue("15s") Duration backoff) {
    private static final String PREFIX = "wellspring.log.cleaner.";
    private static final DataSize LEAST_MEMORY = DataSize.ofMegabytes(1);

    /** As the annotations say. */
    static final CleanerProperties DEFAULTS =
            new CleanerProperties(true, 1, DataSize.ofMegabytes(64), DataSize.ofMegabytes(64), Duration.ofSeconds(15));

    public CleanerProperties {
        require(threads >= 1 && threads <= 64, "threads", threads, "Set it to 1 up to 64.");
        require(memory.compareTo(LEAST_MEMORY) >= 0, "memory", memory, "Set it to 1MB or more.");
        require(!rate.isNegative(), "rate", rate, "Set it to 0 (no bound) or more.");
        require(backoff.compareTo(Duration.ofMillis(1)) >= 0, "backoff", backoff, "Set it to 1ms or more.");
    }

    long memoryBytes() {
        return memory.toBytes();
    }

    long bytesPerSecond() {
        return rate.toBytes();
    }

    /** What one thread's map may take. */
    long mapBytes() {
        return memoryBytes() / threads;
    }

    private static void require(boolean isFine, String name, Object value, String remedy) {
        if (!isFine) {
            throw new StartRefusedException(PREFIX + name + " is '" + value + "'.", remedy);
        }
    }
}
