package io.wellspring.log;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An open file (or a mapping of one) that many share: opened by the first who needs it, closed by {@link OpenFiles} when too many
 * are open, opened again by the next. It is never closed under somebody who holds a {@link Lease}. Threads: any; taking a lease of
 * an open file is one compare-and-set.
 *
 * @param <T> what is open
 */
final class LazyFile<T extends AutoCloseable> {
    private static final Logger LOG = LoggerFactory.getLogger(LazyFile.class);

    /** Opens it, when needed. */
    @FunctionalInterface
    interface Opener<T> {
        T open() throws IOException;
    }

    private final String name;
    private final OpenFiles openFiles;
    private final Opener<T> opener;

    /** Set under this object's monitor, taken out by compare-and-set. */
    private final AtomicReference<@Nullable Lease<T>> current = new AtomicReference<>();

    /** Guarded by this object's monitor. */
    private boolean gone;

    /** Guarded as {@link #gone}: who finds it gone waits for this first. */
    private @Nullable CountDownLatch swap;

    /** Written under the monitor of {@link OpenFiles}: while set the file is not closed to make room. */
    private volatile boolean pinned;

    LazyFile(String name, OpenFiles openFiles, Opener<T> opener) {
        this.name = name;
        this.openFiles = openFiles;
        this.opener = opener;
    }

    /**
     * Opens it if needed. The caller gives the lease back with {@link Lease#release}.
     *
     * @throws SegmentGoneException if {@link #discard} was called
     */
    Lease<T> acquire() throws IOException {
        Lease<T> open = current.get();
        if (open != null && open.tryRetain()) {
            return open;
        }
        Lease<T> opened = null;
        synchronized (this) {
            open = current.get();
            if (open != null && open.tryRetain()) {
                return open;
            }
            if (!gone) {
                opened = new Lease<>(this, opener.open());
                current.set(opened);
            }
        }
        if (opened == null) {
            refuseGone();
            throw new SegmentGoneException(name);
        }
        openFiles.opened(opened);
        return opened;
    }

    /** It is not opened any more: who would waits until {@code done} and finds it gone. While it is open it goes on being used. */
    void suspend(CountDownLatch done) {
        synchronized (this) {
            gone = true;
            swap = done;
        }
    }

    /** Throws if it is not opened by name any more, as {@link #acquire} does; after {@link #suspend} not before its end. */
    void refuseGone() throws SegmentGoneException {
        CountDownLatch waited;
        synchronized (this) {
            if (!gone) {
                return;
            }
            waited = swap;
        }
        try {
            if (waited != null) {
                waited.await();
            }
        } catch (InterruptedException end) {
            Thread.currentThread().interrupt();
        }
        throw new SegmentGoneException(name);
    }

    /** Closes it as soon as nobody holds a lease; the next {@link #acquire} opens it again. */
    void reset() {
        Lease<T> open = current.get();
        if (open != null) {
            openFiles.forget(open);
            if (unlink(open)) {
                open.release();
            }
        }
    }

    /** As {@link #reset}, and it is never opened again. */
    void discard() {
        synchronized (this) {
            gone = true;
        }
        pinned = false;
        reset();
    }

    /** While pinned the file stays open: it has bytes that were not forced, and an error of writing them back must reach this descriptor. */
    void pin() {
        if (!pinned) {
            openFiles.pin(this);
        }
    }

    void unpin() {
        pinned = false;
        openFiles.unpinned();
    }

    boolean isPinned() {
        return pinned;
    }

    /** Called by {@link OpenFiles} under its monitor. */
    void setPinned() {
        pinned = true;
    }

    /** Nobody new finds this lease; true, once, for the caller who then gives the cache's reference back. */
    boolean unlink(Lease<?> lease) {
        Lease<T> open = current.get();
        return open == lease && current.compareAndSet(open, null);
    }

    @Override
    public String toString() {
        return name;
    }

    /**
     * One user's right to the open file. It begins with two references: the cache's and the first user's.
     *
     * @param <T> what is open
     */
    static final class Lease<T extends AutoCloseable> {
        private final LazyFile<T> owner;
        private final T value;
        private final AtomicInteger references = new AtomicInteger(2);

        /** True if used since the cache last looked; a hint, racing is harmless. */
        private volatile boolean used = true;

        private Lease(LazyFile<T> owner, T value) {
            this.owner = owner;
            this.value = value;
        }

        T value() {
            return value;
        }

        LazyFile<T> owner() {
            return owner;
        }

        boolean clearUsed() {
            boolean before = used;
            used = false;
            return before;
        }

        void release() {
            if (references.decrementAndGet() == 0) {
                try {
                    value.close();
                } catch (Exception failure) {
                    LOG.warn("A file could not be closed: file={}", owner, failure);
                }
            }
        }

        private boolean tryRetain() {
            int count = references.get();
            while (count > 0) {
                if (references.compareAndSet(count, count + 1)) {
                    if (!used) {
                        used = true;
                    }
                    return true;
                }
                count = references.get();
            }
            return false;
        }
    }
}
