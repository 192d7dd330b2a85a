package io.wellspring.coordinator.group;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.wellspring.model.NodeId;
import io.wellspring.testing.SlowTopics;
import io.wellspring.topic.Topic;
import io.wellspring.topic.TopicCommands;
import io.wellspring.topic.TopicLimits;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

final class OffsetsTopicTest {
    private static final int SEGMENT_BYTES = 2 << 20;

    private final SlowTopics topics = new SlowTopics();

    private OffsetsTopic topic(int partitionCount, int partitionsMost) {
        return new OffsetsTopic(
                topics,
                new TopicCommands(new NodeId(1), new TopicLimits(1, partitionsMost, partitionsMost)),
                partitionCount,
                SEGMENT_BYTES);
    }

    @Test
    void aThousandCallersAtOnceMakeItOnce() {
        OffsetsTopic topic = topic(50, 1000);
        Queue<CompletableFuture<Boolean>> callers = new ConcurrentLinkedQueue<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            for (int i = 0; i < 1000; i++) {
                threads.execute(() -> callers.add(topic.make().toCompletableFuture()));
            }
        }
        assertThat(topics.proposals()).hasSize(1);

        topics.decide(topics.proposals().getFirst());

        assertThat(callers).hasSize(1000).allMatch(CompletableFuture::join);
        assertThat(topic.make().toCompletableFuture().join()).isTrue();
        assertThat(topics.proposals()).hasSize(1);
    }

    @Test
    void itIsCompactedAndHasTheConfiguredSize() {
        OffsetsTopic topic = topic(7, 1000);
        assertThat(topic.exists()).isFalse();
        assertThat(topic.partitionCount()).isEqualTo(7);
        topic.make();
        topics.decide(topics.proposals().getFirst());

        Topic made = requireNonNull(topics.catalog().find(OffsetsTopic.NAME));
        assertThat(made.partitionCount()).isEqualTo(7);
        assertThat(made.settings().overrides())
                .containsEntry("cleanup.policy", "compact")
                .containsEntry("compression.type", "producer")
                .containsEntry("segment.bytes", Integer.toString(SEGMENT_BYTES));
    }

    /** The partition of a group is a matter of the topic that is there, whatever is configured since. */
    @Test
    void topicThatIsThereKeepsItsPartitions() {
        topic(3, 1000).make();
        topics.decide(topics.proposals().getFirst());

        assertThat(topic(50, 1000).exists()).isTrue();
        assertThat(topic(50, 1000).partitionCount()).isEqualTo(3);
    }

    @Test
    void refusalAndFailureAreToldAndTheNextCallerTriesAgain() {
        OffsetsTopic topic = topic(50, 10);
        CompletableFuture<Boolean> refused = topic.make().toCompletableFuture();
        topics.decide(topics.proposals().getLast());
        assertThat(refused.join()).isFalse();

        CompletableFuture<Boolean> failed = topic.make().toCompletableFuture();
        topics.proposals().getLast().answer().completeExceptionally(new IllegalStateException("disk"));
        assertThat(failed.join()).isFalse();

        assertThat(topic.make().toCompletableFuture()).isNotDone();
        assertThat(topics.proposals()).hasSize(3);
    }
}
