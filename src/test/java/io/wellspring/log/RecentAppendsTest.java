package io.wellspring.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.wellspring.testing.ManualTimers;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RecentAppendsTest {
    private static final long END = 100;

    private final ManualTimers time = new ManualTimers();
    private final RecentAppends recent = new RecentAppends(time, END);

    private void append(long firstOffset, long bytes) {
        recent.appending(firstOffset);
        recent.appended(firstOffset, bytes);
    }

    private boolean isJustNow(long offset) {
        return recent.justNow(offset).getAsBoolean();
    }

    @Test
    void whatWasThereBeforeWasNotWrittenJustNow() {
        append(END, 1);
        assertThat(isJustNow(END - 1)).isFalse();
        assertThat(isJustNow(END)).isTrue();
    }

    @Test
    void aSliceThatIsKeptWasWrittenJustNowForSecondsOnly() {
        append(END, 1);
        BooleanSupplier kept = recent.justNow(END);
        time.advance(Duration.ofMillis(2999));
        assertThat(kept.getAsBoolean()).isTrue();
        time.advance(Duration.ofMillis(1));
        assertThat(kept.getAsBoolean()).isFalse();
        append(END + 1, 1);
        assertThat(kept.getAsBoolean()).as("the same slice after a new append").isFalse();
        assertThat(isJustNow(END)).isFalse();
        assertThat(isJustNow(END + 1)).isTrue();
    }

    @Test
    void aLogThatIsWrittenSteadilyAlwaysHasSomeWrittenJustNow() {
        long offset = END;
        for (int i = 0; i < 100; i++) {
            append(offset, 1);
            assertThat(isJustNow(offset)).as("append %d", i).isTrue();
            if (offset - END > 10) {
                assertThat(isJustNow(offset - 10))
                        .as("3.3 s before append %d", i)
                        .isFalse();
            }
            offset++;
            time.advance(Duration.ofMillis(330));
        }
    }

    /** Intervals at which marks switch late, or the newest append falls between two of them. */
    @ParameterizedTest
    @ValueSource(longs = {1, 330, 500, 990, 999, 1000, 1001, 1500, 2900, 2999, 3000, 60_000})
    void theLatestAppendWasAlwaysWrittenJustNow(long intervalMs) {
        for (int i = 0; i < 50; i++) {
            append(END + i, 1);
            assertThat(isJustNow(END + i)).as("append %d", i).isTrue();
            time.advance(Duration.ofMillis(i % 2 == 0 ? intervalMs : 200));
        }
    }

    @Test
    void aCutMakesNothingOldNew() {
        append(END, 1);
        time.advance(Duration.ofSeconds(10));
        recent.cut(END - 50);
        append(END - 50, 1);
        assertThat(isJustNow(END - 51)).isFalse();
        assertThat(isJustNow(END - 50)).isTrue();
        assertThat(recent.offset()).isEqualTo(END - 50);
    }

    @Test
    void countsBytesToo() {
        for (int i = 0; i < 5; i++) {
            append(END + i, RecentAppends.BYTES / 2);
        }
        assertThat(recent.offset()).isBetween(END + 2, END + 3);
    }
}
