package io.wellspring.protocol;

import java.nio.ByteBuffer;

/**
 * A place in a frame and the memory that decoding up to it would take. It reads lengths and counts only and allocates
 * nothing: whatever a frame claims is compared with the bytes that are there, and its cost with the bound, before a message is
 * built (the cure for CVE-2026-111108 and CVE-2026-111115). Threads: one.
 */
final class FrameWalk {
    /** Memory per byte received that a message may take. */
    private static final long COST_PER_BYTE = 16;
    /** What any message may take on top: short requests are all overhead. */
    private static final long FREE_BYTES = 64 * 1024;
    /**
     * What no message may take, however large its frame: a large frame is large for its records, which are not copied. Fifty thousand
     * partitions, each in a topic of its own, take less.
     */
    static final long MOST_BYTES = 32L << 20;
    /**
     * Steps that filling hash tables may take if all keys collide: each element passes all that are there. A client chooses the keys, so the worst case
     * is the one to bound; this much takes well under a second. Ten thousand elements in one table, or many small tables.
     */
    static final long MOST_HASHING_STEPS = 100_000_000;
    /** An unknown tagged field: its object, its byte array and its place in a list. */
    private static final int UNKNOWN_TAG_COST = 64;

    private final ByteBuffer frame;
    private final int start;
    private final int end;
    private final long bound;
    private int position;
    private long cost;
    private long hashingSteps;

    /**
     * @param frame is not moved
     * @param from bytes from the frame's position at which the walk begins
     */
    FrameWalk(ByteBuffer frame, int from) {
        this.frame = frame;
        this.start = frame.position();
        this.end = frame.limit();
        this.position = start + from;
        this.bound = allocationBound(frame.remaining());
    }

    /** The most that decoding a frame of this size may allocate, in bytes. */
    static long allocationBound(int frameSizeBytes) {
        return Math.min(MOST_BYTES, FREE_BYTES + COST_PER_BYTE * frameSizeBytes);
    }

    /** Bytes from the frame's beginning. */
    int position() {
        return position - start;
    }

    /** Adds memory that decoding would take. */
    void charge(long bytes) {
        cost += bytes;
        if (cost > bound) {
            throw new MalformedFrameException("a message that takes more than " + bound
                    + " bytes of memory in a frame of " + (end - start) + " bytes");
        }
    }

    /** Adds the steps of putting so many elements into one hash table. */
    void chargeHashing(int count) {
        hashingSteps += (long) count * count;
        if (hashingSteps > MOST_HASHING_STEPS) {
            throw new MalformedFrameException(
                    "a message with too many elements of a kind that can be there only once: " + count);
        }
    }

    void skip(int sizeBytes) {
        require(sizeBytes);
        position += sizeBytes;
    }

    /** Checks that so many elements of at least so many bytes can follow. */
    void requireElements(int count, int minimumBytes) {
        if ((long) count * minimumBytes > end - position) {
            throw new MalformedFrameException(count + " elements of at least " + minimumBytes + " bytes where "
                    + (end - position) + " bytes are left");
        }
    }

    byte nextByte() {
        require(1);
        return frame.get(position++);
    }

    short nextShort() {
        require(Short.BYTES);
        short value = frame.getShort(position);
        position += Short.BYTES;
        return value;
    }

    int nextInt() {
        require(Integer.BYTES);
        int value = frame.getInt(position);
        position += Integer.BYTES;
        return value;
    }

    int nextUnsignedVarint() {
        long value = 0;
        for (int shift = 0; shift < 35; shift += 7) {
            byte next = nextByte();
            value |= (long) (next & 0x7f) << shift;
            if (next >= 0) {
                if (value >>> Integer.SIZE != 0) {
                    throw new MalformedFrameException("a variable-length integer does not fit 32 bits");
                }
                return (int) value;
            }
        }
        throw new MalformedFrameException("a variable-length integer does not end");
    }

    /** Passes over tagged fields of which none is known; the message keeps them. */
    void skipTaggedFields() {
        int count = nextUnsignedVarint();
        if (count < 0) {
            throw new MalformedFrameException("tagged fields beyond number");
        }
        requireElements(count, 2);
        for (int i = 0; i < count; i++) {
            nextUnsignedVarint();
            skipUnknownTag(nextUnsignedVarint());
        }
    }

    void skipUnknownTag(int sizeBytes) {
        skip(sizeBytes);
        charge(UNKNOWN_TAG_COST + (long) sizeBytes);
    }

    void checkEnd() {
        if (position != end) {
            throw new MalformedFrameException((end - position) + " bytes are left behind the request");
        }
    }

    private void require(int sizeBytes) {
        if (sizeBytes < 0 || sizeBytes > end - position) {
            throw new MalformedFrameException(
                    "a field of " + sizeBytes + " bytes where " + (end - position) + " bytes are left");
        }
    }
}
