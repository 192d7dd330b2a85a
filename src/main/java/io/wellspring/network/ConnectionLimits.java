package io.wellspring.network;

import io.wellspring.network.NetworkMetrics.RefusedConnection;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Counts open connections, in total and by address; the map holds only addresses with a connection. Threads: any. */
final class ConnectionLimits {
    private final NetworkLimits limits;
    private final Map<InetAddress, Integer> openByAddress = new HashMap<>();
    private int open;

    ConnectionLimits(NetworkLimits limits) {
        this.limits = limits;
    }

    /** Counts a connection in. @return why it may not be, or null if it was counted */
    synchronized @Nullable RefusedConnection open(InetAddress address) {
        if (open >= limits.connections()) {
            return RefusedConnection.TOO_MANY;
        }
        int ofAddress = openByAddress.getOrDefault(address, 0);
        if (ofAddress >= limits.connectionsOfAddress().getOrDefault(address, limits.connectionsPerAddress())) {
            return RefusedConnection.TOO_MANY_FROM_ADDRESS;
        }
        open++;
        openByAddress.put(address, ofAddress + 1);
        return null;
    }

    synchronized void close(InetAddress address) {
        open--;
        openByAddress.computeIfPresent(address, (key, count) -> count == 1 ? null : count - 1);
    }

    synchronized int open() {
        return open;
    }
}
