package io.wellspring.protocol;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What every request begins with, whatever its API and version: enough to refuse a request without reading its body.
 * The layout is the same in request headers 1 and 2 (the client id keeps its two-byte length in flexible versions, KIP-482).
 *
 * @param apiKey the API's number, perhaps one that nobody knows
 * @param apiVersion the version of the API, perhaps one that is not served
 * @param correlationId the client's number for the request, repeated in the response
 * @param clientId the client's name for itself, may be absent
 */
public record RequestHeaderView(
        short apiKey,
        short apiVersion,
        int correlationId,
        @Nullable String clientId) {
    private static final int CLIENT_ID_AT = 8;
    private static final int FIXED_SIZE_BYTES = 10;

    /**
     * Reads the beginning of a frame.
     *
     * @param frame the request without its size field, big-endian; its position does not move
     * @throws MalformedFrameException if the frame is too short for what it claims
     */
    public static RequestHeaderView peek(ByteBuffer frame) {
        int start = frame.position();
        int sizeBytes = frame.remaining();
        if (sizeBytes < FIXED_SIZE_BYTES) {
            throw new MalformedFrameException("a frame of " + sizeBytes + " bytes has no room for a request header");
        }
        int clientIdSize = frame.getShort(start + CLIENT_ID_AT);
        if (clientIdSize > sizeBytes - FIXED_SIZE_BYTES) {
            throw new MalformedFrameException("a client id of " + clientIdSize + " bytes in a frame of " + sizeBytes);
        }
        return new RequestHeaderView(
                frame.getShort(start),
                frame.getShort(start + 2),
                frame.getInt(start + 4),
                clientIdSize < 0 ? null : RecentNames.SHARED.read(frame, start + FIXED_SIZE_BYTES, clientIdSize));
    }

    /** Bytes from the start of the frame to the end of the client id: the whole of header 1. */
    static int sizeBytes(ByteBuffer frame) {
        return FIXED_SIZE_BYTES + Math.max(0, frame.getShort(frame.position() + CLIENT_ID_AT));
    }
}
