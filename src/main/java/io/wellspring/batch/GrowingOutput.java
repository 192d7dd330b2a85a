package io.wellspring.batch;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** Bytes in memory that grow as they are written, with Kafka's variable-length numbers. Threads: one. */
final class GrowingOutput extends OutputStream {
    private static final int MAX_SIZE_BYTES = Integer.MAX_VALUE - 8;

    private byte[] bytes;
    private int size;

    GrowingOutput(int expectedBytes) {
        bytes = new byte[expectedBytes];
    }

    int size() {
        return size;
    }

    /** Begins anew in the same memory. */
    void reset() {
        size = 0;
    }

    /** Leaves room, to be filled through {@link #buffer}. */
    void skip(int count) {
        require(count);
        size += count;
    }

    @Override
    public void write(int value) {
        require(1);
        bytes[size++] = (byte) value;
    }

    @Override
    public void write(byte[] source, int from, int count) {
        require(count);
        System.arraycopy(source, from, bytes, size, count);
        size += count;
    }

    /** Position to limit, which are not moved. */
    void write(ByteBuffer source) {
        int count = source.remaining();
        require(count);
        source.get(source.position(), bytes, size, count);
        size += count;
    }

    /** A signed number, zigzag, seven bits a byte. */
    void writeVarint(int value) {
        int left = (value << 1) ^ (value >> 31);
        require(5);
        while ((left & ~0x7f) != 0) {
            bytes[size++] = (byte) (left | 0x80);
            left >>>= 7;
        }
        bytes[size++] = (byte) left;
    }

    /** A signed number, zigzag, seven bits a byte. */
    void writeVarlong(long value) {
        long left = (value << 1) ^ (value >> 63);
        require(10);
        while ((left & ~0x7fL) != 0) {
            bytes[size++] = (byte) (left | 0x80);
            left >>>= 7;
        }
        bytes[size++] = (byte) left;
    }

    static int sizeOfVarint(int value) {
        return 1 + (31 - Integer.numberOfLeadingZeros(((value << 1) ^ (value >> 31)) | 1)) / 7;
    }

    static int sizeOfVarlong(long value) {
        return 1 + (63 - Long.numberOfLeadingZeros(((value << 1) ^ (value >> 63)) | 1)) / 7;
    }

    /** What was written, shared, position 0. */
    ByteBuffer buffer() {
        return ByteBuffer.wrap(bytes, 0, size).slice();
    }

    /** Writes what was written here, from this byte on. */
    void writeTo(OutputStream target, int from) throws IOException {
        target.write(bytes, from, size - from);
    }

    private void require(int count) {
        int needed = Math.addExact(size, count);
        if (needed > bytes.length) {
            long doubled = Math.max(needed, 2L * bytes.length);
            bytes = Arrays.copyOf(bytes, (int) Math.min(doubled, Math.max(needed, MAX_SIZE_BYTES)));
        }
    }
}
