package io.wellspring.api;

import io.wellspring.protocol.EncodedResponse;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What the network room knows of everything behind it: a frame goes in, a response comes out. The network calls it on the
 * connection's event loop, in the order in which the frames arrived, and writes the responses in that order.
 */
public interface RequestProcessor {
    /**
     * True if a request of this API may begin while earlier requests of its connection that may overlap too are still
     * under way (Produce: clients pipeline five). Any other request begins when all earlier ones have ended.
     */
    boolean mayOverlap(short apiKey);

    /**
     * Starts a request. Its effects on order (an append's place in the queue of its shard) are settled when this returns.
     *
     * @param frame the request without its size field, big-endian, shared: valid until the request has ended, and not read after that
     * @param completion told how it ended, perhaps before this returns
     */
    void process(ConnectionContext connection, ByteBuffer frame, Completion completion);

    /** Hears how a request ended: exactly one of the two, once. Threads: any. */
    interface Completion {
        /** @param response its parts belong to who hears this; null where the protocol knows no response (acks=0) */
        void answered(@Nullable EncodedResponse response);

        /**
         * The connection must be closed.
         *
         * @param reason {@link io.wellspring.protocol.MalformedFrameException} for a frame that cannot be read, {@link ConnectionRefusedException}
         *     for a request that cannot be answered, anything else is a bug
         */
        void refused(Throwable reason);
    }
}
