package io.wellspring.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import org.junit.jupiter.api.Test;

final class LatenciesTest {
    private static final long MS = 1_000_000;

    @Test
    void leavesOutTheTimesThatAreNotChosen() throws IOException {
        Latencies all = new Latencies();
        for (int i = 0; i < 1000; i++) {
            all.add(i * MS, i < 400 || i >= 600 ? MS : 50 * MS);
        }
        Latencies chosen = all.only((from, to) -> to <= 400 * MS || from >= 600 * MS);
        assertThat(all.count()).isEqualTo(1000);
        assertThat(all.ms(99)).isCloseTo(50, within(0.1));
        assertThat(chosen.count()).isEqualTo(800);
        assertThat(chosen.ms(100)).isCloseTo(1, within(0.01));
    }

    @Test
    void timesBeforeTheClocksZeroAreTimesToo() throws IOException {
        Latencies all = new Latencies();
        all.add(-1, MS);
        all.add(1, 2 * MS);
        assertThat(all.only((from, _) -> from < 0).ms(100)).isCloseTo(1, within(0.01));
        assertThat(all.only((_, _) -> false).count()).isZero();
    }
}
