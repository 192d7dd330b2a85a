package io.wellspring.testing;

import io.wellspring.protocol.EncodedResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import org.apache.kafka.common.message.ApiMessageType;
import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.message.ResponseHeaderData;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.MessageUtil;
import org.jspecify.annotations.Nullable;

/** Requests and responses as the Java client writes and reads them, without a socket. */
public final class Frames {
    private Frames() {}

    /** A request without its size field. */
    public static ByteBuffer request(
            ApiMessageType api, int version, int correlationId, @Nullable String clientId, ApiMessage body) {
        RequestHeaderData header = new RequestHeaderData()
                .setRequestApiKey(api.apiKey())
                .setRequestApiVersion((short) version)
                .setCorrelationId(correlationId)
                .setClientId(clientId);
        ByteBuffer head = MessageUtil.toByteBufferAccessor(header, api.requestHeaderVersion((short) version))
                .buffer();
        ByteBuffer tail =
                MessageUtil.toByteBufferAccessor(body, (short) version).buffer();
        return ByteBuffer.allocate(head.remaining() + tail.remaining())
                .put(head)
                .put(tail)
                .flip();
    }

    /** The whole response in memory, its size field included; gives the slices back. */
    public static ByteBuffer bytes(EncodedResponse response) {
        ByteBuffer all = ByteBuffer.allocate(response.sizeBytes());
        for (EncodedResponse.Part part : response.parts()) {
            switch (part) {
                case EncodedResponse.Bytes bytes -> all.put(bytes.buffer().duplicate());
                case EncodedResponse.Slice slice -> {
                    try {
                        slice.slice().read(all, 0);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                }
            }
        }
        response.release();
        return all.flip();
    }

    /** Reads a response into the message and checks its size and correlation id; gives the slices back. */
    public static <R extends ApiMessage> R read(
            EncodedResponse response, ApiMessageType api, int version, int correlationId, R message) {
        ByteBuffer all = bytes(response);
        int size = all.getInt();
        if (size != all.remaining()) {
            throw new AssertionError("the size field says " + size + ", and " + all.remaining() + " bytes follow");
        }
        ByteBufferAccessor readable = new ByteBufferAccessor(all);
        ResponseHeaderData header = new ResponseHeaderData();
        header.read(readable, api.responseHeaderVersion((short) version));
        if (header.correlationId() != correlationId) {
            throw new AssertionError("the answer is to " + header.correlationId() + ", not to " + correlationId);
        }
        message.read(readable, (short) version);
        if (all.hasRemaining()) {
            throw new AssertionError(all.remaining() + " bytes are left over");
        }
        return message;
    }
}
