package io.wellspring.api;

import io.wellspring.model.Endpoint;
import java.net.InetAddress;
import java.util.concurrent.Executor;

/** One client connection as handlers see it. Threads: its event loop, but for the fields said to be readable by any. */
public final class ConnectionContext {
    private final long id;
    private final Endpoint endpoint;
    private final InetAddress clientAddress;
    private final Executor eventLoop;
    private volatile ClientSoftware software = ClientSoftware.UNKNOWN;

    /**
     * @param id unique in the life of the process
     * @param endpoint the advertised address of the listener that took the connection: what Metadata answers
     * @param eventLoop runs tasks on the connection's thread, in order
     */
    public ConnectionContext(long id, Endpoint endpoint, InetAddress clientAddress, Executor eventLoop) {
        this.id = id;
        this.endpoint = endpoint;
        this.clientAddress = clientAddress;
        this.eventLoop = eventLoop;
    }

    public long id() {
        return id;
    }

    public Endpoint endpoint() {
        return endpoint;
    }

    public InetAddress clientAddress() {
        return clientAddress;
    }

    /** Runs tasks on the connection's thread, in order. Handlers continue a waiting request here. */
    public Executor eventLoop() {
        return eventLoop;
    }

    /** What the client said of itself in ApiVersions (KIP-511). Threads: any. */
    public ClientSoftware software() {
        return software;
    }

    public void software(ClientSoftware software) {
        this.software = software;
    }

    /**
     * A client's own words about itself.
     *
     * @param name such as {@code apache-kafka-java}
     * @param version such as {@code 4.4.0}
     */
    public record ClientSoftware(String name, String version) {
        public static final ClientSoftware UNKNOWN = new ClientSoftware("unknown", "unknown");
    }
}
