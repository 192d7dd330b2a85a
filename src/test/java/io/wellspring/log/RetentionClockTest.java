package io.wellspring.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Data is not deleted because somebody has set the clock. */
class RetentionClockTest {
    private static final long START_MS = 1_700_000_000_000L;

    private long monotonicMs = 5_000L;
    private long wallMs = START_MS;
    private final RetentionClock clock =
            new RetentionClock(() -> Instant.ofEpochMilli(wallMs), () -> monotonicMs * 1_000_000L);

    private void pass(Duration time) {
        monotonicMs += time.toMillis();
        wallMs += time.toMillis();
    }

    @Test
    void jumpForwardIsNotFollowedForADay() {
        pass(Duration.ofHours(1));
        assertThat(clock.millis()).isEqualTo(wallMs);
        long before = wallMs;
        wallMs += Duration.ofDays(30).toMillis();

        assertThat(clock.millis()).isEqualTo(before);
        pass(RetentionClock.DOUBT.minusMillis(1));
        assertThat(clock.millis()).isEqualTo(before + RetentionClock.DOUBT.toMillis() - 1);
        pass(Duration.ofMillis(1));
        assertThat(clock.millis()).isEqualTo(wallMs);
        pass(Duration.ofDays(2));
        assertThat(clock.millis()).isEqualTo(wallMs);
    }

    @Test
    void clockThatIsSetBackToRightIsFollowedAtOnce() {
        wallMs += Duration.ofDays(30).toMillis();
        assertThat(clock.millis()).isEqualTo(START_MS);
        wallMs -= Duration.ofDays(30).toMillis();
        pass(Duration.ofMinutes(1));
        assertThat(clock.millis()).isEqualTo(wallMs);
    }

    @Test
    void smallCorrectionsAndJumpsBackAreFollowed() {
        wallMs += RetentionClock.JUMP.toMillis();
        assertThat(clock.millis()).isEqualTo(wallMs);
        wallMs -= Duration.ofDays(1).toMillis();
        assertThat(clock.millis()).isEqualTo(wallMs);
        wallMs += RetentionClock.JUMP.toMillis() + 1;
        assertThat(clock.millis()).isLessThan(wallMs);
    }

    @Test
    void jumpDeletesNoSegmentAndTimeThatPassesDoes(@TempDir Path directory) throws IOException {
        LogSettings settings = LogFixture.settings(1 << 20, 100);
        try (LogFixture fixture = new LogFixture(directory, settings)) {
            LogSettings week = new LogSettings(
                    1 << 20,
                    Long.MAX_VALUE,
                    0L,
                    settings.indexBytes(),
                    100,
                    -1L,
                    Duration.ofDays(7).toMillis(),
                    0L,
                    Long.MAX_VALUE,
                    Long.MAX_VALUE,
                    true,
                    false,
                    false);
            fixture.log.configure(week);
            fixture.append(3, 10);
            fixture.log.roll();
            fixture.jumpMs = Duration.ofDays(30).toMillis();
            assertThat(fixture.log.applyRetention(fixture.log.endOffset())).isZero();
            fixture.jumpMs = 0;
            fixture.nowMs += Duration.ofDays(8).toMillis();
            assertThat(fixture.log.applyRetention(fixture.log.endOffset())).isEqualTo(1);
        }
    }
}
