package io.wellspring.protocol;

import io.wellspring.batch.FileSlice;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.protocol.Writable;
import org.apache.kafka.common.record.internal.BaseRecords;

/**
 * Collects what a generated message writes: its own bytes in one buffer of known size, cut wherever a record buffer or a file
 * slice stands between them. Threads: one.
 */
final class ResponseParts implements Writable {
    private final ByteBuffer buffer;
    private List<EncodedResponse.Part> parts = List.of();
    private int cutAt;

    /** @param sizeBytes what will be written, records and other zero-copy bytes left out */
    ResponseParts(int sizeBytes) {
        this.buffer = ByteBuffer.allocate(sizeBytes);
    }

    /** Ends the response; it must be as long as it was sized. */
    EncodedResponse finish(int sizeBytes) {
        boolean isFull = !buffer.hasRemaining();
        if (parts.isEmpty()) {
            parts = List.of(new EncodedResponse.Bytes(buffer.flip())); // one part, the usual answer: nothing to be cut
        } else {
            cut();
        }
        int written = 0;
        for (EncodedResponse.Part part : parts) {
            written += sizeBytes(part);
        }
        if (written != sizeBytes || !isFull) {
            throw new IllegalStateException("a response sized " + sizeBytes + " bytes was written with " + written);
        }
        return new EncodedResponse(parts, sizeBytes);
    }

    @Override
    public void writeByte(byte value) {
        buffer.put(value);
    }

    @Override
    public void writeShort(short value) {
        buffer.putShort(value);
    }

    @Override
    public void writeInt(int value) {
        buffer.putInt(value);
    }

    @Override
    public void writeLong(long value) {
        buffer.putLong(value);
    }

    @Override
    public void writeDouble(double value) {
        buffer.putDouble(value);
    }

    @Override
    public void writeByteArray(byte[] bytes) {
        buffer.put(bytes);
    }

    @Override
    public void writeUnsignedVarint(int value) {
        int rest = value;
        while ((rest & ~0x7f) != 0) {
            buffer.put((byte) ((rest & 0x7f) | 0x80));
            rest >>>= 7;
        }
        buffer.put((byte) rest);
    }

    @Override
    public void writeVarint(int value) {
        writeUnsignedVarint((value << 1) ^ (value >> 31));
    }

    @Override
    public void writeVarlong(long value) {
        long rest = (value << 1) ^ (value >> 63);
        while ((rest & ~0x7fL) != 0) {
            buffer.put((byte) ((rest & 0x7f) | 0x80));
            rest >>>= 7;
        }
        buffer.put((byte) rest);
    }

    /** The generated messages write only fields declared zero-copy this way; they are not in the buffer's size. */
    @Override
    public void writeByteBuffer(ByteBuffer bytes) {
        if (bytes.hasRemaining()) {
            cut();
            add(new EncodedResponse.Bytes(bytes.slice()));
        }
    }

    @Override
    public void writeRecords(BaseRecords records) {
        if (records instanceof FileSliceRecords(FileSlice slice)) {
            cut();
            add(new EncodedResponse.Slice(slice));
        } else {
            Writable.super.writeRecords(records);
        }
    }

    /** Makes a part of what was written since the last cut. */
    private void cut() {
        if (buffer.position() > cutAt) {
            add(new EncodedResponse.Bytes(buffer.slice(cutAt, buffer.position() - cutAt)));
            cutAt = buffer.position();
        }
    }

    private void add(EncodedResponse.Part part) {
        if (parts.isEmpty()) {
            parts = new ArrayList<>();
        }
        parts.add(part);
    }

    private static int sizeBytes(EncodedResponse.Part part) {
        return switch (part) {
            case EncodedResponse.Bytes(ByteBuffer bytes) -> bytes.remaining();
            case EncodedResponse.Slice(FileSlice slice) -> slice.sizeBytes();
        };
    }
}
