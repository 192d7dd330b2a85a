package io.wellspring.bench.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wellspring.bench.broker.Commands;
import io.wellspring.bench.broker.Waiting;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** With real sleepers, and signals that stop them as a host stops a processor. */
final class StallsTest {
    private static final Path JAVA = Path.of(System.getProperty("java.home"), "bin", "java");
    private static final Duration LIMIT = Duration.ofSeconds(30);

    @Test
    void aStallTouchesWhatItOverlaps() {
        Stall stall = new Stall(100, 200);
        assertThat(stall.touches(0, 99)).isFalse();
        assertThat(stall.touches(0, 100)).isTrue();
        assertThat(stall.touches(120, 130)).isTrue();
        assertThat(stall.touches(200, 300)).isTrue();
        assertThat(stall.touches(201, 300)).isFalse();
        // The clock may begin anywhere, and run over.
        Stall atTheEdge = new Stall(Long.MAX_VALUE - 1, Long.MIN_VALUE + 1);
        assertThat(atTheEdge.touches(Long.MIN_VALUE, Long.MIN_VALUE + 10)).isTrue();
        assertThat(atTheEdge.touches(Long.MIN_VALUE + 2, Long.MIN_VALUE + 10)).isFalse();
    }

    @Test
    void hearsOfASleeperThatStoodStill() throws Exception {
        try (Stalls stalls = Stalls.watch(JAVA, 1)) {
            String sleeper = Long.toString(stalls.sleepers().getFirst().pid());
            Commands.run(List.of("kill", "-STOP", sleeper));
            long from = System.nanoTime();
            // To start a program takes longer than the shortest stall that counts; where it does not, one more does.
            while (System.nanoTime() - from < 2 * Sleeper.LEAST_NANOS) {
                Commands.run(List.of("true"));
            }
            long to = System.nanoTime();
            Commands.run(List.of("kill", "-CONT", sleeper));
            Waiting.until("the stall is seen", LIMIT, Duration.ofMillis(1), () -> stalls.isAnyBetween(from, to));
        }
    }

    @Test
    void withoutItsSleeperItKnowsNothing() throws Exception {
        try (Stalls stalls = Stalls.watch(JAVA, 1)) {
            Process sleeper = stalls.sleepers().getFirst();
            sleeper.destroyForcibly().waitFor();
            assertThatThrownBy(() -> stalls.isAnyBetween(0, 1))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("the sleeper that watches the machine ended");
        }
    }

    @Test
    void tellsWhatDoesNotStart() {
        assertThatThrownBy(() -> Stalls.watch(Path.of("no-such-java"), 1))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("no-such-java");
    }
}
