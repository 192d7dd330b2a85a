package io.wellspring.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RecentNamesTest {
    @Test
    void aNameThatIsReadAgainIsTheSameObject() {
        RecentNames names = new RecentNames(16);
        assertThat(read(names, "orders")).isEqualTo("orders").isSameAs(read(names, "orders"));
    }

    @Test
    void namesThatFallTogetherAreNotTakenForEachOther() {
        RecentNames names = new RecentNames(1);
        for (String name : new String[] {"Aa", "BB", "Aa", "AaAa", "BBBB", "a", "b", ""}) {
            assertThat(read(names, name)).isEqualTo(name);
        }
    }

    @Test
    void whatIsNotAsciiOrNotEvenTextIsReadAsEver() {
        RecentNames names = new RecentNames(1);
        long seed = new Random().nextLong();
        System.out.println("RecentNamesTest seed=" + seed);
        Random random = new Random(seed);
        for (int i = 0; i < 5_000; i++) {
            byte[] bytes = new byte[random.nextInt(4)];
            random.nextBytes(bytes);
            String expected = new String(bytes, StandardCharsets.UTF_8);
            assertThat(names.read(ByteBuffer.wrap(bytes), 0, bytes.length)).isEqualTo(expected);
            assertThat(names.read(ByteBuffer.wrap(bytes), 0, bytes.length)).isEqualTo(expected);
        }
    }

    @Test
    void aNameAtTheLimitIsKeptAndALongerOneIsNot() {
        RecentNames names = new RecentNames(16);
        String longest = "x".repeat(RecentNames.LONGEST_BYTES);
        assertThat(read(names, longest)).isSameAs(read(names, longest));
        assertThat(read(names, longest + "x")).isEqualTo(longest + "x").isNotSameAs(read(names, longest + "x"));
    }

    private static String read(RecentNames names, String name) {
        byte[] bytes = ("ab" + name + "c").getBytes(StandardCharsets.UTF_8);
        return names.read(ByteBuffer.wrap(bytes), 2, bytes.length - 3);
    }
}
