package io.wellspring.network;

import io.wellspring.api.ConnectionContext.ClientSoftware;
import java.net.InetAddress;
import java.util.List;

/** The open connections, to look at. Threads: any. */
public interface Connections {
    /** Those open at the moment, by id. */
    List<OpenConnection> open();

    int count();

    /** Bytes of requests not yet answered and answers not yet sent, of all connections. */
    long bytesInFlight();

    /**
     * One of them.
     *
     * @param id unique in the life of the process
     * @param software what the client said of itself
     * @param bytesInFlight bytes of its requests not yet answered and answers not yet sent
     */
    record OpenConnection(long id, String listener, InetAddress address, ClientSoftware software, long bytesInFlight) {}
}
