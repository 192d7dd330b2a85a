package io.wellspring.management;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.wellspring.management.DirectoryMeters.Directory;
import io.wellspring.network.NetworkMetrics.RefusedConnection;
import io.wellspring.partition.AppendRefusal;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class MetersTest {
    private final MeterRegistry registry = new SimpleMeterRegistry();

    @Test
    void everyMeterHasItsOwnNameAndSaysWhatItIs() {
        assertThat(Arrays.stream(MeterCatalog.values()).map(MeterCatalog::meter))
                .doesNotHaveDuplicates()
                .allMatch(name -> name.matches("wellspring(\\.[a-z]+)+"));
        assertThat(Arrays.stream(MeterCatalog.values()).map(MeterCatalog::description))
                .doesNotHaveDuplicates();
    }

    @Test
    void countsAppendsByTopicUpToTheLimit() {
        PartitionMeters meters = new PartitionMeters(registry);
        for (int i = 0; i < PartitionMeters.TOPICS_MOST + 2; i++) {
            meters.appended("topic-" + i, 3, 100);
        }

        assertThat(bytes("topic-0")).isEqualTo(100);
        assertThat(bytes(PartitionMeters.OTHER)).isEqualTo(200);
        assertThat(registry.find(MeterCatalog.TOPIC_BYTES.meter()).counters()).hasSize(PartitionMeters.TOPICS_MOST + 1);
    }

    private double bytes(String topic) {
        return registry.get(MeterCatalog.TOPIC_BYTES.meter())
                .tag("topic", topic)
                .counter()
                .count();
    }

    @Test
    void countsRefusalsByReasonAndShowsQueues() {
        PartitionMeters meters = new PartitionMeters(registry);
        meters.refused(AppendRefusal.DISK_FULL);
        meters.queued(1, 5, 500);
        meters.queued(1, 2, 200);

        assertThat(registry.get(MeterCatalog.APPENDS_REFUSED.meter())
                        .tag("reason", "disk_full")
                        .counter()
                        .count())
                .isEqualTo(1);
        assertThat(registry.get(MeterCatalog.QUEUE_BYTES.meter())
                        .tag("shard", "1")
                        .gauge()
                        .value())
                .isEqualTo(200);
    }

    @Test
    void countsOpenConnectionsAndWhyOthersWereNotLetIn() {
        NetworkMeters meters = new NetworkMeters(registry);
        meters.connectionOpened("PLAINTEXT");
        meters.connectionOpened("PLAINTEXT");
        meters.connectionClosed("PLAINTEXT");
        meters.connectionRefused("PLAINTEXT", RefusedConnection.TOO_MANY);

        assertThat(registry.get(MeterCatalog.CONNECTIONS.meter()).gauge().value())
                .isEqualTo(1);
        assertThat(registry.get(MeterCatalog.CONNECTIONS_OPENED.meter())
                        .counter()
                        .count())
                .isEqualTo(2);
        assertThat(registry.get(MeterCatalog.CONNECTIONS_REFUSED.meter())
                        .tag("reason", "too_many")
                        .counter()
                        .count())
                .isEqualTo(1);
    }

    @Test
    void timesRequestsByApi() {
        RequestMeters meters = new RequestMeters(registry);
        meters.answered("Produce", 2_000_000);
        meters.answered("Fetch", 3_000_000);

        var timer = registry.get(MeterCatalog.REQUESTS.meter())
                .tag("api", "Produce")
                .timer();
        assertThat(timer.count()).isEqualTo(1);
        assertThat(timer.takeSnapshot().histogramCounts()).hasSizeLessThan(20);
    }

    @Test
    void looksAtTheDirectoriesOnceForAllGaugesOfAScrape() {
        AtomicInteger looks = new AtomicInteger();
        AtomicLong now = new AtomicLong();
        DirectoryMeters meters = new DirectoryMeters(
                () -> {
                    int look = looks.incrementAndGet();
                    return List.of(new Directory("/data", "", 1000, 1000 - look, 2, 30));
                },
                now::get);
        meters.register(registry);

        assertThat(usable()).isEqualTo(999);
        assertThat(usable()).isEqualTo(999);
        now.addAndGet(1_000_000_001L);
        assertThat(usable()).isEqualTo(998);
    }

    private double usable() {
        return registry.get(MeterCatalog.DIRECTORY_USABLE.meter()).gauge().value();
    }
}
