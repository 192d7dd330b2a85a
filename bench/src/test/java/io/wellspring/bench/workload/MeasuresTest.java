package io.wellspring.bench.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.wellspring.bench.load.Latencies;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** What is left of latencies when the machine stood still. */
final class MeasuresTest {
    private static final long MS = 1_000_000;
    private static final int LENGTH_MS = 4000;
    private static final long SLOW_FROM_MS = 1030;
    private static final long SLOW_TO_MS = 1040;

    @Test
    void leavesOutTheSliceThatAStallTouches() throws IOException {
        Latencies calm = Measures.calm(everyMs(), stall(SLOW_FROM_MS, SLOW_TO_MS));
        assertThat(calm.count()).isEqualTo(LENGTH_MS - 200);
        assertThat(calm.ms(100)).isCloseTo(1, within(0.01));
    }

    @Test
    void aStallAtTheEndOfASliceTakesTheNextOneToo() throws IOException {
        assertThat(Measures.calm(everyMs(), stall(1190, 1195)).count()).isEqualTo(LENGTH_MS - 400);
    }

    @Test
    void aStallRightAfterASliceTakesItTooForWhatWasNotAnswered() throws IOException {
        assertThat(Measures.calm(everyMs(), stall(1201, 1205)).count()).isEqualTo(LENGTH_MS - 400);
    }

    @Test
    void failsIfNextToNothingIsLeft() throws IOException {
        assertThat(Measures.calm(everyMs(), stall(0, LENGTH_MS - 600)).count()).isEqualTo(400);
        assertThatThrownBy(() -> Measures.calm(everyMs(), stall(0, LENGTH_MS - 400)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("the machine stood still too often: only 200 of 4000 requests");
    }

    /** One request each millisecond, some of which take long. */
    private static Latencies everyMs() {
        Latencies all = new Latencies();
        for (int i = 0; i < LENGTH_MS; i++) {
            all.add(i * MS, i >= SLOW_FROM_MS && i <= SLOW_TO_MS ? 50 * MS : MS);
        }
        return all;
    }

    private static Latencies.Choice stall(long fromMs, long toMs) {
        return (from, to) -> from <= toMs * MS && to >= fromMs * MS;
    }
}
