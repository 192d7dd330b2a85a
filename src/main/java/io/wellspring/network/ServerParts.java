package io.wellspring.network;

import io.wellspring.api.RequestProcessor;
import io.wellspring.support.Ticker;

/**
 * What the connections of one broker share.
 *
 * @param processor everything behind the network
 * @param bytes the memory of all connections
 * @param connections the open connections
 * @param files threads that wait for disks so that event loops need not
 */
record ServerParts(
        NetworkLimits limits,
        RequestProcessor processor,
        NetworkMetrics metrics,
        Ticker ticker,
        BytesInFlight bytes,
        ConnectionLimits connectionLimits,
        OpenConnections connections,
        FileReads files,
        DropLog dropLog) {}
