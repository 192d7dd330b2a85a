package io.wellspring.api;

import io.wellspring.protocol.EncodedResponse;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletionStage;
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
     * @param frame the request without its size field, big-endian, shared: valid until the returned stage completes, and
     *     not read after that
     * @return completes on any thread with the response, whose parts belong to the caller, or with null where the
     *     protocol knows no response (acks=0). Completes exceptionally if the connection must be closed:
     *     {@link io.wellspring.protocol.MalformedFrameException} for a frame that cannot be read
     */
    CompletionStage<@Nullable EncodedResponse> process(ConnectionContext connection, ByteBuffer frame);
}
