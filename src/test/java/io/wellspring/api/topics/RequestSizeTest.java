package io.wellspring.api.topics;

import static io.wellspring.api.topics.TopicHandlersTest.context;
import static io.wellspring.api.topics.TopicHandlersTest.done;
import static org.assertj.core.api.Assertions.assertThat;

import io.wellspring.api.ApiProperties;
import io.wellspring.coordinator.group.GroupSettingSource;
import io.wellspring.model.NodeId;
import io.wellspring.testing.InMemoryTopics;
import io.wellspring.topic.GroupSettingCommands;
import io.wellspring.topic.TopicCommands;
import io.wellspring.topic.TopicLimits;
import io.wellspring.topic.TopicsProperties;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.message.AlterConfigsRequestData;
import org.apache.kafka.common.message.CreatePartitionsRequestData;
import org.apache.kafka.common.message.CreatePartitionsRequestData.CreatePartitionsTopic;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.DeleteTopicsRequestData;
import org.apache.kafka.common.message.DeleteTopicsRequestData.DeleteTopicState;
import org.apache.kafka.common.message.DescribeConfigsRequestData;
import org.apache.kafka.common.message.DescribeConfigsRequestData.DescribeConfigsResource;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.util.unit.DataSize;

/** Requests that name very many things: at the limit each is decided for itself, above it none is looked at. */
final class RequestSizeTest {
    private static final int MOST = 20;
    private static final ApiProperties API =
            new ApiProperties(MOST, DataSize.ofMegabytes(55), Duration.ofMinutes(5), 10, 10, Duration.ofMinutes(2));

    /** Asks for so many things that are not there, and gives the errors. */
    record Asking(String api, IntFunction<List<Errors>> ask) {
        @Override
        public String toString() {
            return api;
        }
    }

    static Stream<Asking> requests() {
        InMemoryTopics topics = new InMemoryTopics();
        TopicCommands commands = new TopicCommands(new NodeId(1), new TopicLimits(1, 10, 100));
        BrokerConfigs brokers = new BrokerConfigs(new NodeId(1), List.of());
        LoggerConfigs loggers = new LoggerConfigs(new NoLoggers());
        ConfigChanges changes = new ConfigChanges(
                topics, commands, new GroupSettingCommands(GroupSettingSource.ofDefaults()), brokers, loggers);
        TopicsProperties properties = new TopicsProperties(true, true, 1, 10, 100, Map.of());
        CreateTopicsHandler create = new CreateTopicsHandler(topics, commands, API);
        CreatePartitionsHandler grow = new CreatePartitionsHandler(topics, commands, API);
        DeleteTopicsHandler delete = new DeleteTopicsHandler(topics, commands, properties, API);
        DescribeConfigsHandler describe =
                new DescribeConfigsHandler(topics, brokers, loggers, GroupSettingSource.ofDefaults(), API);
        AlterConfigsHandler alter = new AlterConfigsHandler(changes, API);
        IncrementalAlterConfigsHandler change = new IncrementalAlterConfigsHandler(changes, API);
        return Stream.of(
                new Asking(
                        "CreateTopics",
                        count -> errors(done(create.handle(context(7), createTopics(count))).topics().stream()
                                .map(result -> result.errorCode()))),
                new Asking(
                        "CreatePartitions",
                        count -> errors(done(grow.handle(context(3), createPartitions(count))).results().stream()
                                .map(result -> result.errorCode()))),
                new Asking(
                        "DeleteTopics",
                        count -> errors(done(delete.handle(context(6), deleteTopics(count))).responses().stream()
                                .map(result -> result.errorCode()))),
                new Asking(
                        "DescribeConfigs",
                        count -> errors(done(describe.handle(context(4), describeConfigs(count))).results().stream()
                                .map(result -> result.errorCode()))),
                new Asking(
                        "AlterConfigs",
                        count -> errors(done(alter.handle(context(2), alterConfigs(count))).responses().stream()
                                .map(result -> result.errorCode()))),
                new Asking(
                        "IncrementalAlterConfigs",
                        count -> errors(
                                done(change.handle(context(1), incrementalAlterConfigs(count))).responses().stream()
                                        .map(result -> result.errorCode()))));
    }

    @ParameterizedTest
    @MethodSource("requests")
    void asManyAsAllowedAreDecidedOneByOneAndOneMoreRefusesAll(Asking asking) {
        assertThat(asking.ask().apply(MOST)).hasSize(MOST).doesNotContain(Errors.POLICY_VIOLATION);
        assertThat(asking.ask().apply(MOST + 1)).hasSize(MOST + 1).containsOnly(Errors.POLICY_VIOLATION);
    }

    private static List<Errors> errors(Stream<Short> codes) {
        return codes.map(Errors::forCode).toList();
    }

    private static Stream<String> names(int count) {
        return IntStream.range(0, count).mapToObj(i -> "no-such-" + i);
    }

    private static CreateTopicsRequestData createTopics(int count) {
        CreateTopicsRequestData request = new CreateTopicsRequestData().setTimeoutMs(1000);
        // Each is refused for its number of partitions, and none adds to the partitions of the request.
        names(count)
                .forEach(name -> request.topics()
                        .add(new CreatableTopic()
                                .setName(name)
                                .setNumPartitions(-7)
                                .setReplicationFactor((short) 1)));
        return request;
    }

    private static CreatePartitionsRequestData createPartitions(int count) {
        CreatePartitionsRequestData request = new CreatePartitionsRequestData().setTimeoutMs(1000);
        names(count)
                .forEach(name -> request.topics()
                        .add(new CreatePartitionsTopic()
                                .setName(name)
                                .setCount(2)
                                .setAssignments(null)));
        return request;
    }

    private static DeleteTopicsRequestData deleteTopics(int count) {
        return new DeleteTopicsRequestData()
                .setTimeoutMs(1000)
                .setTopics(names(count)
                        .map(name -> new DeleteTopicState().setName(name))
                        .toList());
    }

    private static DescribeConfigsRequestData describeConfigs(int count) {
        return new DescribeConfigsRequestData()
                .setResources(names(count)
                        .map(name -> new DescribeConfigsResource()
                                .setResourceType(ConfigResource.Type.GROUP.id())
                                .setResourceName(name))
                        .toList());
    }

    private static AlterConfigsRequestData alterConfigs(int count) {
        AlterConfigsRequestData request = new AlterConfigsRequestData();
        names(count)
                .forEach(name -> request.resources()
                        .add(new AlterConfigsRequestData.AlterConfigsResource()
                                .setResourceType(ConfigResource.Type.TOPIC.id())
                                .setResourceName(name)));
        return request;
    }

    private static IncrementalAlterConfigsRequestData incrementalAlterConfigs(int count) {
        IncrementalAlterConfigsRequestData request = new IncrementalAlterConfigsRequestData();
        names(count)
                .forEach(name -> request.resources()
                        .add(new IncrementalAlterConfigsRequestData.AlterConfigsResource()
                                .setResourceType(ConfigResource.Type.TOPIC.id())
                                .setResourceName(name)));
        return request;
    }

    private static final class NoLoggers implements LoggerLevels {
        @Override
        public Map<String, String> levels() {
            return new TreeMap<>();
        }

        @Override
        public boolean exists(String logger) {
            return false;
        }

        @Override
        public void set(String logger, @Nullable String level) {}
    }
}
