package io.wellspring.bench.load;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.message.ProduceResponseData.PartitionProduceResponse;
import org.apache.kafka.common.message.ProduceResponseData.TopicProduceResponse;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * One producer: sends frames in order, at most five unanswered, and reads the answers.
 *
 * <p>Threads: the load's own.
 */
final class ProduceConnection implements AutoCloseable {
    private static final int UNANSWERED_MOST = 5;
    private static final int ANSWER_SIZE_MOST = 1 << 16;
    private static final short HEADER_VERSION = ApiKeys.PRODUCE.responseHeaderVersion(Frame.PRODUCE_VERSION);

    /** A request: which frame, and when it was meant to be sent. */
    record Request(int frameIndex, Frame frame, long intendedNanos) {}

    /** Who hears of answers. */
    interface Answers {
        /** The request has been answered, and not refused. */
        void succeeded(Request request);
    }

    private final SocketChannel channel;
    private final SelectionKey key;
    private final ByteBuffer input = ByteBuffer.allocateDirect(ANSWER_SIZE_MOST);
    private final ArrayDeque<Request> waiting = new ArrayDeque<>();
    private final ArrayDeque<Request> unanswered = new ArrayDeque<>();
    private @Nullable ByteBuffer output;

    ProduceConnection(InetSocketAddress address, Selector selector) throws IOException {
        channel = ClientSocket.open(ClientSocket.Kind.PRODUCER, address);
        key = channel.register(selector, SelectionKey.OP_READ, this);
    }

    /** Whether a producer that follows answers would send one more. */
    boolean hasRoom() {
        return waiting.size() + unanswered.size() < UNANSWERED_MOST;
    }

    void add(Request request) {
        waiting.add(request);
    }

    /** Sends as much as the socket takes and the bound on unanswered requests allows. */
    void send() throws IOException {
        while (true) {
            ByteBuffer current = output;
            if (current == null) {
                if (waiting.isEmpty() || unanswered.size() >= UNANSWERED_MOST) {
                    break;
                }
                Request next = waiting.remove();
                unanswered.add(next);
                current = next.frame().bytes().duplicate();
                output = current;
            }
            channel.write(current);
            if (current.hasRemaining()) {
                break;
            }
            output = null;
        }
        int interest = output == null ? SelectionKey.OP_READ : SelectionKey.OP_READ | SelectionKey.OP_WRITE;
        if (key.interestOps() != interest) {
            key.interestOps(interest);
        }
    }

    /** Reads what has come. */
    void receive(Answers answers) throws IOException {
        if (channel.read(input) < 0) {
            throw new EOFException("the broker closed the connection, " + unanswered.size() + " requests unanswered");
        }
        input.flip();
        while (input.remaining() >= Integer.BYTES
                && input.remaining() - Integer.BYTES >= input.getInt(input.position())) {
            int sizeBytes = input.getInt();
            if (sizeBytes < Integer.BYTES || sizeBytes > ANSWER_SIZE_MOST - Integer.BYTES) {
                throw new IOException("an answer of " + sizeBytes + " bytes");
            }
            answer(input.slice(input.position(), sizeBytes), answers);
            input.position(input.position() + sizeBytes);
        }
        input.compact();
    }

    private void answer(ByteBuffer bytes, Answers answers) throws IOException {
        Request request = unanswered.poll();
        int correlationId = bytes.getInt();
        if (request == null || correlationId != request.frameIndex()) {
            throw new IOException("an answer to " + correlationId + " where that to " + request + " is due");
        }
        check(bytes);
        answers.succeeded(request);
    }

    private static void check(ByteBuffer bytes) throws IOException {
        ByteBufferAccessor readable = new ByteBufferAccessor(bytes);
        if (HEADER_VERSION > 0 && readable.readUnsignedVarint() != 0) {
            throw new IOException("an answer whose header has fields that nobody knows");
        }
        ProduceResponseData response = new ProduceResponseData(readable, Frame.PRODUCE_VERSION);
        for (TopicProduceResponse topic : response.responses()) {
            for (PartitionProduceResponse partition : topic.partitionResponses()) {
                if (partition.errorCode() != Errors.NONE.code()) {
                    throw new IOException("produce refused: " + Errors.forCode(partition.errorCode()) + " "
                            + partition.errorMessage());
                }
            }
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
