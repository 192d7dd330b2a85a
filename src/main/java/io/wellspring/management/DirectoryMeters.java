package io.wellspring.management;

import io.micrometer.core.instrument.MeterRegistry;
import io.wellspring.support.Ticker;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/**
 * Gauges of each log directory. One look at the file system serves all gauges of one scrape: what was seen is kept for a second.
 * Threads: any.
 */
final class DirectoryMeters {
    private static final long KEPT_NANOS = Duration.ofSeconds(1).toNanos();

    private final Supplier<List<Directory>> source;
    private final Ticker ticker;
    private List<Directory> seen = List.of();
    private long seenAt;

    DirectoryMeters(Supplier<List<Directory>> source, Ticker ticker) {
        this.source = source;
        this.ticker = ticker;
    }

    /**
     * @param failure why it is offline, empty if it is not
     * @param logsSizeBytes bytes of the segments in it
     */
    record Directory(String path, String failure, long totalBytes, long usableBytes, int logCount, long logsSizeBytes) {
        boolean isOnline() {
            return failure.isEmpty();
        }
    }

    /** Makes the gauges of the directories that there are now; directories come and go with a restart only. */
    void register(MeterRegistry registry) {
        for (Directory directory : look()) {
            String path = directory.path();
            gauge(registry, MeterCatalog.DIRECTORY_SIZE, path, Directory::logsSizeBytes);
            gauge(registry, MeterCatalog.DIRECTORY_LOGS, path, Directory::logCount);
            gauge(registry, MeterCatalog.DIRECTORY_USABLE, path, Directory::usableBytes);
            gauge(registry, MeterCatalog.DIRECTORY_TOTAL, path, Directory::totalBytes);
            gauge(registry, MeterCatalog.DIRECTORY_ONLINE, path, now -> now.isOnline() ? 1 : 0);
        }
    }

    private void gauge(MeterRegistry registry, MeterCatalog meter, String path, ToDoubleFunction<Directory> value) {
        meter.gauge(
                registry,
                this,
                self -> self.look().stream()
                        .filter(directory -> directory.path().equals(path))
                        .mapToDouble(value)
                        .findFirst()
                        .orElse(Double.NaN),
                "directory",
                path);
    }

    private synchronized List<Directory> look() {
        long now = ticker.nanos();
        if (seen.isEmpty() || now - seenAt > KEPT_NANOS) {
            seen = source.get();
            seenAt = now;
        }
        return seen;
    }
}
