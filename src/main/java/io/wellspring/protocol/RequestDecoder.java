package io.wellspring.protocol;

import java.nio.ByteBuffer;
import org.apache.kafka.common.message.ApiMessageType;
import org.apache.kafka.common.protocol.ApiMessage;

/**
 * Reads requests. A frame is walked once along its schema before anything is built from it, so that a frame which lies about
 * its lengths and counts is refused without having cost memory; only then is the generated message filled.
 * Decoding allocates at most {@link FrameWalk#allocationBound} for a frame. Keeps no state. Threads: any.
 */
public final class RequestDecoder {
    private RequestDecoder() {}

    /**
     * Reads a request of a known API and version.
     *
     * @param frame the request without its size field, big-endian; its position does not move. The message shares its bytes
     * @param header what {@link RequestHeaderView#peek} read of the frame
     * @return the generated message; its buffers and records are slices of the frame, not copies
     * @throws MalformedFrameException if the API or version does not exist, the bytes are not such a request, bytes are left
     *     over, or the message would take far more memory than the frame
     */
    public static ApiMessage decode(ByteBuffer frame, RequestHeaderView header) {
        ApiMessageType api = api(header);
        short version = header.apiVersion();
        FrameWalk walk = new FrameWalk(frame, RequestHeaderView.sizeBytes(frame));
        if (api.requestHeaderVersion(version) >= 2) {
            walk.skipTaggedFields();
        }
        int bodyAt = walk.position();
        RequestShapes.of(api, version).walk(walk);
        walk.checkEnd();
        ApiMessage message = api.newRequest();
        int start = frame.position();
        FrameReader reader = new FrameReader(frame.position(start + bodyAt));
        int left;
        try {
            message.read(reader, version);
            left = reader.remaining();
        } catch (RuntimeException e) {
            // The generated readers throw bare RuntimeExceptions for what a message must not hold, such as a forbidden
            // null.
            throw new MalformedFrameException("not a request of " + api.name + " version " + version, e);
        } finally {
            frame.position(start);
        }
        if (left != 0) {
            throw new MalformedFrameException(left + " bytes behind a request of " + api.name + " version " + version);
        }
        return message;
    }

    private static ApiMessageType api(RequestHeaderView header) {
        ApiMessageType api = RequestShapes.api(header.apiKey());
        if (api == null) {
            throw new MalformedFrameException("no API has the key " + header.apiKey());
        }
        if (header.apiVersion() < api.lowestSupportedVersion()
                || header.apiVersion() > api.highestSupportedVersion(true)) {
            throw new MalformedFrameException(api.name + " has no version " + header.apiVersion());
        }
        return api;
    }
}
