package io.wellspring.api.groups;

import static org.assertj.core.api.Assertions.assertThat;

import io.wellspring.model.NodeId;
import io.wellspring.testing.InMemoryTopics;
import io.wellspring.testing.ManualTimers;
import io.wellspring.topic.CatalogDecision;
import io.wellspring.topic.TopicCatalog;
import io.wellspring.topic.TopicCommands;
import io.wellspring.topic.TopicLimits;
import io.wellspring.topic.Topics;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopicConfig;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopicConfigCollection;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class StreamsTopicsTest {
    private static final Duration REST = Duration.ofSeconds(10);

    private final ManualTimers time = new ManualTimers();
    private final TopicCommands commands = new TopicCommands(new NodeId(1), new TopicLimits(1, 10, 100));

    private static CreatableTopic topic(String name, String policy) {
        CreatableTopicConfigCollection configs = new CreatableTopicConfigCollection();
        configs.add(new CreatableTopicConfig().setName("cleanup.policy").setValue(policy));
        return new CreatableTopic()
                .setName(name)
                .setNumPartitions(2)
                .setReplicationFactor((short) -1)
                .setConfigs(configs);
    }

    @Test
    void topicsAreMadeWithTheirSettings() {
        InMemoryTopics topics = new InMemoryTopics();
        StreamsTopics streams = new StreamsTopics(topics, commands, new TopicFailures(time));

        streams.begin(List.of(topic("counts-changelog", "compact")), REST);

        assertThat(topics.catalog().find("counts-changelog")).satisfies(made -> {
            assertThat(made.partitionCount()).isEqualTo(2);
            assertThat(made.settings().isCompacted()).isTrue();
        });
    }

    @Test
    void refusalIsToldUntilTheTopicIsThere() {
        StreamsTopics streams = new StreamsTopics(new InMemoryTopics(), commands, new TopicFailures(time));
        CreatableTopic wrong = topic("counts-changelog", "shred");
        CreatableTopic right = topic("counts-changelog", "compact");

        streams.begin(List.of(wrong), REST);
        assertThat(streams.refusals(List.of(wrong, topic("other", "compact"))))
                .hasEntrySatisfying(
                        "counts-changelog", reason -> assertThat(reason).contains("cleanup.policy"))
                .hasSize(1);

        time.advance(REST);
        streams.begin(List.of(right), REST);
        assertThat(streams.refusals(List.of(right))).isEmpty();
        streams.begin(List.of(right), REST);
        assertThat(streams.refusals(List.of(right))).as("it is there").isEmpty();
    }

    @Test
    void aTopicIsUnderWayOnceAndOnlySoManyAre() {
        AtomicInteger proposals = new AtomicInteger();
        Topics busy = new Topics() {
            @Override
            public TopicCatalog catalog() {
                return TopicCatalog.EMPTY;
            }

            @Override
            public CompletionStage<CatalogDecision.@Nullable Refused> propose(
                    Function<TopicCatalog, CatalogDecision> command, Duration timeout) {
                proposals.incrementAndGet();
                return new CompletableFuture<>();
            }

            @Override
            public void subscribe(Runnable listener) {}
        };
        StreamsTopics streams = new StreamsTopics(busy, commands, new TopicFailures(time));
        List<CreatableTopic> many = IntStream.range(0, StreamsTopics.UNDER_WAY_MOST + 1)
                .mapToObj(index -> topic("t" + index, "compact"))
                .toList();

        streams.begin(many.subList(0, 1), REST);
        streams.begin(many.subList(0, 1), REST);
        assertThat(proposals).hasValue(1);
        streams.begin(many, REST);
        assertThat(proposals).hasValue(StreamsTopics.UNDER_WAY_MOST);
    }
}
