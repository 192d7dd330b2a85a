package io.wellspring.network;

import io.wellspring.api.ConnectionContext.ClientSoftware;
import java.net.InetAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The open connections, to look at. Threads: any. */
public interface Connections {
    /** Those open at the moment, by id. */
    List<OpenConnection> open();

    int count();

    /** Closes one of them at once, whatever it is doing. @return false: it was not open */
    boolean close(long id);

    /** Bytes of requests not yet answered and answers not yet sent, of all connections. */
    long bytesInFlight();

    /**
     * One of them.
     *
     * @param id unique in the life of the process
     * @param clientId the client's name for itself in its last request; null: it gave none yet
     * @param software what the client said of itself
     * @param bytesInFlight bytes of its requests not yet answered and answers not yet sent
     */
    record OpenConnection(
            long id,
            String listener,
            InetAddress address,
            @Nullable String clientId,
            ClientSoftware software,
            long bytesInFlight) {}
}
