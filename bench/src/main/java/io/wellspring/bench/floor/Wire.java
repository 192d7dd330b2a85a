package io.wellspring.bench.floor;

import java.io.IOException;
import java.nio.ByteBuffer;

/** The few shapes of Kafka's wire that the floor needs. */
final class Wire {
    private static final int EMPTY_ANSWER_SIZE_BYTES = 16;

    private Wire() {}

    /** An unsigned number of variable length. */
    static int varint(ByteBuffer bytes) {
        int value = 0;
        for (int shift = 0; ; shift += 7) {
            int next = bytes.get();
            value |= (next & 0x7f) << shift;
            if (next >= 0) {
                return value;
            }
        }
    }

    static void putVarint(ByteBuffer bytes, int value) {
        int left = value;
        while ((left & ~0x7f) != 0) {
            bytes.put((byte) (left | 0x80));
            left >>>= 7;
        }
        bytes.put((byte) left);
    }

    /** The floor's clients send no tagged fields. */
    static void skipTags(ByteBuffer bytes) throws IOException {
        if (varint(bytes) != 0) {
            throw new IOException("the floor does not know tagged fields");
        }
    }

    /** Leaves room for the length, and writes a header of version 1. */
    static ByteBuffer begin(int sizeMost, int correlationId) {
        ByteBuffer answer = ByteBuffer.allocate(sizeMost);
        answer.putInt(0).putInt(correlationId);
        putVarint(answer, 0);
        return answer;
    }

    /** Writes the length, of which so many bytes follow from elsewhere. */
    static ByteBuffer end(ByteBuffer answer, long followingBytes) {
        return answer.flip().putInt(0, (int) (answer.limit() - Integer.BYTES + followingBytes));
    }

    /** No throttling, no elements. */
    static ByteBuffer emptyAnswer(int correlationId) {
        ByteBuffer answer = begin(EMPTY_ANSWER_SIZE_BYTES, correlationId);
        answer.putInt(0);
        putVarint(answer, 1);
        putVarint(answer, 0);
        return end(answer, 0);
    }
}
