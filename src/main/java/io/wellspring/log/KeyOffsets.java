package io.wellspring.log;

import java.nio.ByteBuffer;

/**
 * The last offset of each key, in bounded memory: 24 bytes a slot (hash of the key, offset), open addressing. It begins small and doubles while old
 * and new table together stay within the bound; then it is filled to nine tenths and says that it is full. Threads: one.
 */
final class KeyOffsets {
    /** Less than this would not be worth a pass over a log. */
    static final long MIN_MEMORY_BYTES = 64 << 10;

    private static final int LONGS_PER_SLOT = 3;
    private static final int SLOT_SIZE_BYTES = LONGS_PER_SLOT * Long.BYTES;
    private static final int FIRST_SLOTS = 1 << 10;
    private static final int MOST_SLOTS = 1 << 29;

    private final KeyHash hash;
    private final long memoryBytes;
    private long[] table;
    private int slotCount;
    private int keyCount;

    /** @param memoryBytes no more than this, growing included, about */
    KeyOffsets(long memoryBytes, KeyHash hash) {
        this.memoryBytes = Math.max(memoryBytes, MIN_MEMORY_BYTES);
        this.hash = hash;
        this.slotCount = FIRST_SLOTS;
        this.table = new long[FIRST_SLOTS * LONGS_PER_SLOT];
    }

    int keyCount() {
        return keyCount;
    }

    /** Notes the offset, which is larger than all before, as the key's last. @return false: there is no room for another key */
    boolean put(ByteBuffer key, long offset) {
        hash.hash(key);
        int slot = find(hash.high(), hash.low());
        if (table[slot + 2] == 0) {
            if (keyCount >= slotCount - slotCount / 4 && grow()) {
                slot = find(hash.high(), hash.low());
            }
            if (keyCount >= slotCount - slotCount / 10) {
                return false;
            }
            keyCount++;
            table[slot] = hash.high();
            table[slot + 1] = hash.low();
        }
        table[slot + 2] = offset + 1;
        return true;
    }

    /** -1: the key is not there. */
    long lastOffset(ByteBuffer key) {
        hash.hash(key);
        return table[find(hash.high(), hash.low()) + 2] - 1;
    }

    /** Where the slot of this hash begins, or the free one where it would be. */
    private int find(long high, long low) {
        // The upper half of the product is evenly spread over the slots, whatever their number.
        int slot = (int) (((low >>> 32) * slotCount) >>> 32);
        while (true) {
            int at = slot * LONGS_PER_SLOT;
            if (table[at + 2] == 0 || (table[at] == high && table[at + 1] == low)) {
                return at;
            }
            slot = slot + 1 == slotCount ? 0 : slot + 1;
        }
    }

    private boolean grow() {
        long room = Math.min(memoryBytes / SLOT_SIZE_BYTES - slotCount, MOST_SLOTS);
        long larger = Math.min(2L * slotCount, room);
        if (larger < slotCount + slotCount / 4L) {
            return false;
        }
        long[] before = table;
        slotCount = (int) larger;
        table = new long[slotCount * LONGS_PER_SLOT];
        for (int at = 0; at < before.length; at += LONGS_PER_SLOT) {
            if (before[at + 2] != 0) {
                System.arraycopy(before, at, table, find(before[at], before[at + 1]), LONGS_PER_SLOT);
            }
        }
        return true;
    }
}
