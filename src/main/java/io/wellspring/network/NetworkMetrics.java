package io.wellspring.network;

/** What the network tells those who count. Threads: any; implementations must not block. */
public interface NetworkMetrics {
    /** For tests and tools that count nothing. */
    NetworkMetrics NONE = new NetworkMetrics() {
        @Override
        public void connectionOpened(String listener) {}

        @Override
        public void connectionClosed(String listener) {}

        @Override
        public void connectionRefused(String listener, RefusedConnection reason) {}

        @Override
        public void connectionDropped(String listener, DroppedConnection reason) {}

        @Override
        public void bytesReceived(String listener, int bytes) {}

        @Override
        public void bytesSent(String listener, long bytes) {}
    };

    void connectionOpened(String listener);

    /** Once for every connection that was opened. */
    void connectionClosed(String listener);

    /** A connection was closed at once, before it counted as opened. */
    void connectionRefused(String listener, RefusedConnection reason);

    /** A connection is being closed for what its client did or did not do; {@link #connectionClosed} follows. */
    void connectionDropped(String listener, DroppedConnection reason);

    /** Bytes of frames, after TLS. */
    void bytesReceived(String listener, int bytes);

    /** Bytes of responses, before TLS. */
    void bytesSent(String listener, long bytes);

    /** Why a connection was not let in. */
    enum RefusedConnection {
        TOO_MANY,
        TOO_MANY_FROM_ADDRESS
    }

    /** Why a connection was closed from this side. */
    enum DroppedConnection {
        FRAME_SIZE,
        MALFORMED_FRAME,
        REFUSED_REQUEST,
        FAILED_REQUEST,
        TLS,
        IDLE,
        FRAME_STALLED,
        WRITE_STALLED
    }
}
