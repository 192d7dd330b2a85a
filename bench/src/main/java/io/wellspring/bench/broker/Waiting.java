package io.wellspring.bench.broker;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Waits, in the two ways the instrument does: for something to become true, and for a time of rest that is part of a measurement. */
public final class Waiting {
    private Waiting() {}

    /** Something that may be interrupted. */
    public interface Interruptible<T> {
        /** Does it. */
        T call() throws InterruptedException;
    }

    /** Something that becomes true. */
    public interface Condition {
        /** Whether it is true now. */
        boolean isTrue() throws IOException;
    }

    /** Interruption as the kind of exception that everything here can throw. */
    public static <T> T interruptibly(Interruptible<T> call) throws IOException {
        try {
            return call.call();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            InterruptedIOException interrupted = new InterruptedIOException("interrupted");
            interrupted.initCause(e);
            throw interrupted;
        }
    }

    /** Looks again every so often until it is true. */
    public static void until(String what, Duration limit, Duration interval, Condition condition) throws IOException {
        long deadline = System.nanoTime() + limit.toNanos();
        while (!condition.isTrue()) {
            if (System.nanoTime() > deadline) {
                throw new IOException("not within " + limit + ": " + what);
            }
            rest(interval);
        }
    }

    /** Lets time pass. */
    public static void rest(Duration time) throws IOException {
        long end = System.nanoTime() + time.toNanos();
        for (long left = time.toNanos(); left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
            if (Thread.interrupted()) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("interrupted");
            }
        }
    }
}
