package io.wellspring.management.endpoint;

import io.wellspring.coordinator.group.GroupLag;
import io.wellspring.coordinator.group.GroupsUnavailableException;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.http.HttpStatus;
import org.springframework.web.server.ResponseStatusException;
import reactor.core.publisher.Mono;

/**
 * {@code /actuator/groups}: the groups and how far they are behind; {@code /actuator/groups/{id}}: one of them, by partition. Computed when asked;
 * 503 while groups are being loaded.
 * Threads: the management server's; the work is done elsewhere.
 */
@Endpoint(id = "groups")
final class GroupsEndpoint {
    /** More are not shown: the answer stays readable, and small. */
    static final int GROUPS_MOST = 1000;

    private final IntFunction<CompletionStage<List<GroupLag>>> all;
    private final Function<String, CompletionStage<@Nullable GroupLag>> one;

    /**
     * @param all tells of groups by name, at most as many as it is given
     * @param one null for a group that is not there
     */
    GroupsEndpoint(
            IntFunction<CompletionStage<List<GroupLag>>> all,
            Function<String, CompletionStage<@Nullable GroupLag>> one) {
        this.all = all;
        this.one = one;
    }

    /**
     * All groups.
     *
     * @param groups by name, at most {@value #GROUPS_MOST}
     */
    record Summary(List<GroupSummary> groups) {}

    /**
     * @param lag records not read, over all partitions
     * @param lagSeconds age of the oldest of them, null: it could not be read just now
     */
    record GroupSummary(
            String group,
            String type,
            String state,
            long lag,
            @Nullable Double lagSeconds) {}

    /** One group. */
    record Detail(
            String group,
            String type,
            String state,
            long lag,
            @Nullable Double lagSeconds,
            List<PartitionLag> partitions) {}

    /**
     * @param lag records between what was committed and the end
     * @param stableLag the same, without records of transactions that are not decided
     */
    record PartitionLag(
            String topic,
            int partition,
            long committedOffset,
            long endOffset,
            long lastStableOffset,
            long lag,
            long stableLag,
            @Nullable Double lagSeconds) {}

    @ReadOperation
    Mono<Summary> all() {
        return Mono.fromCompletionStage(() -> all.apply(GROUPS_MOST))
                .onErrorMap(GroupsUnavailableException.class, GroupsEndpoint::later)
                .map(groups -> new Summary(groups.stream()
                        .map(group -> new GroupSummary(
                                group.groupId(), group.type(), group.state(), group.lag(), seconds(group.lagMs())))
                        .toList()));
    }

    @ReadOperation
    Mono<Detail> one(@Selector String group) {
        return Mono.fromCompletionStage(() -> one.apply(group))
                .onErrorMap(GroupsUnavailableException.class, GroupsEndpoint::later)
                .mapNotNull(GroupsEndpoint::detail);
    }

    private static ResponseStatusException later(GroupsUnavailableException reason) {
        return new ResponseStatusException(HttpStatus.SERVICE_UNAVAILABLE, reason.getMessage(), reason);
    }

    private static @Nullable Detail detail(@Nullable GroupLag group) {
        if (group == null) {
            return null;
        }
        List<PartitionLag> partitions = group.partitions().stream()
                .map(lag -> new PartitionLag(
                        lag.partition().topic(),
                        lag.partition().partition(),
                        lag.committedOffset(),
                        lag.endOffset(),
                        lag.stableOffset(),
                        lag.lag(),
                        lag.stableLag(),
                        seconds(lag.lagMs())))
                .toList();
        return new Detail(
                group.groupId(), group.type(), group.state(), group.lag(), seconds(group.lagMs()), partitions);
    }

    private static @Nullable Double seconds(long millis) {
        return millis == GroupLag.UNKNOWN_MS ? null : millis / 1000.0;
    }
}
