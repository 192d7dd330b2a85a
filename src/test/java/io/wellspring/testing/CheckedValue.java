package io.wellspring.testing;

import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import java.util.zip.CRC32C;

/**
 * A record's value that says who wrote it and as which one, and proves that it is whole: writer, sequence, filler, CRC-32C of all
 * before it. The filler is half noise and half zeros, so that it can be compressed, but not to nothing.
 */
public record CheckedValue(int writer, long sequence) {
    public static final int MIN_SIZE_BYTES = 16;
    private static final byte[] NOISE = new byte[1 << 16];

    static {
        new SplittableRandom(1).nextBytes(NOISE);
    }

    /** @param size of the value, bytes; at least {@link #MIN_SIZE_BYTES} */
    public byte[] encode(int size) {
        byte[] bytes = new byte[size];
        ByteBuffer value = ByteBuffer.wrap(bytes).putInt(writer).putLong(sequence);
        int noise = Math.min((size - MIN_SIZE_BYTES) / 2, NOISE.length / 2);
        value.put(NOISE, (int) (sequence * 31 % (NOISE.length / 2)), noise);
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, size - Integer.BYTES);
        value.putInt(size - Integer.BYTES, (int) crc.getValue());
        return bytes;
    }

    public static CheckedValue decode(byte[] bytes) {
        if (bytes.length < MIN_SIZE_BYTES) {
            throw new AssertionError("a value of " + bytes.length + " bytes is nobody's");
        }
        ByteBuffer value = ByteBuffer.wrap(bytes);
        CheckedValue read = new CheckedValue(value.getInt(), value.getLong());
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, bytes.length - Integer.BYTES);
        if (value.getInt(bytes.length - Integer.BYTES) != (int) crc.getValue()) {
            throw new AssertionError("the checksum of a value is wrong; it claims to be " + read);
        }
        return read;
    }
}
