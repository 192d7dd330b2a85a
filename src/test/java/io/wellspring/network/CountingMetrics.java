package io.wellspring.network;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Keeps what the network told. */
final class CountingMetrics implements NetworkMetrics {
    final AtomicInteger opened = new AtomicInteger();
    final AtomicInteger closed = new AtomicInteger();
    final AtomicLong received = new AtomicLong();
    final AtomicLong sent = new AtomicLong();
    final Queue<RefusedConnection> refused = new ConcurrentLinkedQueue<>();
    final Queue<DroppedConnection> dropped = new ConcurrentLinkedQueue<>();

    @Override
    public void connectionOpened(String listener) {
        opened.incrementAndGet();
    }

    @Override
    public void connectionClosed(String listener) {
        closed.incrementAndGet();
    }

    @Override
    public void connectionRefused(String listener, RefusedConnection reason) {
        refused.add(reason);
    }

    @Override
    public void connectionDropped(String listener, DroppedConnection reason) {
        dropped.add(reason);
    }

    @Override
    public void bytesReceived(String listener, int bytes) {
        received.addAndGet(bytes);
    }

    @Override
    public void bytesSent(String listener, long bytes) {
        sent.addAndGet(bytes);
    }
}
