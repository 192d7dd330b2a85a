package io.wellspring.network;

import io.wellspring.network.NetworkMetrics.DroppedConnection;
import io.wellspring.support.Ticker;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One line for each connection that was dropped, but no flood: so many lines in a while, then a count. Threads: any. */
final class DropLog {
    private static final Logger LOG = LoggerFactory.getLogger(DropLog.class);
    private static final int LINES = 10;
    private static final long WHILE_NANOS = Duration.ofSeconds(10).toNanos();

    private final Ticker ticker;
    private long whileBegan;
    private int lines;

    DropLog(Ticker ticker) {
        this.ticker = ticker;
        this.whileBegan = ticker.nanos();
    }

    void dropped(ClientConnection connection, DroppedConnection reason, String detail, @Nullable Throwable bug) {
        int suppressed = count();
        if (suppressed < 0) {
            return;
        }
        if (suppressed > 0) {
            LOG.warn("{} more connections were dropped without a line", suppressed);
        }
        if (bug != null) {
            LOG.error("connection dropped: {} reason={} connection={}", detail, reason, connection, bug);
        } else {
            LOG.warn("connection dropped: {} reason={} connection={}", detail, reason, connection);
        }
    }

    /** @return lines that were left out before this one, or -1 if this one is left out too */
    private synchronized int count() {
        long now = ticker.nanos();
        int suppressed = 0;
        if (now - whileBegan > WHILE_NANOS) {
            suppressed = Math.max(0, lines - LINES);
            whileBegan = now;
            lines = 0;
        }
        return ++lines > LINES ? -1 : suppressed;
    }
}
