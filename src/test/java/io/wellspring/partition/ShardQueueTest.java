package io.wellspring.partition;

import static org.assertj.core.api.Assertions.assertThat;

import io.wellspring.model.TopicPartition;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

final class ShardQueueTest {
    private static final TopicPartition ANY = new TopicPartition("orders", 0);

    private static PartitionAppend append(int sizeBytes) {
        return new PartitionAppend(ANY, PartitionRig.TOPIC_ID, List.of(TestBatches.large(sizeBytes)), -1L);
    }

    private static ShardQueue.Command<Integer> command() {
        return new ShardQueue.Command<>(() -> 1, new CompletableFuture<>());
    }

    private static List<ShardQueue.Work> taken(ShardQueue queue) {
        List<ShardQueue.Work> group = new ArrayList<>();
        assertThat(queue.take(group)).isTrue();
        return group;
    }

    @Test
    void refusesTheAppendAboveTheCountAndTakesItAfterARound() {
        ShardQueue queue = new ShardQueue(2, 1_000_000);
        assertThat(queue.offer(append(100))).isTrue();
        assertThat(queue.offer(append(100))).isTrue();
        assertThat(queue.offer(append(100))).isFalse();
        assertThat(taken(queue)).hasSize(2);
        assertThat(queue.offer(append(100))).isTrue();
    }

    @Test
    void takesAsManyBytesAsTheLimitAndNotOneMore() {
        ShardQueue queue = new ShardQueue(100, 1_000);
        assertThat(queue.offer(append(600))).isTrue();
        assertThat(queue.offer(append(401))).isFalse();
        assertThat(queue.offer(append(400))).isTrue();
        assertThat(queue.sizeBytes()).isEqualTo(1_000);
    }

    @Test
    void anAppendLargerThanTheLimitGoesAlone() {
        ShardQueue queue = new ShardQueue(100, 1_000);
        assertThat(queue.offer(append(5_000))).isTrue();
        assertThat(queue.offer(append(100))).isFalse();
    }

    @Test
    void everythingUpToTheNextCommandIsOneGroup() {
        ShardQueue queue = new ShardQueue(100, 1_000_000);
        PartitionAppend first = append(100);
        PartitionAppend second = append(100);
        PartitionAppend third = append(100);
        ShardQueue.Command<Integer> command = command();
        List.of(first, second).forEach(queue::offer);
        queue.offer(command);
        queue.offer(third);
        assertThat(taken(queue)).containsExactly(first, second);
        assertThat(taken(queue)).containsExactly(command);
        assertThat(taken(queue)).containsExactly(third);
    }

    @Test
    void aQueueFullOfAppendsStillTakesCommands() {
        ShardQueue queue = new ShardQueue(1, 1_000_000);
        queue.offer(append(100));
        assertThat(queue.offer(command())).isTrue();
        assertThat(queue.offer(command())).isFalse();
    }

    @Test
    void aQueueFullOfBytesStillTakesCommands() {
        ShardQueue queue = new ShardQueue(100, 1_000);
        queue.offer(append(5_000));
        assertThat(queue.offer(command())).isTrue();
    }

    @Test
    void aClosedQueueGivesOutWhatWaitsAndThenNothing() {
        ShardQueue queue = new ShardQueue(10, 1_000_000);
        PartitionAppend waiting = append(100);
        queue.offer(waiting);
        queue.close();
        assertThat(queue.offer(append(100))).isFalse();
        assertThat(taken(queue)).containsExactly(waiting);
        assertThat(queue.take(new ArrayList<>())).isFalse();
    }

    @Test
    void aGroupHasNothingOfTheOneBefore() {
        ShardQueue queue = new ShardQueue(10, 1_000_000);
        PartitionAppend append = append(100);
        List<ShardQueue.Work> group = new ArrayList<>(List.of(command(), command()));
        queue.offer(append);
        assertThat(queue.take(group)).isTrue();
        assertThat(group).containsExactly(append);
    }

    @Test
    void entriesCloseBeforeTheyGrowPastTheirTarget() {
        int half = ShardEntry.TARGET_SIZE_BYTES / 2;
        List<ShardEntry> entries =
                ShardEntry.pack(List.of(append(half), append(half), append(half + 1), append(3 * half), append(half)));
        assertThat(entries).extracting(entry -> entry.appends().size()).containsExactly(2, 1, 1, 1);
        assertThat(entries).extracting(ShardEntry::sizeBytes).containsExactly(2L * half, half + 1L, 3L * half, (long)
                half);
    }
}
