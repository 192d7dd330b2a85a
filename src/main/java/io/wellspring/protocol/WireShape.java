package io.wellspring.protocol;

import java.util.List;
import java.util.Map;

/**
 * How a value stands on the wire and what it takes in memory once decoded: a schema boiled down to what a walk needs. Lengths
 * below zero mean null, as in the generated readers, which then decide whether null is allowed. Immutable. Threads: any.
 */
sealed interface WireShape {
    /** Moves the walk behind one value and charges its memory. */
    void walk(FrameWalk walk);

    /** The fewest bytes that one value takes. */
    int minimumBytes();

    /** How a length or count is written. */
    enum LengthForm {
        INT16(2),
        INT32(4),
        /** The value plus one, zero for null (KIP-482). */
        COMPACT(1);

        private final int minimumBytes;

        LengthForm(int minimumBytes) {
            this.minimumBytes = minimumBytes;
        }

        private int next(FrameWalk walk) {
            return switch (this) {
                case INT16 -> walk.nextShort();
                case INT32 -> walk.nextInt();
                case COMPACT -> compact(walk.nextUnsignedVarint());
            };
        }

        private static int compact(int lengthPlusOne) {
            if (lengthPlusOne < 0) {
                throw new MalformedFrameException("a compact length beyond 2^31");
            }
            return lengthPlusOne - 1;
        }
    }

    /** Fields of fixed size. */
    record Fixed(int sizeBytes, int cost) implements WireShape {
        @Override
        public void walk(FrameWalk walk) {
            walk.skip(sizeBytes);
            walk.charge(cost);
        }

        @Override
        public int minimumBytes() {
            return sizeBytes;
        }
    }

    /** A string: a copy as bytes, then a String of perhaps two bytes a character. The empty string costs nothing. */
    record Text(LengthForm length) implements WireShape {
        private static final int OBJECTS_COST = 64;

        @Override
        public void walk(FrameWalk walk) {
            int sizeBytes = length.next(walk);
            if (sizeBytes > 0) {
                walk.skip(sizeBytes);
                walk.charge(OBJECTS_COST + 3L * sizeBytes);
            }
        }

        @Override
        public int minimumBytes() {
            return length.minimumBytes;
        }
    }

    /** Bytes that the message copies. */
    record Copied(LengthForm length) implements WireShape {
        private static final int OBJECTS_COST = 16;

        @Override
        public void walk(FrameWalk walk) {
            int sizeBytes = length.next(walk);
            if (sizeBytes >= 0) {
                walk.skip(sizeBytes);
                walk.charge(OBJECTS_COST + (long) sizeBytes);
            }
        }

        @Override
        public int minimumBytes() {
            return length.minimumBytes;
        }
    }

    /** Records: the message holds a view of the frame. */
    record Shared(LengthForm length) implements WireShape {
        private static final int OBJECTS_COST = 128;

        @Override
        public void walk(FrameWalk walk) {
            int sizeBytes = length.next(walk);
            if (sizeBytes >= 0) {
                walk.skip(sizeBytes);
                walk.charge(OBJECTS_COST);
            }
        }

        @Override
        public int minimumBytes() {
            return length.minimumBytes;
        }
    }

    /**
     * Elements of one shape.
     *
     * @param placeCost what the place of one element in its collection costs
     * @param isHashed whether the message keeps them in a hash table
     */
    record Elements(LengthForm length, WireShape element, int placeCost, boolean isHashed) implements WireShape {
        @Override
        public void walk(FrameWalk walk) {
            int count = length.next(walk);
            if (count <= 0) {
                return;
            }
            walk.requireElements(count, element.minimumBytes());
            walk.charge((long) count * placeCost);
            if (isHashed) {
                walk.chargeHashing(count);
            }
            if (element instanceof Fixed(int sizeBytes, int cost)) {
                walk.charge((long) count * cost);
                walk.skip(count * sizeBytes);
            } else {
                for (int i = 0; i < count; i++) {
                    element.walk(walk);
                }
            }
        }

        @Override
        public int minimumBytes() {
            return length.minimumBytes;
        }
    }

    /**
     * Fields one behind the other.
     *
     * @param cost what the object without its strings, bytes and elements takes
     */
    record Fields(List<WireShape> fields, int cost, int minimumBytes) implements WireShape {
        @Override
        public void walk(FrameWalk walk) {
            walk.charge(cost);
            for (int i = 0; i < fields.size(); i++) { // by index: a walk allocates nothing
                fields.get(i).walk(walk);
            }
        }
    }

    /** Fields behind a byte that says whether they are there: negative for null. */
    record MaybeFields(Fields fields) implements WireShape {
        @Override
        public void walk(FrameWalk walk) {
            if (walk.nextByte() >= 0) {
                fields.walk(walk);
            }
        }

        @Override
        public int minimumBytes() {
            return 1;
        }
    }

    /** Tagged fields (KIP-482): count, then tag, size and value of each; an unknown tag is kept as bytes. */
    record Tagged(Map<Integer, WireShape> byTag) implements WireShape {
        @Override
        public void walk(FrameWalk walk) {
            int count = walk.nextUnsignedVarint();
            if (count < 0) {
                throw new MalformedFrameException("tagged fields beyond number");
            }
            walk.requireElements(count, 2);
            for (int i = 0; i < count; i++) {
                int tag = walk.nextUnsignedVarint();
                int sizeBytes = walk.nextUnsignedVarint();
                WireShape known = byTag.get(tag);
                if (known == null) {
                    walk.skipUnknownTag(sizeBytes);
                } else {
                    walkKnown(walk, known, tag, sizeBytes);
                }
            }
        }

        private static void walkKnown(FrameWalk walk, WireShape known, int tag, int sizeBytes) {
            int before = walk.position();
            known.walk(walk);
            if (walk.position() - before != sizeBytes) {
                throw new MalformedFrameException("the tagged field " + tag + " claims " + sizeBytes + " bytes and has "
                        + (walk.position() - before));
            }
        }

        @Override
        public int minimumBytes() {
            return 1;
        }
    }
}
