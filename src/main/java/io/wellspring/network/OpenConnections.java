package io.wellspring.network;

import io.wellspring.support.Ticker;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** The connections that are open. Threads: any. */
final class OpenConnections implements Connections {
    private final Map<Long, ClientConnection> byId = new ConcurrentHashMap<>();
    private final AtomicLong lastId = new AtomicLong();
    private final BytesInFlight bytes;
    private final Ticker ticker;
    private volatile boolean isDraining;

    OpenConnections(BytesInFlight bytes, Ticker ticker) {
        this.bytes = bytes;
        this.ticker = ticker;
    }

    long nextId() {
        return lastId.incrementAndGet();
    }

    void add(ClientConnection connection) {
        byId.put(connection.id(), connection);
        // One that was accepted in the last moment is seen by drain() or sees its flag.
        if (isDraining) {
            connection.drain();
        }
    }

    /** Lets requests under way be answered, and closes; connections that are still to come, too. */
    void drain() {
        isDraining = true;
        byId.values().forEach(ClientConnection::drain);
    }

    void remove(ClientConnection connection) {
        byId.remove(connection.id());
        if (byId.isEmpty()) {
            synchronized (lastId) {
                lastId.notifyAll();
            }
        }
    }

    /** Waits until no connection is open. @return false if the time was over first */
    boolean awaitNone(Duration time) {
        long end = ticker.nanos() + time.toNanos();
        synchronized (lastId) {
            for (long left = time.toNanos(); !byId.isEmpty() && left > 0; left = end - ticker.nanos()) {
                try {
                    lastId.wait(Math.max(1, left / 1_000_000));
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return false;
                }
            }
            return byId.isEmpty();
        }
    }

    List<ClientConnection> all() {
        return List.copyOf(byId.values());
    }

    @Override
    public List<OpenConnection> open() {
        return byId.values().stream()
                .map(ClientConnection::view)
                .sorted(Comparator.comparingLong(OpenConnection::id))
                .toList();
    }

    @Override
    public boolean close(long id) {
        ClientConnection connection = byId.get(id);
        if (connection != null) {
            connection.close();
        }
        return connection != null;
    }

    @Override
    public int count() {
        return byId.size();
    }

    @Override
    public long bytesInFlight() {
        return bytes.total();
    }
}
