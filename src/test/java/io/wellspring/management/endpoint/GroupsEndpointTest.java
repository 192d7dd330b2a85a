package io.wellspring.management.endpoint;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wellspring.coordinator.group.GroupLag;
import io.wellspring.coordinator.group.GroupsUnavailableException;
import io.wellspring.model.TopicPartition;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpStatus;
import org.springframework.web.server.ResponseStatusException;

final class GroupsEndpointTest {
    private final List<GroupLag> groups = new ArrayList<>();
    private final GroupsEndpoint endpoint = new GroupsEndpoint(
            most -> CompletableFuture.completedFuture(
                    groups.stream().limit(most).toList()),
            name -> CompletableFuture.<@Nullable GroupLag>completedFuture(groups.stream()
                    .filter(group -> group.groupId().equals(name))
                    .findFirst()
                    .orElse(null)));

    @Test
    void noMoreGroupsAreToldThanTheLimit() {
        for (int i = 0; i <= GroupsEndpoint.GROUPS_MOST; i++) {
            groups.add(new GroupLag("group-" + i, "Classic", "Empty", List.of()));
        }

        assertThat(requireNonNull(endpoint.all().block()).groups()).hasSize(GroupsEndpoint.GROUPS_MOST);
        String last = "group-" + GroupsEndpoint.GROUPS_MOST;
        assertThat(requireNonNull(endpoint.one(last).block()).group()).isEqualTo(last);
    }

    @Test
    void groupIsToldByPartitionAndInAll() {
        groups.add(new GroupLag("readers", "Consumer", "Stable", List.of(lag(0, 3, 2000L), lag(1, 9, 5000L))));

        GroupsEndpoint.Detail detail = requireNonNull(endpoint.one("readers").block());

        assertThat(detail.lag()).isEqualTo(8L);
        assertThat(detail.lagSeconds()).isEqualTo(5.0);
        assertThat(detail.partitions())
                .containsExactly(
                        new GroupsEndpoint.PartitionLag("orders", 0, 3, 10, 8, 7, 5, 2.0),
                        new GroupsEndpoint.PartitionLag("orders", 1, 9, 10, 8, 1, 0, 5.0));
    }

    @Test
    void ageThatIsNotKnownIsLeftOpen() {
        groups.add(new GroupLag("readers", "Consumer", "Stable", List.of(lag(0, 3, GroupLag.UNKNOWN_MS))));

        GroupsEndpoint.Detail detail = requireNonNull(endpoint.one("readers").block());

        assertThat(detail.lagSeconds()).isNull();
        assertThat(detail.partitions().getFirst().lagSeconds()).isNull();
        assertThat(detail.partitions().getFirst().lag()).isEqualTo(7L);
    }

    @Test
    void groupThatIsNotThereIsNoAnswer() {
        assertThat(endpoint.one("nobody").block()).isNull();
    }

    @Test
    void groupsThatCannotBeToldYetAreAskedForLater() {
        GroupsUnavailableException loading = new GroupsUnavailableException("they are being loaded");
        GroupsEndpoint early = new GroupsEndpoint(
                most -> CompletableFuture.failedFuture(new CompletionException(loading)),
                name -> CompletableFuture.failedFuture(new CompletionException(loading)));

        assertThatThrownBy(() -> early.all().block())
                .isInstanceOfSatisfying(
                        ResponseStatusException.class,
                        refusal -> assertThat(refusal.getStatusCode()).isEqualTo(HttpStatus.SERVICE_UNAVAILABLE));
        assertThatThrownBy(() -> early.one("readers").block())
                .isInstanceOfSatisfying(
                        ResponseStatusException.class,
                        refusal -> assertThat(refusal.getStatusCode()).isEqualTo(HttpStatus.SERVICE_UNAVAILABLE));
    }

    private static GroupLag.OfPartition lag(int index, long committed, long lagMs) {
        return new GroupLag.OfPartition(new TopicPartition("orders", index), committed, 10L, 8L, lagMs);
    }
}
