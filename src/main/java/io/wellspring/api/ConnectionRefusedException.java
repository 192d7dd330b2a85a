package io.wellspring.api;

/**
 * A request that has no answer on the wire but a closed connection, such as a failed produce with acks=0 (Kafka does the same, so
 * that the client looks for the leader again). Expected, so it has no stack trace.
 */
public final class ConnectionRefusedException extends RuntimeException {
    public ConnectionRefusedException(String message) {
        super(message, null, false, false);
    }
}
