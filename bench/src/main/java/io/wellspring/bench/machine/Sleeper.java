package io.wellspring.bench.machine;

import java.io.IOException;
import java.io.PrintStream;
import java.util.concurrent.locks.LockSupport;

/**
 * A process of its own that does nothing but sleep for two milliseconds at a time and look at the clock. When it wakes much too late, the processor stood
 * still for it: on a virtual machine, because the host took it away. It prints {@link #READY}, and from then on a line for each such time: when it began and
 * when it ended, both as {@link System#nanoTime()}, which on Linux is the same clock in all processes.
 *
 * <p>It ends when its standard input does, and so with whoever started it.
 */
public final class Sleeper {
    static final String READY = "ready";
    /** Well above what a timer's own slack and the scheduler's tick take. */
    static final long LEAST_NANOS = 3_000_000;

    private static final long SLEEP_NANOS = 2_000_000;
    private static final int WARM_UP_COUNT = 500;

    private Sleeper() {}

    /** The program. */
    public static void main(String[] arguments) {
        Thread end = Thread.ofPlatform().daemon().name("end").start(() -> {
            // Nobody writes to it: reading returns when the other side has gone.
            while (read() >= 0) {}
            Runtime.getRuntime().halt(0);
        });
        PrintStream out = System.out;
        long last = System.nanoTime();
        for (long i = 0; end.isAlive(); i++) {
            LockSupport.parkNanos(SLEEP_NANOS);
            long now = System.nanoTime();
            if (i == WARM_UP_COUNT) {
                out.println(READY);
            } else if (i > WARM_UP_COUNT && now - last - SLEEP_NANOS >= LEAST_NANOS) {
                out.println((last + SLEEP_NANOS) + " " + now);
                // Printing takes time too.
                now = System.nanoTime();
            }
            last = now;
        }
    }

    private static int read() {
        try {
            return System.in.read();
        } catch (IOException e) {
            return -1;
        }
    }
}
