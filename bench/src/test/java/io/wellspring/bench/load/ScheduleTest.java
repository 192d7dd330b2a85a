package io.wellspring.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

final class ScheduleTest {
    private static final long MS = 1_000_000;

    @Test
    void latencyCountsFromTheMomentIntended() {
        // 1000 requests of 100 bytes per second: one each millisecond.
        Schedule schedule = Schedule.of(new Pace.Rate(100_000, Duration.ZERO, Duration.ofMillis(10)), 100, () -> false);
        assertThat(schedule.take(0)).isZero();
        // The broker stalls for 7 ms: what should have been sent meanwhile is due at once, each with its own moment.
        long now = 7 * MS;
        for (int i = 1; i <= 7; i++) {
            assertThat(schedule.isDue(now)).isTrue();
            assertThat(schedule.take(now)).isEqualTo(i * MS);
        }
        assertThat(schedule.isDue(now)).isFalse();
        assertThat(schedule.dueNanos()).isEqualTo(8 * MS);
    }

    @Test
    void warmUpIsNotCounted() {
        Schedule schedule =
                Schedule.of(new Pace.Rate(100_000, Duration.ofMillis(3), Duration.ofMillis(2)), 100, () -> false);
        assertThat(schedule.isCounted(3 * MS - 1)).isFalse();
        assertThat(schedule.isCounted(3 * MS)).isTrue();
        long now = Duration.ofSeconds(1).toNanos();
        for (int i = 0; i < 5; i++) {
            assertThat(schedule.isOver(now)).isFalse();
            schedule.take(now);
        }
        assertThat(schedule.isOver(now)).isTrue();
    }

    @Test
    void bytesEndWithTheRequestThatReachesThem() {
        Schedule schedule = Schedule.of(new Pace.Bytes(250), 100, () -> false);
        assertThat(schedule.isPaced()).isFalse();
        for (int i = 0; i < 3; i++) {
            assertThat(schedule.isOver(0)).isFalse();
            assertThat(schedule.take(42)).isEqualTo(42);
        }
        assertThat(schedule.isOver(0)).isTrue();
    }

    @Test
    void timeEndsAtItsEnd() {
        Schedule schedule = Schedule.of(new Pace.Time(Duration.ofMillis(5)), 100, () -> false);
        assertThat(schedule.isOver(5 * MS - 1)).isFalse();
        assertThat(schedule.isOver(5 * MS)).isTrue();
    }

    @Test
    void someoneElseCanEndIt() {
        AtomicBoolean isEnough = new AtomicBoolean();
        Schedule schedule = Schedule.of(new Pace.Bytes(1000), 1, isEnough::get);
        assertThat(schedule.isOver(0)).isFalse();
        isEnough.set(true);
        assertThat(schedule.isOver(0)).isTrue();
    }
}
