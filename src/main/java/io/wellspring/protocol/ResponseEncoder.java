package io.wellspring.protocol;

import org.apache.kafka.common.message.ApiMessageType;
import org.apache.kafka.common.message.ResponseHeaderData;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.MessageSizeAccumulator;

/**
 * Writes responses. A response is sized once; its own bytes go into one buffer of exactly that size, which is cut where
 * records stand, and records stay where they are: buffers as buffers, file slices as file slices. Keeps no state. Threads: any.
 */
public final class ResponseEncoder {
    private ResponseEncoder() {}

    /**
     * Writes one response with its size and its header. The ApiVersions header is always version 0, so that a client can
     * read the answer to a version the broker does not know (KIP-511); {@link ApiMessageType#responseHeaderVersion} knows that.
     *
     * @param apiVersion the version to write the body in
     * @param response its file slices belong to the result; if this throws, they have been given back
     */
    public static EncodedResponse encode(ApiMessageType api, short apiVersion, int correlationId, ApiMessage response) {
        SerializationCache cache = SerializationCache.ofThread();
        int ownSizeBytes = Integer.MAX_VALUE;
        try {
            ResponseHeaderData header = new ResponseHeaderData().setCorrelationId(correlationId);
            short headerVersion = api.responseHeaderVersion(apiVersion);
            MessageSizeAccumulator size = new MessageSizeAccumulator();
            header.addSize(size, cache.notes(), headerVersion);
            response.addSize(size, cache.notes(), apiVersion);
            ResponseParts parts = new ResponseParts(Integer.BYTES + size.sizeExcludingZeroCopy());
            parts.writeInt(size.totalSize());
            header.write(parts, cache.notes(), headerVersion);
            response.write(parts, cache.notes(), apiVersion);
            ownSizeBytes = size.sizeExcludingZeroCopy();
            return parts.finish(Integer.BYTES + size.totalSize());
        } catch (RuntimeException e) {
            FileSliceRecords.release(response);
            throw e;
        } finally {
            cache.used(ownSizeBytes);
        }
    }
}
