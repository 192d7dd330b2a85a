package io.wellspring.management;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.wellspring.coordinator.group.GroupLag;
import io.wellspring.model.TopicPartition;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

final class GroupLagMetersTest {
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private CompletionStage<List<GroupLag>> told = CompletableFuture.completedFuture(List.of());
    private final GroupLagMeters meters = new GroupLagMeters(() -> told, registry);

    private static GroupLag group(String name, int partitionCount) {
        List<GroupLag.OfPartition> partitions = new ArrayList<>();
        for (int i = 0; i < partitionCount; i++) {
            partitions.add(new GroupLag.OfPartition(new TopicPartition("orders", i), 10L, 15L, 15L, 1000L * (i + 1)));
        }
        return new GroupLag(name, "Classic", "Empty", partitions);
    }

    private Collection<Gauge> lags() {
        return registry.find("wellspring.group.lag").gauges();
    }

    private double leftOut() {
        return registry.get("wellspring.group.lag.left.out").gauge().value();
    }

    @Test
    void partitionsOfATopicAreOneRowAndLongNamesAreCountedNotShown() {
        told = CompletableFuture.completedFuture(List.of(
                group("readers", 2),
                group("n".repeat(GroupLagMeters.NAME_LENGTH_MOST), 1),
                group("n".repeat(GroupLagMeters.NAME_LENGTH_MOST + 1), 1)));

        meters.look();

        assertThat(lags()).hasSize(2);
        assertThat(registry.get("wellspring.group.lag")
                        .tags("group", "readers", "topic", "orders")
                        .gauge()
                        .value())
                .isEqualTo(10.0);
        assertThat(leftOut()).isEqualTo(1.0);
    }

    @Test
    void rowsEndAtTheBoundAndTheRestIsCounted() {
        List<GroupLag> groups = new ArrayList<>();
        for (int i = 0; i < GroupLagMeters.ROWS_MOST + 3; i++) {
            groups.add(group("group%05d".formatted(i), 1));
        }
        told = CompletableFuture.completedFuture(groups);

        meters.look();

        assertThat(lags()).hasSize(GroupLagMeters.ROWS_MOST);
        assertThat(leftOut()).isEqualTo(3.0);
    }

    @Test
    void failedLookIsFollowedByAnother() {
        told = CompletableFuture.failedFuture(new IllegalStateException("not now"));
        meters.look();
        told = CompletableFuture.completedFuture(List.of(group("readers", 1)));

        meters.look();

        assertThat(lags()).hasSize(1);
    }

    @Test
    void ageThatIsNotKnownIsNoNumberAndGroupsThatWentAreNotShown() {
        told = CompletableFuture.completedFuture(List.of(new GroupLag(
                "readers",
                "Classic",
                "Empty",
                List.of(new GroupLag.OfPartition(
                        new TopicPartition("orders", 0), 10L, 15L, 15L, GroupLag.UNKNOWN_MS)))));
        meters.look();
        assertThat(registry.get("wellspring.group.lag").gauge().value()).isEqualTo(5.0);
        assertThat(registry.get("wellspring.group.lag.time").gauge().value()).isNaN();

        told = CompletableFuture.completedFuture(List.of());
        meters.look();

        assertThat(lags()).isEmpty();
    }

    /** One that takes longer than the time between two of them. */
    @Test
    void oneLookIsUnderWayAtATime() {
        CompletableFuture<List<GroupLag>> slow = new CompletableFuture<>();
        told = slow;
        meters.look();
        told = CompletableFuture.completedFuture(List.of(group("readers", 1)));
        meters.look();
        assertThat(lags()).isEmpty();

        slow.complete(List.of());
        meters.look();

        assertThat(lags()).hasSize(1);
    }
}
