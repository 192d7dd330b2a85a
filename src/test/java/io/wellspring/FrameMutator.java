package io.wellspring;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.CRC32C;

/** Breaks frames: at random, and where it hurts: lengths, counts, versions, the fields of a record batch under a right checksum. */
final class FrameMutator {
    private static final int[] LIES = {
        0, 1, -1, -2, 127, 128, 1 << 15, 1 << 24, 1 << 28, Integer.MAX_VALUE, Integer.MIN_VALUE
    };
    private static final int BATCH_CRC = 17;
    private static final int BATCH_CHECKED = 21;
    private static final int[] BATCH_FIELDS = {0, 8, 12, 16, 21, 22, 23, 27, 35, 43, 51, 53, 57, 61, 62, 63, 64, 70};

    private final Random random;

    FrameMutator(long seed) {
        this.random = new Random(seed);
    }

    /** A broken copy; now and then it is still right. */
    byte[] mutate(FuzzCorpus.Seed seed) {
        byte[] frame = seed.bytes();
        if (seed.batchStart() >= 0 && random.nextBoolean()) {
            breakBatch(frame, seed.batchStart());
            return frame;
        }
        return switch (random.nextInt(9)) {
            case 0 -> flipBits(frame);
            case 1 -> Arrays.copyOf(frame, random.nextInt(frame.length));
            case 2 -> lie(frame, 4);
            case 3 -> lie(frame, 2);
            case 4 -> lieInVarint(frame);
            case 5 -> header(frame);
            case 6 -> grow(frame);
            case 7 -> garbage(frame);
            default -> lie(lie(frame, 4), 2);
        };
    }

    private byte[] flipBits(byte[] frame) {
        for (int i = random.nextInt(4); i >= 0; i--) {
            frame[random.nextInt(frame.length)] ^= (byte) (1 << random.nextInt(8));
        }
        return frame;
    }

    private byte[] lie(byte[] frame, int width) {
        if (frame.length > width) {
            int at = random.nextInt(frame.length - width);
            int value = LIES[random.nextInt(LIES.length)];
            ByteBuffer buffer = ByteBuffer.wrap(frame);
            if (width == 4) {
                buffer.putInt(at, random.nextBoolean() ? value : buffer.getInt(at) + (random.nextBoolean() ? 1 : -1));
            } else {
                buffer.putShort(at, (short) value);
            }
        }
        return frame;
    }

    private byte[] lieInVarint(byte[] frame) {
        int at = random.nextInt(frame.length);
        int rest = LIES[random.nextInt(LIES.length)];
        boolean overlong = random.nextInt(4) == 0;
        for (int i = at; i < Math.min(frame.length, at + (overlong ? 7 : 5)); i++) {
            boolean more = overlong || (rest >>> 7) != 0;
            frame[i] = (byte) ((rest & 0x7f) | (more ? 0x80 : 0));
            rest >>>= 7;
            if (!more) {
                break;
            }
        }
        return frame;
    }

    /** Another API key or version over the same body. */
    private byte[] header(byte[] frame) {
        ByteBuffer buffer = ByteBuffer.wrap(frame);
        switch (random.nextInt(3)) {
            case 0 -> buffer.putShort(0, (short) (random.nextInt(100) - 2));
            case 1 -> buffer.putShort(2, (short) (random.nextInt(22) - 2));
            default -> buffer.putShort(8, (short) LIES[random.nextInt(LIES.length)]);
        }
        return frame;
    }

    private byte[] grow(byte[] frame) {
        byte[] longer = Arrays.copyOf(frame, frame.length + 1 + random.nextInt(64));
        for (int i = frame.length; i < longer.length; i++) {
            longer[i] = (byte) random.nextInt();
        }
        return longer;
    }

    private byte[] garbage(byte[] frame) {
        int from = random.nextInt(frame.length);
        for (int i = from; i < Math.min(frame.length, from + 16); i++) {
            frame[i] = (byte) random.nextInt();
        }
        return frame;
    }

    /** A field of the batch is wrong, and most times its checksum is right again, so that deeper checks must find it. */
    private void breakBatch(byte[] frame, int start) {
        ByteBuffer buffer = ByteBuffer.wrap(frame);
        int end = Math.min(frame.length, start + 12 + buffer.getInt(start + 8));
        int at = start
                + (random.nextBoolean()
                        ? BATCH_FIELDS[random.nextInt(BATCH_FIELDS.length)]
                        : random.nextInt(end - start));
        if (at + 4 <= end && random.nextBoolean()) {
            buffer.putInt(at, LIES[random.nextInt(LIES.length)]);
        } else if (at < end) {
            frame[at] ^= (byte) (1 << random.nextInt(8));
        }
        if (random.nextInt(5) > 0) {
            CRC32C crc = new CRC32C();
            crc.update(frame, start + BATCH_CHECKED, end - start - BATCH_CHECKED);
            buffer.putInt(start + BATCH_CRC, (int) crc.getValue());
        }
    }
}
