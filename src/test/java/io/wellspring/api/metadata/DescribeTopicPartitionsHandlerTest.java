package io.wellspring.api.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import io.wellspring.api.metadata.ReplicaStates.ReplicaState;
import io.wellspring.model.NodeId;
import io.wellspring.model.TopicId;
import io.wellspring.testing.InMemoryTopics;
import io.wellspring.topic.NewTopic;
import io.wellspring.topic.TopicCommands;
import io.wellspring.topic.TopicLimits;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.message.DescribeTopicPartitionsRequestData;
import org.apache.kafka.common.message.DescribeTopicPartitionsRequestData.Cursor;
import org.apache.kafka.common.message.DescribeTopicPartitionsRequestData.TopicRequest;
import org.apache.kafka.common.message.DescribeTopicPartitionsResponseData;
import org.apache.kafka.common.message.DescribeTopicPartitionsResponseData.DescribeTopicPartitionsResponseTopic;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

final class DescribeTopicPartitionsHandlerTest {
    private final InMemoryTopics topics = new InMemoryTopics();
    private final DescribeTopicPartitionsHandler handler = new DescribeTopicPartitionsHandler(
            topics, (topic, partition) -> new ReplicaState(0, true), Requests.IDENTITY.nodeId());

    @Test
    void pagesThroughAllTopicsInOrderOfTheirNames() {
        create("b", 3);
        create("a", 2);
        create("c", 1);

        DescribeTopicPartitionsResponseData first = ask(limit(4));
        assertThat(contents(first)).containsExactly("a:[0, 1]", "b:[0, 1]");
        assertThat(first.nextCursor().topicName()).isEqualTo("b");
        assertThat(first.nextCursor().partitionIndex()).isEqualTo(2);

        DescribeTopicPartitionsResponseData second = ask(limit(4).setCursor(cursor("b", 2)));
        assertThat(contents(second)).containsExactly("b:[2]", "c:[0]");
        assertThat(second.nextCursor()).isNull();
    }

    @Test
    void aFullPageEndsBeforeTheNextTopic() {
        create("a", 2);
        create("b", 1);

        DescribeTopicPartitionsResponseData page = ask(limit(2));

        assertThat(contents(page)).containsExactly("a:[0, 1]");
        assertThat(page.nextCursor().topicName()).isEqualTo("b");
        assertThat(page.nextCursor().partitionIndex()).isZero();
    }

    @Test
    void aPageHoldsAtLeastOnePartitionAndAtMostTheLimit() {
        create("big", DescribeTopicPartitionsHandler.PAGE_LARGEST + 1);

        assertThat(ask(limit(0)).topics().find("big").partitions()).hasSize(1);
        assertThat(ask(limit(-1)).topics().find("big").partitions()).hasSize(1);
        assertThat(ask(limit(Integer.MAX_VALUE)).topics().find("big").partitions())
                .hasSize(DescribeTopicPartitionsHandler.PAGE_LARGEST);
    }

    @Test
    void aCursorFarBehindTheLastPartitionFindsNothing() {
        create("a", 2);

        DescribeTopicPartitionsResponseData page = ask(limit(10).setCursor(cursor("a", Integer.MAX_VALUE)));

        assertThat(contents(page)).containsExactly("a:[]");
        assertThat(page.nextCursor()).isNull();
    }

    @Test
    void unknownTopicsAreNamedWithTheirError() {
        DescribeTopicPartitionsResponseData page = ask(limit(10).setTopics(named("gone", "a b", "gone")));

        assertThat(page.topics()).hasSize(2);
        assertThat(page.topics().find("gone").errorCode()).isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION.code());
        assertThat(page.topics().find("a b").errorCode()).isEqualTo(Errors.INVALID_TOPIC_EXCEPTION.code());
    }

    @Test
    void refusesACursorThatPointsElsewhere() {
        create("a", 2);

        assertThat(ask(limit(1).setTopics(named("a")).setCursor(cursor("b", 0)))
                        .topics()
                        .find("a")
                        .errorCode())
                .isEqualTo(Errors.INVALID_REQUEST.code());
        assertThat(ask(limit(1).setTopics(named("a")).setCursor(cursor("a", -1)))
                        .topics()
                        .find("a")
                        .errorCode())
                .isEqualTo(Errors.INVALID_REQUEST.code());
    }

    private void create(String name, int partitionCount) {
        TopicCommands commands = new TopicCommands(new NodeId(1), new TopicLimits(1, 10_000, 100_000));
        NewTopic wanted = new NewTopic(name, TopicId.random(), partitionCount, -1, List.of(), Map.of());
        assertThat(topics.propose(commands.create(wanted), Duration.ofSeconds(1))
                        .toCompletableFuture()
                        .join())
                .isNull();
    }

    private DescribeTopicPartitionsResponseData ask(DescribeTopicPartitionsRequestData request) {
        return handler.handle(Requests.version(0), request)
                .toCompletableFuture()
                .join();
    }

    private static DescribeTopicPartitionsRequestData limit(int partitions) {
        return new DescribeTopicPartitionsRequestData().setResponsePartitionLimit(partitions);
    }

    private static Cursor cursor(String topic, int partition) {
        return new Cursor().setTopicName(topic).setPartitionIndex(partition);
    }

    private static List<TopicRequest> named(String... names) {
        return Arrays.stream(names)
                .map(name -> new TopicRequest().setName(name))
                .toList();
    }

    private static List<String> contents(DescribeTopicPartitionsResponseData page) {
        return page.topics().stream()
                .map(DescribeTopicPartitionsHandlerTest::content)
                .toList();
    }

    private static String content(DescribeTopicPartitionsResponseTopic topic) {
        return topic.name() + ":"
                + topic.partitions().stream()
                        .map(partition -> partition.partitionIndex())
                        .toList();
    }
}
