package io.wellspring.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeyOffsetsTest {
    /** The vectors of the reference implementation: key 00 01 .. 0f, input 00 01 .. */
    @ParameterizedTest
    @CsvSource({"0, a3817f04ba25a8e66df67214c7550293", "1, da87c1d86b99af44347659119b22fc45"})
    void hashIsSipHashOf128Bits(int length, String expected) {
        ByteBuffer input = ByteBuffer.allocate(length);
        for (int i = 0; i < length; i++) {
            input.put(i, (byte) i);
        }
        KeyHash hash = new KeyHash(0x0706050403020100L, 0x0f0e0d0c0b0a0908L);

        hash.hash(input);

        byte[] found = ByteBuffer.allocate(16)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(hash.low())
                .putLong(hash.high())
                .array();
        assertThat(HexFormat.of().formatHex(found)).isEqualTo(expected);
    }

    @Test
    void hashSeesEveryByteAndOnlyThoseOfTheKey() {
        KeyHash hash = new KeyHash(1, 2);
        ByteBuffer bytes = ByteBuffer.wrap("0123456789abcdefXYZ".getBytes(StandardCharsets.UTF_8));
        hash.hash(bytes.slice(1, 17));
        long low = hash.low();
        hash.hash(ByteBuffer.wrap("123456789abcdefXY".getBytes(StandardCharsets.UTF_8)));
        assertThat(hash.low()).isEqualTo(low);
        hash.hash(bytes.slice(1, 16));
        assertThat(hash.low()).isNotEqualTo(low);
    }

    private static ByteBuffer key(int number) {
        return ByteBuffer.allocate(4).putInt(0, number);
    }

    @Test
    void lastOffsetOfEachKeyIsKeptUntilThereIsNoRoom() {
        KeyOffsets keys = new KeyOffsets(200_000L, new KeyHash(3, 4));
        int added = 0;
        while (keys.put(key(added), added)) {
            added++;
        }
        // 24 bytes a slot, nine tenths filled; the table before the last growing counts too.
        assertThat(added).isBetween(200_000 / 24 * 2 / 5, 200_000 / 24);
        assertThat(keys.keyCount()).isEqualTo(added);
        assertThat(keys.put(key(0), 1_000_000L)).as("a known key needs no room").isTrue();
        assertThat(keys.lastOffset(key(0))).isEqualTo(1_000_000L);
        for (int i = 1; i < added; i++) {
            assertThat(keys.lastOffset(key(i))).isEqualTo(i);
        }
        assertThat(keys.lastOffset(key(added))).isEqualTo(-1L);
    }
}
