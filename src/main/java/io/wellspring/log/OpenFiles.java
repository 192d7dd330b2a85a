package io.wellspring.log;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

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
        for (LazyFile.Lease<?> victim : add(lease)) {
            // Outside the monitor: closing may wait for the disk.
            victim.release();
        }
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
        List<LazyFile.Lease<?>> victims = new ArrayList<>(1);
        int looks = 0;
        while (open.size() > limit && looks++ < MAX_LOOKS) {
            LazyFile.Lease<?> candidate = open.removeFirst();
            if (candidate == lease || candidate.owner().isPinned() || candidate.clearUsed()) {
                open.addLast(candidate);
            } else if (candidate.owner().unlink(candidate)) {
                victims.add(candidate);
            }
        }
        return victims;
    }
}
