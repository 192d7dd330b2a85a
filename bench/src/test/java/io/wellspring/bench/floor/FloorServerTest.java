package io.wellspring.bench.floor;

import static org.assertj.core.api.Assertions.assertThat;

import io.wellspring.bench.broker.Floor;
import io.wellspring.bench.broker.Programs;
import io.wellspring.bench.broker.RunningBroker;
import io.wellspring.bench.broker.Setup;
import io.wellspring.bench.load.BatchShape;
import io.wellspring.bench.load.Codec;
import io.wellspring.bench.load.FetchLoad;
import io.wellspring.bench.load.FloorControl;
import io.wellspring.bench.load.LoadResult;
import io.wellspring.bench.load.Pace;
import io.wellspring.bench.load.ProduceLoad;
import io.wellspring.bench.load.Topic;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The load and the floor against each other, over real sockets between two processes. */
final class FloorServerTest {
    private static final Topic TOPIC = new Topic("t", Uuid.randomUuid(), 3);
    private static final BatchShape SHAPE = new BatchShape(Codec.NONE, 16 * 1024, 1000);

    @TempDir
    Path directory;

    private RunningBroker floor;

    @BeforeEach
    void start() throws IOException {
        Programs programs = new Programs(
                Path.of(System.getProperty("java.home"), "bin", "java"),
                "64m",
                Path.of("none"),
                Programs.Extras.NONE,
                "none",
                Programs.Extras.NONE);
        floor = new Floor(programs).launch(Files.createDirectory(directory.resolve("data")), Setup.DISK);
        floor.awaitPort();
    }

    @AfterEach
    void end() throws IOException {
        floor.close();
    }

    @Test
    void whatIsProducedLiesInFilesAndCanBeFetchedWhole() throws IOException {
        ProduceLoad load = new ProduceLoad(floor.address(), TOPIC, SHAPE, 4);
        LoadResult result = load.run(new Pace.Bytes(2_000_000));
        assertThat(result.sizeBytes()).isGreaterThanOrEqualTo(1_900_000);
        assertThat(filesSize()).isEqualTo(result.sizeBytes());
        FetchLoad.Result read = new FetchLoad(floor.address(), TOPIC, false).run(2, result::sizeBytes);
        assertThat(read.sizeBytes()).isEqualTo(2 * result.sizeBytes());

        FloorControl.clear(floor.address());
        assertThat(filesSize()).isZero();
    }

    @Test
    void pacedLoadSendsWhatWasPlannedAndCountsItsLatencies() throws IOException {
        ProduceLoad load = new ProduceLoad(floor.address(), TOPIC, SHAPE, 2);
        LoadResult result = load.run(new Pace.Rate(1_600_000, Duration.ofMillis(100), Duration.ofMillis(400)));
        assertThat(result.requestCount()).isBetween(38L, 42L);
        assertThat(result.latencies().count()).isEqualTo(result.requestCount());
        assertThat(result.latencyMs(0)).isPositive();
    }

    @Test
    void costsOfItsProcessCanBeRead() throws IOException {
        long before = floor.allocatedBytes();
        new ProduceLoad(floor.address(), TOPIC, SHAPE, 1).run(new Pace.Bytes(1_000_000));
        assertThat(floor.allocatedBytes()).isGreaterThan(before);
        assertThat(floor.cost().residentBytes()).isPositive();
    }

    private long filesSize() throws IOException {
        try (var files = Files.list(floor.data())) {
            return files.mapToLong(file -> file.toFile().length()).sum();
        }
    }
}
