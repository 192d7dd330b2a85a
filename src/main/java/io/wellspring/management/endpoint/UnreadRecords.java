package io.wellspring.management.endpoint;

import io.wellspring.coordinator.group.GroupLag;
import io.wellspring.coordinator.group.GroupLags;
import io.wellspring.coordinator.group.GroupsUnavailableException;
import java.util.List;
import java.util.function.ToLongFunction;
import reactor.core.publisher.Mono;

/** Groups that would lose records which they have not read. Threads: any. */
final class UnreadRecords {
    /** More groups are not looked at: the answer stays small. */
    static final int GROUPS_MOST = 10_000;

    private final GroupLags lags;

    UnreadRecords(GroupLags lags) {
        this.lags = lags;
    }

    /**
     * One group.
     *
     * @param records offsets that it has not read and could not any more
     */
    record Loser(String group, long records) {}

    /**
     * The groups that have committed offsets and would lose something.
     *
     * @param lostOf how many records one partition of a group loses
     */
    Mono<List<Loser>> losers(ToLongFunction<GroupLag.OfPartition> lostOf) {
        return Mono.fromCompletionStage(() -> lags.all(GROUPS_MOST))
                .onErrorMap(
                        GroupsUnavailableException.class,
                        later -> Refusals.unavailable(String.valueOf(later.getMessage()), later))
                .map(groups -> groups.stream()
                        .map(group -> new Loser(
                                group.groupId(),
                                group.partitions().stream().mapToLong(lostOf).sum()))
                        .filter(loser -> loser.records() > 0)
                        .toList());
    }
}
