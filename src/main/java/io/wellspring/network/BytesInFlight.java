package io.wellspring.network;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The memory that all connections together hold for requests not yet answered and answers not yet sent. A frame is reserved
 * whole before its bytes are read, so that a frame once begun can always end; who finds no room waits in line, first come
 * first served. A frame larger than the bound is let in when nothing else is in flight. Threads: any; no lock is held
 * while anything else is called.
 */
final class BytesInFlight {
    private final long bound;
    private final AtomicLong bytes = new AtomicLong();
    private final Queue<Reservation> line = new ArrayDeque<>();
    /** Written under the lock of {@link #line}. */
    private volatile boolean crowded;

    BytesInFlight(long bound) {
        this.bound = bound;
    }

    /** A place in line. {@code granted} runs once, on any thread, when the bytes have been reserved. */
    record Reservation(long sizeBytes, Runnable granted) {}

    long total() {
        return bytes.get();
    }

    /** True while someone waits for room. */
    boolean isCrowded() {
        return crowded;
    }

    /** Reserves the bytes if there is room and nobody waits for it. */
    boolean tryReserve(long sizeBytes) {
        return !crowded && take(sizeBytes);
    }

    /** Reserves the bytes or, if there is no room, takes a place in line. */
    boolean reserve(Reservation wanted) {
        if (tryReserve(wanted.sizeBytes)) {
            return true;
        }
        synchronized (line) {
            if (line.isEmpty() && take(wanted.sizeBytes)) {
                return true;
            }
            line.add(wanted);
            crowded = true;
        }
        // What was released between the failed attempt and the place in line woke nobody.
        admit();
        return false;
    }

    /** Leaves the line. @return false if the bytes have been granted, or were never asked for */
    boolean cancel(Reservation wanted) {
        boolean left;
        synchronized (line) {
            left = line.remove(wanted);
            crowded = !line.isEmpty();
        }
        admit();
        return left;
    }

    /** Counts bytes that exist already, whatever the bound says: a response. */
    void add(long sizeBytes) {
        bytes.addAndGet(sizeBytes);
    }

    void release(long sizeBytes) {
        long left = bytes.addAndGet(-sizeBytes);
        if (left < 0) {
            throw new IllegalStateException("more bytes given back than taken: " + left);
        }
        if (crowded) {
            admit();
        }
    }

    private void admit() {
        List<Reservation> granted = new ArrayList<>();
        synchronized (line) {
            for (Reservation first = line.peek(); first != null && take(first.sizeBytes); first = line.peek()) {
                granted.add(line.remove());
            }
            crowded = !line.isEmpty();
        }
        granted.forEach(reservation -> reservation.granted.run());
    }

    private boolean take(long sizeBytes) {
        long before = bytes.get();
        while (before == 0 || before + sizeBytes <= bound) {
            if (bytes.compareAndSet(before, before + sizeBytes)) {
                return true;
            }
            before = bytes.get();
        }
        return false;
    }
}
