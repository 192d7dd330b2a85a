package io.wellspring.log;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Closes many logs at a time; one that fails does not keep the others from it. Threads: any. */
final class LogClosing {
    private static final Logger LOG = LoggerFactory.getLogger(LogClosing.class);

    private LogClosing() {}

    /** @return the first failure; null: all are closed */
    static @Nullable IOException closeAll(List<PartitionLog> logs, Executor threads) {
        List<CompletableFuture<@Nullable IOException>> ends = new ArrayList<>(logs.size());
        for (PartitionLog log : logs) {
            ends.add(CompletableFuture.supplyAsync(() -> close(log), threads));
        }
        IOException first = null;
        for (CompletableFuture<@Nullable IOException> end : ends) {
            IOException failed = end.join();
            first = first == null ? failed : first;
        }
        return first;
    }

    private static @Nullable IOException close(PartitionLog log) {
        try {
            log.close();
            return null;
        } catch (IOException | RuntimeException failed) {
            LOG.error("A log could not be closed: partition={}", log.partition(), failed);
            return failed instanceof IOException disk ? disk : new IOException("closing failed: " + failed, failed);
        }
    }
}
