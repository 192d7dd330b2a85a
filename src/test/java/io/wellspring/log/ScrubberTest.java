package io.wellspring.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ScrubberTest {
    private static final Duration INTERVAL = Duration.ofDays(7);

    @TempDir
    Path directory;

    private final List<PartitionLog> open = new ArrayList<>();

    @Test
    void aLogThatOpensAfterTheFirstPassHasItsTurnToo() throws IOException {
        try (StoreFixture fixture = new StoreFixture(new DiskLogFiles(), directory);
                Scrubber scrubber = scrubber(fixture)) {
            PartitionLog log = written(fixture);
            damage();

            scrubber.pass();
            assertThat(log.isOffline()).isFalse();
            open.add(log);
            scrubber.pass();

            assertThat(log.isOffline()).isTrue();
        }
    }

    @Test
    void aLogIsReadAgainWhenTheIntervalIsOver() throws IOException {
        try (StoreFixture fixture = new StoreFixture(new DiskLogFiles(), directory);
                Scrubber scrubber = scrubber(fixture)) {
            PartitionLog log = written(fixture);
            open.add(log);
            scrubber.pass();
            damage();

            fixture.timers.advance(INTERVAL.minusSeconds(1));
            scrubber.pass();
            assertThat(log.isOffline()).isFalse();
            fixture.timers.advance(Duration.ofSeconds(1));
            scrubber.pass();

            assertThat(log.isOffline()).isTrue();
        }
    }

    private Scrubber scrubber(StoreFixture fixture) {
        LogEnvironment environment = StoreFixture.environment(new DiskLogFiles(), fixture.timers);
        return new Scrubber(() -> List.copyOf(open), environment, Long.MAX_VALUE, INTERVAL);
    }

    private static PartitionLog written(StoreFixture fixture) throws IOException {
        PartitionLog log = fixture.create(StoreFixture.ORDERS);
        for (int i = 0; i < 20; i++) {
            StoreFixture.append(log, 3);
        }
        log.flush();
        return log;
    }

    private void damage() throws IOException {
        Path first = directory.resolve("orders-0/00000000000000000000.log");
        byte[] bytes = Files.readAllBytes(first);
        bytes[200] ^= 4;
        Files.write(first, bytes);
    }
}
