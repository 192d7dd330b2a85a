package io.wellspring.network;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Cuts the stream into frames: four bytes of size, then the request. The size is checked before anything is allocated, a frame
 * begins only when its {@link Gate} lets it, and its buffer grows with what has arrived: never more than about twice the bytes
 * received. A frame goes on as one buffer of its own, so that a small request that waits long pins no large read buffer.
 * Threads: the connection's event loop.
 */
final class FrameDecoder extends ChannelInboundHandlerAdapter {
    private static final int SIZE_FIELD_BYTES = 4;
    private static final int FIRST_ALLOCATION_BYTES = 512;

    private final int maxFrameSizeBytes;
    private final Gate gate;
    private final Queue<ByteBuf> input = new ArrayDeque<>(2);

    private int sizeFieldRead;
    private int frameSize;
    private @Nullable ByteBuf frame;
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
        return frame != null || (sizeFieldRead > 0 && sizeFieldRead < SIZE_FIELD_BYTES);
    }

    /** Frames that have begun; tells one half frame from the next. */
    long frameCount() {
        return frameCount;
    }

    /** Bytes that have arrived in all. */
    long receivedBytes() {
        return receivedBytes;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        receivedBytes += bytes.readableBytes();
        gate.received(bytes.readableBytes());
        if (ended) {
            bytes.release();
            return;
        }
        input.add(bytes);
        cut(context);
    }

    /** Goes on where the gate stopped. */
    void resume(ChannelHandlerContext context) {
        cut(context);
    }

    /** Gives everything back; what arrives from now on is thrown away. */
    void end() {
        ended = true;
        if (frame != null) {
            frame.release();
            frame = null;
        }
        for (ByteBuf rest = input.poll(); rest != null; rest = input.poll()) {
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
                // One step takes a size field, begins a frame or adds to it.
            }
        } finally {
            cutting = false;
        }
    }

    /** @return false if it cannot go on */
    private boolean step(ChannelHandlerContext context) {
        if (frame != null && frame.readableBytes() == frameSize) {
            ByteBuf whole = frame;
            frame = null;
            sizeFieldRead = 0;
            frameSize = 0;
            context.fireChannelRead(whole);
            return true;
        }
        if (frame == null && sizeFieldRead == SIZE_FIELD_BYTES) {
            return begin(context);
        }
        ByteBuf bytes = input.peek();
        if (bytes == null) {
            return false;
        }
        if (!bytes.isReadable()) {
            input.remove().release();
            return true;
        }
        if (frame == null) {
            readSizeField(bytes);
        } else {
            fill(frame, bytes);
        }
        return true;
    }

    private void readSizeField(ByteBuf bytes) {
        if (sizeFieldRead == 0) {
            frameCount++;
        }
        frameSize = frameSize << Byte.SIZE | bytes.readUnsignedByte();
        sizeFieldRead++;
        if (sizeFieldRead == SIZE_FIELD_BYTES && (frameSize < 0 || frameSize > maxFrameSizeBytes)) {
            gate.refuseSize(frameSize);
            end();
        }
    }

    private boolean begin(ChannelHandlerContext context) {
        if (!gate.admit(frameSize)) {
            return false;
        }
        ByteBuf bytes = input.peek();
        int here = bytes == null ? 0 : bytes.readableBytes();
        frame = context.alloc().directBuffer(Math.min(frameSize, Math.max(here, FIRST_ALLOCATION_BYTES)), frameSize);
        return true;
    }

    private void fill(ByteBuf target, ByteBuf bytes) {
        int count = Math.min(bytes.readableBytes(), frameSize - target.readableBytes());
        if (count > target.writableBytes()) {
            int needed = target.readableBytes() + count;
            target.capacity((int) Math.min(frameSize, Math.max(needed, 2L * target.readableBytes())));
        }
        target.writeBytes(bytes, count);
    }
}
