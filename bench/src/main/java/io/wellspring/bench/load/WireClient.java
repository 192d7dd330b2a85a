package io.wellspring.bench.load;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.Readable;

/** The simplest client: one question, one answer, no machinery that would have to start first. */
final class WireClient implements AutoCloseable {
    private static final int ANSWER_SIZE_MOST = 1 << 24;

    /** Reads the body of an answer. */
    interface Decoder<T> {
        T decode(Readable readable, short version);
    }

    private final SocketChannel channel;
    private int correlationId;

    WireClient(InetSocketAddress address) throws IOException {
        channel = SocketChannel.open(address);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    }

    <T> T call(ApiKeys api, short version, ApiMessage request, Decoder<T> decoder) throws IOException {
        correlationId++;
        ByteBuffer frame = Frame.encode(api, version, correlationId, request);
        while (frame.hasRemaining()) {
            channel.write(frame);
        }
        int sizeBytes = read(Integer.BYTES).getInt();
        if (sizeBytes < Integer.BYTES || sizeBytes > ANSWER_SIZE_MOST) {
            throw new IOException("an answer of " + sizeBytes + " bytes");
        }
        ByteBufferAccessor readable = new ByteBufferAccessor(read(sizeBytes));
        int answered = readable.readInt();
        if (answered != correlationId) {
            throw new IOException("an answer to " + answered + " where that to " + correlationId + " is due");
        }
        if (api.responseHeaderVersion(version) > 0 && readable.readUnsignedVarint() != 0) {
            throw new IOException("an answer whose header has fields that nobody knows");
        }
        return decoder.decode(readable, version);
    }

    private ByteBuffer read(int sizeBytes) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(sizeBytes);
        while (bytes.hasRemaining()) {
            if (channel.read(bytes) < 0) {
                throw new EOFException("the broker closed the connection");
            }
        }
        return bytes.flip();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
