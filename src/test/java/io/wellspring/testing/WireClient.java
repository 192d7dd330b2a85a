package io.wellspring.testing;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import org.apache.kafka.common.message.ApiMessageType;
import org.apache.kafka.common.message.ResponseHeaderData;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;

/** One plain connection on which a test asks exactly what it wants and sees exactly what is answered; clients hide errors behind retries. */
public final class WireClient implements AutoCloseable {
    private static final int TIMEOUT_MS = 60_000;

    private final Socket socket;
    private int correlationId;

    /** @param address {@code host:port} of this machine */
    public WireClient(String address) throws IOException {
        this(address, TIMEOUT_MS);
    }

    /** @param timeoutMs how long an answer may take */
    public WireClient(String address, int timeoutMs) throws IOException {
        int port = Integer.parseInt(address, address.lastIndexOf(':') + 1, address.length(), 10);
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(timeoutMs);
    }

    /** Sends a request and reads its answer into the message. */
    public <R extends ApiMessage> R call(ApiMessageType api, int version, ApiMessage request, R response)
            throws IOException {
        ByteBuffer frame = Frames.request(api, version, ++correlationId, "wire-client", request);
        ByteBuffer sized = ByteBuffer.allocate(Integer.BYTES + frame.remaining())
                .putInt(frame.remaining())
                .put(frame);
        socket.getOutputStream().write(sized.array());
        DataInputStream input = new DataInputStream(socket.getInputStream());
        byte[] answer = new byte[input.readInt()];
        input.readFully(answer);
        ByteBufferAccessor readable = new ByteBufferAccessor(ByteBuffer.wrap(answer));
        new ResponseHeaderData().read(readable, api.responseHeaderVersion((short) version));
        response.read(readable, (short) version);
        return response;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
