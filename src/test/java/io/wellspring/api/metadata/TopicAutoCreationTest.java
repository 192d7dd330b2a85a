package io.wellspring.api.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import io.wellspring.model.NodeId;
import io.wellspring.topic.CatalogDecision;
import io.wellspring.topic.TopicCatalog;
import io.wellspring.topic.TopicCommands;
import io.wellspring.topic.TopicLimits;
import io.wellspring.topic.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class TopicAutoCreationTest {
    private final SlowTopics topics = new SlowTopics();
    private final TopicAutoCreation creation =
            new TopicAutoCreation(topics, new TopicCommands(new NodeId(1), new TopicLimits(1, 1, 1)), true);

    @Test
    void aNameIsUnderWayOnceAtATime() {
        creation.begin("orders");
        creation.begin("orders");
        assertThat(topics.proposals).hasSize(1);

        topics.proposals.getFirst().complete(null);
        creation.begin("orders");

        assertThat(topics.proposals).hasSize(2);
    }

    @Test
    void aFailureMakesRoomForTheNextTry() {
        creation.begin("orders");

        topics.proposals.getFirst().completeExceptionally(new IllegalStateException("disk"));
        creation.begin("orders");

        assertThat(topics.proposals).hasSize(2);
    }

    @Test
    void noMoreAreUnderWayThanTheLimit() {
        for (int i = 0; i <= TopicAutoCreation.UNDER_WAY_MOST; i++) {
            creation.begin("orders-" + i);
        }

        assertThat(topics.proposals).hasSize(TopicAutoCreation.UNDER_WAY_MOST);
    }

    /** Answers when the test says so. */
    private static final class SlowTopics implements Topics {
        private final List<CompletableFuture<CatalogDecision.@Nullable Refused>> proposals = new ArrayList<>();

        @Override
        public TopicCatalog catalog() {
            return TopicCatalog.EMPTY;
        }

        @Override
        public CompletionStage<CatalogDecision.@Nullable Refused> propose(
                Function<TopicCatalog, CatalogDecision> command, Duration timeout) {
            CompletableFuture<CatalogDecision.@Nullable Refused> answer = new CompletableFuture<>();
            proposals.add(answer);
            return answer;
        }

        @Override
        public void subscribe(Runnable listener) {
            throw new UnsupportedOperationException("nobody subscribes here");
        }
    }
}
