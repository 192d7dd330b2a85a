package io.wellspring.log;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Bounds how many segment files and index mappings are open at once over all logs. Above the limit the one that was not used for the
 * longest time, about (second chance), is closed as soon as its last reader lets go. Files with unforced bytes and files in use do not count as idle:
 * with more of those than the limit allows, more stay open. Threads: any.
 */
final class OpenFiles {
    /** Files looked at to find one to close; keeps opening cheap when most are pinned. */
    private static final int MAX_LOOKS = 64;

    private final int limit;

    /** Guarded by this object's monitor: the next candidate to close first. */
    private final ArrayDeque<LazyFile.Lease<?>> open = new ArrayDeque<>();

    /** True while more are open than the limit allows. Written under the monitor. */
    private volatile boolean isCrowded;

    /** @param limit open files and mappings, at least 1 */
    OpenFiles(int limit) {
        if (limit < 1) {
            throw new IllegalArgumentException("limit of open files: " + limit);
        }
        this.limit = limit;
    }

    int limit() {
        return limit;
    }

    synchronized int count() {
        return open.size();
    }

    void opened(LazyFile.Lease<?> lease) {
        close(add(lease));
    }

    /** A file may be closed again: now is the time if there are too many. */
    void unpinned() {
        if (isCrowded) {
            close(victims(null));
        }
    }

    /** Outside the monitor: closing may wait for the disk. */
    private static void close(List<LazyFile.Lease<?>> victims) {
        victims.forEach(LazyFile.Lease::release);
    }

    synchronized void forget(LazyFile.Lease<?> lease) {
        open.remove(lease);
    }

    /** Under the monitor, so that no file is chosen for closing while it is being pinned. */
    synchronized void pin(LazyFile<?> file) {
        file.setPinned();
    }

    private synchronized List<LazyFile.Lease<?>> add(LazyFile.Lease<?> lease) {
        open.addLast(lease);
        return victims(lease);
    }

    private synchronized List<LazyFile.Lease<?>> victims(LazyFile.@Nullable Lease<?> kept) {
        if (open.size() <= limit) {
            isCrowded = false;
            return List.of();
        }
        List<LazyFile.Lease<?>> victims = new ArrayList<>(1);
        int looks = 0;
        while (open.size() > limit && looks++ < MAX_LOOKS) {
            LazyFile.Lease<?> candidate = open.removeFirst();
            if (candidate == kept || candidate.owner().isPinned() || candidate.clearUsed()) {
                open.addLast(candidate);
            } else if (candidate.owner().unlink(candidate)) {
                victims.add(candidate);
            }
        }
        isCrowded = open.size() > limit;
        return victims;
    }
}
