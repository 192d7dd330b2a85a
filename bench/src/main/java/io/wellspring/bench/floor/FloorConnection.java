package io.wellspring.bench.floor;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * One connection of the floor's: frames in, answers out, in order.
 *
 * <p>Threads: the server's one.
 */
final class FloorConnection {
    private static final int INPUT_SIZE_BYTES = 1 << 20;
    private static final short PRODUCE = 0;
    private static final short FETCH = 1;
    private static final short DELETE_TOPICS = 20;

    /** A part of what goes out. */
    sealed interface Part {
        /** Bytes made here. */
        record Bytes(ByteBuffer bytes) implements Part {}

        /** Bytes that the kernel takes from a file. */
        record Range(FileChannel file, long position, long sizeBytes) implements Part {}
    }

    private final SocketChannel channel;
    private final SelectionKey key;
    private final FloorFiles files;
    private final ByteBuffer input = ByteBuffer.allocateDirect(INPUT_SIZE_BYTES);
    private final ArrayDeque<Part> output = new ArrayDeque<>();
    private @Nullable FloorFetch waiting;
    private boolean isOpen = true;

    FloorConnection(SocketChannel channel, SelectionKey key, FloorFiles files) {
        this.channel = channel;
        this.key = key;
        this.files = files;
    }

    void read() throws IOException {
        if (channel.read(input) < 0) {
            isOpen = false;
            channel.close();
            return;
        }
        input.flip();
        while (input.remaining() >= Integer.BYTES
                && input.remaining() - Integer.BYTES >= input.getInt(input.position())) {
            int sizeBytes = input.getInt();
            take(input.slice(input.position(), sizeBytes));
            input.position(input.position() + sizeBytes);
        }
        input.compact();
    }

    private void take(ByteBuffer frame) throws IOException {
        short api = frame.getShort();
        frame.getShort();
        int correlationId = frame.getInt();
        frame.position(frame.position() + Short.BYTES + frame.getShort(frame.position()));
        Wire.skipTags(frame);
        switch (api) {
            case PRODUCE -> output.add(new Part.Bytes(FloorProduce.answer(frame, correlationId, files)));
            case FETCH -> waiting = FloorFetch.parse(frame, correlationId);
            case DELETE_TOPICS -> {
                files.clear();
                output.add(new Part.Bytes(Wire.emptyAnswer(correlationId)));
            }
            default -> throw new IOException("the floor does not know API " + api);
        }
    }

    /**
     * Sends what can be sent.
     *
     * @return whether the connection still stands
     */
    boolean answer() throws IOException {
        if (!isOpen) {
            return false;
        }
        FloorFetch fetch = waiting;
        if (fetch != null && fetch.answerInto(output, files)) {
            waiting = null;
        }
        while (!output.isEmpty() && send(output.element())) {
            output.remove();
        }
        int interest = output.isEmpty() ? SelectionKey.OP_READ : SelectionKey.OP_READ | SelectionKey.OP_WRITE;
        if (key.interestOps() != interest) {
            key.interestOps(interest);
        }
        return true;
    }

    private boolean send(Part part) throws IOException {
        return switch (part) {
            case Part.Bytes bytes -> {
                channel.write(bytes.bytes());
                yield !bytes.bytes().hasRemaining();
            }
            case Part.Range range -> {
                long sent = range.file().transferTo(range.position(), range.sizeBytes(), channel);
                if (sent < range.sizeBytes()) {
                    // What is left takes its place.
                    output.remove();
                    output.addFirst(new Part.Range(range.file(), range.position() + sent, range.sizeBytes() - sent));
                }
                yield sent == range.sizeBytes();
            }
        };
    }
}
