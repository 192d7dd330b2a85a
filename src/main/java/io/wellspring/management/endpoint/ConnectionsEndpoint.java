package io.wellspring.management.endpoint;

import io.wellspring.network.Connections;
import io.wellspring.network.Connections.OpenConnection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.annotation.DeleteOperation;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import reactor.core.publisher.Mono;

/**
 * {@code /actuator/connections}: the open client connections by id, in pages; {@code /actuator/connections/{id}}: one of them. Threads: the management
 * server's; nothing blocks.
 */
@Endpoint(id = "connections")
final class ConnectionsEndpoint {
    private final Connections connections;

    private final Audit audit;

    ConnectionsEndpoint(Connections connections, Audit audit) {
        this.connections = connections;
        this.audit = audit;
    }

    /**
     * Some connections.
     *
     * @param count how many are open in all
     * @param bytesInFlight of all of them
     * @param next to be given as {@code after}; null: there are no more
     */
    record ConnectionPage(
            int count,
            long bytesInFlight,
            List<ConnectionState> connections,
            @Nullable String next) {}

    /**
     * One connection.
     *
     * @param id unique in the life of the process
     * @param clientId the client's name for itself in its last request; null: it gave none yet
     * @param software what the client said of itself (KIP-511)
     * @param bytesInFlight bytes of requests not yet answered and of answers not yet sent
     */
    record ConnectionState(
            long id,
            String listener,
            String address,
            @Nullable String clientId,
            String software,
            String softwareVersion,
            long bytesInFlight) {}

    /**
     * Connections by id.
     *
     * @param client only those with this client id
     * @param after only those with larger ids
     * @param limit how many, 1 to 1000, 100 unless it is given
     */
    @ReadOperation
    ConnectionPage all(@Nullable String client, @Nullable Long after, @Nullable Integer limit) {
        Page<OpenConnection> page = Page.of(
                connections.open().stream()
                        .filter(connection -> after == null || connection.id() > after)
                        .filter(connection -> client == null || client.equals(connection.clientId())),
                Page.limit(limit),
                connection -> Long.toString(connection.id()));
        return new ConnectionPage(
                connections.count(), connections.bytesInFlight(), page.map(ConnectionsEndpoint::state), page.next());
    }

    /** One connection. 404 if it is not open. */
    @ReadOperation
    ConnectionState one(@Selector long id) {
        return connections.open().stream()
                .filter(connection -> connection.id() == id)
                .map(ConnectionsEndpoint::state)
                .findFirst()
                .orElseThrow(() -> Refusals.notFound("No connection " + id + " is open."));
    }

    /** Closes a connection at once; its client may come again. 404 if it is not open. */
    @DeleteOperation
    Mono<ConnectionState> close(SecurityContext security, @Selector long id) {
        return audit.of(Audit.Operation.of(security, "CONNECTION_CLOSE", "id", id), () -> {
            ConnectionState closed = one(id);
            connections.close(id);
            return Mono.just(closed);
        });
    }

    private static ConnectionState state(OpenConnection connection) {
        return new ConnectionState(
                connection.id(),
                connection.listener(),
                connection.address().getHostAddress(),
                connection.clientId(),
                connection.software().name(),
                connection.software().version(),
                connection.bytesInFlight());
    }
}
