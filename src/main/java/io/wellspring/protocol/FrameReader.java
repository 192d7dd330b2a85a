package io.wellspring.protocol;

import java.nio.ByteBuffer;
import org.apache.kafka.common.protocol.Readable;

/**
 * Feeds a generated message from a frame. Byte buffers and records are slices that share the frame's memory; nothing is
 * allocated for a length that the frame does not hold. Threads: one.
 */
final class FrameReader implements Readable {
    private static final int MAX_VARINT_BITS = 35;
    private static final int MAX_VARLONG_BITS = 70;

    private final ByteBuffer buffer;

    /** Reads what remains of the buffer, whose position moves. */
    FrameReader(ByteBuffer buffer) {
        this.buffer = buffer;
    }

    @Override
    public byte readByte() {
        return buffer.get();
    }

    @Override
    public short readShort() {
        return buffer.getShort();
    }

    @Override
    public int readInt() {
        return buffer.getInt();
    }

    @Override
    public long readLong() {
        return buffer.getLong();
    }

    @Override
    public double readDouble() {
        return buffer.getDouble();
    }

    @Override
    public byte[] readArray(int sizeBytes) {
        byte[] bytes = new byte[bounded(sizeBytes)];
        buffer.get(bytes);
        return bytes;
    }

    @Override
    public String readString(int sizeBytes) {
        String text = RecentNames.SHARED.read(buffer, buffer.position(), bounded(sizeBytes));
        buffer.position(buffer.position() + sizeBytes);
        return text;
    }

    @Override
    public ByteBuffer readByteBuffer(int sizeBytes) {
        ByteBuffer bytes = buffer.slice(buffer.position(), bounded(sizeBytes));
        buffer.position(buffer.position() + sizeBytes);
        return bytes;
    }

    @Override
    public int readUnsignedVarint() {
        long value = readVarBits(MAX_VARINT_BITS);
        if (value >>> Integer.SIZE != 0) {
            throw new MalformedFrameException("a variable-length integer does not fit 32 bits");
        }
        return (int) value;
    }

    @Override
    public int readVarint() {
        int value = readUnsignedVarint();
        return (value >>> 1) ^ -(value & 1);
    }

    @Override
    public long readVarlong() {
        long value = readVarBits(MAX_VARLONG_BITS);
        return (value >>> 1) ^ -(value & 1);
    }

    @Override
    public int remaining() {
        return buffer.remaining();
    }

    @Override
    public Readable slice() {
        return new FrameReader(buffer.slice());
    }

    private long readVarBits(int maxBits) {
        long value = 0;
        for (int shift = 0; shift < maxBits; shift += 7) {
            byte next = buffer.get();
            value |= (long) (next & 0x7f) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw new MalformedFrameException("a variable-length integer does not end");
    }

    private int bounded(int sizeBytes) {
        if (sizeBytes < 0 || sizeBytes > buffer.remaining()) {
            throw new MalformedFrameException(
                    "a field of " + sizeBytes + " bytes where " + buffer.remaining() + " are left");
        }
        return sizeBytes;
    }
}
