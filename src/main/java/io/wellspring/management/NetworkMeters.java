package io.wellspring.management;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.wellspring.network.NetworkMetrics;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Counts connections and bytes by listener; listeners are few and come from the settings. Threads: any. */
final class NetworkMeters implements NetworkMetrics {
    private final MeterRegistry registry;
    private final Map<String, ListenerMeters> byListener = new ConcurrentHashMap<>();

    NetworkMeters(MeterRegistry registry) {
        this.registry = registry;
    }

    private record ListenerMeters(
            AtomicLong open,
            Counter opened,
            Counter received,
            Counter sent,
            Map<RefusedConnection, Counter> refused,
            Map<DroppedConnection, Counter> dropped) {
        static ListenerMeters register(MeterRegistry registry, String listener) {
            AtomicLong open = new AtomicLong();
            MeterCatalog.CONNECTIONS.gauge(registry, open, AtomicLong::get, "listener", listener);
            Map<RefusedConnection, Counter> refused = new EnumMap<>(RefusedConnection.class);
            for (RefusedConnection reason : RefusedConnection.values()) {
                refused.put(
                        reason,
                        MeterCatalog.CONNECTIONS_REFUSED.counter(
                                registry, "listener", listener, "reason", word(reason)));
            }
            Map<DroppedConnection, Counter> dropped = new EnumMap<>(DroppedConnection.class);
            for (DroppedConnection reason : DroppedConnection.values()) {
                dropped.put(
                        reason,
                        MeterCatalog.CONNECTIONS_DROPPED.counter(
                                registry, "listener", listener, "reason", word(reason)));
            }
            return new ListenerMeters(
                    open,
                    MeterCatalog.CONNECTIONS_OPENED.counter(registry, "listener", listener),
                    MeterCatalog.NETWORK_RECEIVED.counter(registry, "listener", listener),
                    MeterCatalog.NETWORK_SENT.counter(registry, "listener", listener),
                    refused,
                    dropped);
        }

        private static String word(Enum<?> reason) {
            return reason.name().toLowerCase(Locale.ROOT);
        }
    }

    private ListenerMeters of(String listener) {
        ListenerMeters known = byListener.get(listener);
        return known != null
                ? known
                : byListener.computeIfAbsent(listener, name -> ListenerMeters.register(registry, name));
    }

    @Override
    public void connectionOpened(String listener) {
        ListenerMeters meters = of(listener);
        meters.open().incrementAndGet();
        meters.opened().increment();
    }

    @Override
    public void connectionClosed(String listener) {
        of(listener).open().decrementAndGet();
    }

    @Override
    public void connectionRefused(String listener, RefusedConnection reason) {
        increment(of(listener).refused().get(reason));
    }

    @Override
    public void connectionDropped(String listener, DroppedConnection reason) {
        increment(of(listener).dropped().get(reason));
    }

    private static void increment(@Nullable Counter counter) {
        if (counter != null) {
            counter.increment();
        }
    }

    @Override
    public void bytesReceived(String listener, int bytes) {
        of(listener).received().increment(bytes);
    }

    @Override
    public void bytesSent(String listener, long bytes) {
        of(listener).sent().increment((double) bytes);
    }
}
