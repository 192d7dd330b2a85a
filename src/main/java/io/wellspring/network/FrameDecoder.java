package io.wellspring.network;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Cuts the stream into frames: four bytes of size, then the request. The size is checked before anything is allocated, and a frame
 * begins only when its {@link Gate} lets it.
 *
 * <p>The socket is read straight into the buffer that becomes the frame ({@link #room}), so that the bytes of a large request are
 * not copied. Such a buffer is never larger than about twice what has arrived of the frame, or than the last frames that this client
 * has sent whole: announcing much costs no memory. A frame goes on as one buffer of its own, filled by half at least or made to
 * measure, so that a small request that waits long pins no large read buffer. Bytes that come in buffers of others (TLS) take the same way,
 * copied where they do not fill one. Threads: the connection's event loop.
 */
final class FrameDecoder extends ChannelInboundHandlerAdapter {
    /** What is read at once from a client of small requests: many of them by one call. */
    static final int SMALL_READ_BYTES = 8 * 1024;
    /** What is read at once before a frame is admitted; larger frames get their room when they have begun. */
    static final int MOST_READ_BYTES = 256 * 1024;
    /** What a frame may get at once when the client has sent such frames before. */
    static final int MOST_EARNED_BYTES = 1024 * 1024;

    private static final int SIZE_FIELD_BYTES = 4;
    private static final int UNKNOWN = -1;
    /** Frames of one client differ a little; the larger ones should fit too. */
    private static final int SPARE_BYTES = 512;
    /** A frame that is smaller than those before lets the measure shrink by this much of it. */
    private static final int FADING = 16;

    private final int maxFrameSizeBytes;
    private final Gate gate;
    private final Queue<ByteBuf> others = new ArrayDeque<>(2);

    /** Bytes that are not handed on yet, in front those of the frame that has begun; the socket is read into its room. */
    private @Nullable ByteBuf current;
    /** How far {@link #current} was filled when it was given to the socket. */
    private int filledTo;

    /** True while the socket has {@link #current}. */
    private boolean isLent;

    private int frameSize = UNKNOWN;
    private boolean isAdmitted;
    private boolean isCounted;
    private int usualSize;
    private boolean cutting;
    private boolean ended;
    private long frameCount;
    private long receivedBytes;

    FrameDecoder(int maxFrameSizeBytes, Gate gate) {
        this.maxFrameSizeBytes = maxFrameSizeBytes;
        this.gate = gate;
    }

    /** Decides whether frames may begin. */
    interface Gate {
        /**
         * True if a frame of this size may begin now. If not, it asks again after {@link FrameDecoder#resume}; until then the
         * gate sees to it that the socket is not read.
         */
        boolean admit(int frameSizeBytes);

        /** Bytes arrived. */
        void received(int bytes);

        /** The size field cannot be: the connection must be closed, nothing more is decoded. */
        void refuseSize(int frameSizeBytes);
    }

    /** True if part of a frame is here and the rest is the client's to send. */
    boolean isMidFrame() {
        return isAdmitted || (frameSize == UNKNOWN && isCounted);
    }

    /** Frames that have begun; tells one half frame from the next. */
    long frameCount() {
        return frameCount;
    }

    /** Bytes that have arrived in all. */
    long receivedBytes() {
        return receivedBytes;
    }

    /**
     * The buffer that the socket is to be read into, from its writer index on; whoever reads hands it back by {@link #channelRead} or
     * releases it. Null if there is none to give: then a buffer of its own must do.
     */
    @Nullable
    ByteBuf room(ByteBufAllocator allocator) {
        isLent = false;
        if (ended || !others.isEmpty()) {
            return null;
        }
        ByteBuf buffer = current;
        if (buffer == null) {
            buffer = allocator.directBuffer(isAdmitted ? sizeFor(0) : usualRead());
            current = buffer;
        }
        if (!buffer.isWritable()) {
            return null; // a frame waits for the gate: nothing should be read
        }
        filledTo = buffer.writerIndex();
        isLent = true;
        return buffer.retain();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        boolean isRoom = isLent;
        isLent = false;
        int count = isRoom ? bytes.writerIndex() - filledTo : bytes.readableBytes();
        receivedBytes += count;
        gate.received(count);
        if (isRoom || ended) {
            bytes.release(); // what the socket held; its bytes are counted by the writer index
        } else {
            others.add(bytes);
        }
        cut(context);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        isLent = false;
        dropEmpty(); // a quiet connection holds no buffer
        context.fireChannelReadComplete();
    }

    /** Goes on where the gate stopped. */
    void resume(ChannelHandlerContext context) {
        cut(context);
    }

    /** Gives everything back; what arrives from now on is thrown away. */
    void end() {
        ended = true;
        if (current != null) {
            current.release();
            current = null;
        }
        for (ByteBuf rest = others.poll(); rest != null; rest = others.poll()) {
            rest.release();
        }
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        end();
    }

    private void cut(ChannelHandlerContext context) {
        if (cutting) {
            return; // a frame that goes on may make room for the next one: the loop below sees to it
        }
        cutting = true;
        try {
            while (!ended && step(context)) {
                // One step takes a size field, begins a frame, adds to it or hands it on.
            }
        } finally {
            cutting = false;
        }
    }

    /** @return false if it cannot go on */
    private boolean step(ChannelHandlerContext context) {
        int here = current == null ? 0 : current.readableBytes();
        if (frameSize == UNKNOWN) {
            if (here > 0 && !isCounted) {
                isCounted = true;
                frameCount++;
            }
            if (current == null || here < SIZE_FIELD_BYTES) {
                return makeRoom(context.alloc(), SIZE_FIELD_BYTES);
            }
            readSizeField(current);
            return true;
        }
        if (!isAdmitted) {
            isAdmitted = gate.admit(frameSize);
            return isAdmitted;
        }
        if (here < frameSize) {
            return makeRoom(context.alloc(), frameSize);
        }
        handOn(context);
        return true;
    }

    private void readSizeField(ByteBuf bytes) {
        int size = bytes.readInt();
        if (size < 0 || size > maxFrameSizeBytes) {
            gate.refuseSize(size);
            end();
        } else {
            frameSize = size;
        }
    }

    /** Makes room for a part that is not all here, and adds to it what came in buffers of others. @return false if nothing came */
    private boolean makeRoom(ByteBufAllocator allocator, int wanted) {
        ByteBuf other = others.peek();
        if (other != null && !other.isReadable()) {
            others.remove().release();
            return true;
        }
        ByteBuf buffer = current;
        if (buffer == null || !buffer.isReadable()) {
            if (other != null) {
                dropEmpty();
                current = others.remove();
                return true;
            }
            if (buffer != null) {
                current = cleared(buffer, wanted);
            }
            return false;
        }
        if (buffer.readerIndex() + wanted > buffer.capacity()) {
            if (wanted <= buffer.capacity()) {
                buffer.discardReadBytes();
            } else if (!buffer.isWritable() || buffer.readableBytes() < sizeFor(buffer.readableBytes()) / 2) {
                buffer = moved(buffer, allocator.directBuffer(sizeFor(buffer.readableBytes())));
            }
        }
        current = buffer;
        if (other == null) {
            return false;
        }
        buffer.writeBytes(other, Math.min(other.readableBytes(), buffer.capacity() - buffer.writerIndex()));
        return true;
    }

    /** An empty buffer, ready to be filled from its beginning; none if a larger one is wanted. */
    private static @Nullable ByteBuf cleared(ByteBuf empty, int wanted) {
        if (wanted <= empty.capacity()) {
            return empty.clear();
        }
        empty.release();
        return null;
    }

    private static ByteBuf moved(ByteBuf from, ByteBuf to) {
        to.writeBytes(from);
        from.release();
        return to;
    }

    /** How large a buffer the frame gets of which so many bytes are here. */
    private int sizeFor(int here) {
        int read = usualRead();
        if (frameSize <= read) {
            return read;
        }
        return (int) Math.min(frameSize, Math.max(2L * here, Math.max(read, usualSize)));
    }

    /** How large a buffer is read into before it is known what comes. */
    private int usualRead() {
        int usual = usualSize + SIZE_FIELD_BYTES + SPARE_BYTES;
        return usual > MOST_READ_BYTES ? SMALL_READ_BYTES : Math.max(usual, SMALL_READ_BYTES);
    }

    private void handOn(ChannelHandlerContext context) {
        int size = frameSize;
        frameSize = UNKNOWN;
        isAdmitted = false;
        isCounted = false;
        usualSize = Math.min(MOST_EARNED_BYTES, Math.max(size, usualSize - usualSize / FADING));
        context.fireChannelRead(take(context.alloc(), size));
    }

    /** The frame that is whole, in a buffer of its own. What came behind it stays here. */
    private ByteBuf take(ByteBufAllocator allocator, int size) {
        ByteBuf buffer = current;
        if (buffer == null || size < buffer.capacity() / 2) {
            ByteBuf copy = allocator.directBuffer(size, size);
            if (buffer != null) {
                copy.writeBytes(buffer, size);
            }
            return copy;
        }
        int end = buffer.readerIndex() + size;
        int behind = buffer.writerIndex() - end;
        ByteBuf next = null;
        if (behind > 0) {
            next = allocator.directBuffer(Math.max(behind, usualRead()));
            next.writeBytes(buffer, end, behind);
            buffer.writerIndex(end);
        }
        current = next;
        return buffer;
    }

    private void dropEmpty() {
        if (current != null && !current.isReadable()) {
            current.release();
            current = null;
        }
    }
}
