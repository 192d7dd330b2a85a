package io.wellspring.api;

import io.wellspring.model.Endpoint;
import java.net.InetAddress;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One client connection as handlers see it. Threads: its event loop, but for the fields said to be readable by any. */
public final class ConnectionContext {
    private final long id;
    private final Endpoint endpoint;
    private final InetAddress clientAddress;
    private final ConnectionLoop eventLoop;
    /** By identity; guarded by itself, like {@link #closed}. */
    private final Set<Runnable> closeTasks = Collections.newSetFromMap(new IdentityHashMap<>());

    private boolean closed;
    private volatile ClientSoftware software = ClientSoftware.UNKNOWN;

    /** For operators only. Written by the connection's thread; who reads it may be a request behind. */
    private @Nullable String clientId;

    /**
     * @param id unique in the life of the process
     * @param endpoint the advertised address of the listener that took the connection: what Metadata answers
     * @param eventLoop the connection's thread
     */
    public ConnectionContext(long id, Endpoint endpoint, InetAddress clientAddress, ConnectionLoop eventLoop) {
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
    public ConnectionLoop eventLoop() {
        return eventLoop;
    }

    /**
     * Runs the task when the connection is closed, at once if it is closed already: a request that waits for something gives up.
     * Threads: any; the task runs on the thread that closes and must return at once.
     *
     * @return takes the task back
     */
    public Runnable whenClosed(Runnable task) {
        boolean isLate;
        synchronized (closeTasks) {
            isLate = closed;
            if (!isLate) {
                closeTasks.add(task);
            }
        }
        if (isLate) {
            task.run();
        }
        return () -> {
            synchronized (closeTasks) {
                closeTasks.remove(task);
            }
        };
    }

    /** The connection is closed; the network calls this once. */
    public void close() {
        List<Runnable> tasks;
        synchronized (closeTasks) {
            closed = true;
            tasks = List.copyOf(closeTasks);
            closeTasks.clear();
        }
        tasks.forEach(Runnable::run);
    }

    /** The client's name for itself in its last request; null: none yet. Threads: any. */
    public @Nullable String clientId() {
        return clientId;
    }

    void clientId(@Nullable String id) {
        clientId = id;
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
