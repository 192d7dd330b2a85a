package io.wellspring.bench.load;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** Something that goes on beside a load, on a thread of its own. Close it always: it is over then. */
public final class Beside<T> implements AutoCloseable {
    private final FutureTask<T> task;
    private final Thread thread;

    private Beside(String name, Callable<T> work) {
        task = new FutureTask<>(work);
        thread = new Thread(task, "bench-" + name);
        thread.setDaemon(true);
    }

    /** Begins it. */
    public static <T> Beside<T> start(String name, Callable<T> work) {
        Beside<T> beside = new Beside<>(name, work);
        beside.thread.start();
        return beside;
    }

    /** Whether it has ended. */
    public boolean isOver() {
        return task.isDone();
    }

    /** Waits for its end. */
    public T result() throws IOException {
        try {
            return task.get();
        } catch (ExecutionException e) {
            throw new IOException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            InterruptedIOException interrupted = new InterruptedIOException("interrupted");
            interrupted.initCause(e);
            throw interrupted;
        }
    }

    @Override
    public void close() {
        thread.interrupt();
        boolean isInterrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                isInterrupted = true;
            }
        }
        if (isInterrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
