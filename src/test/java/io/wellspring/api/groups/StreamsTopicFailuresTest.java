package io.wellspring.api.groups;

import static org.assertj.core.api.Assertions.assertThat;

import io.wellspring.model.NodeId;
import io.wellspring.testing.InMemoryTopics;
import io.wellspring.testing.ManualTimers;
import io.wellspring.topic.TopicCommands;
import io.wellspring.topic.TopicLimits;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopicConfig;
import org.apache.kafka.common.message.StreamsGroupHeartbeatResponseData;
import org.apache.kafka.common.requests.StreamsGroupHeartbeatResponse;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Internal topics of streams groups that cannot be made: the group is told why, and they are tried again. */
final class StreamsTopicFailuresTest {
    private static final Duration REST = Duration.ofSeconds(10);

    private final ManualTimers time = new ManualTimers();
    private final InMemoryTopics catalog = new InMemoryTopics();
    private final TopicFailures failures = new TopicFailures(time);
    private final StreamsTopics topics =
            new StreamsTopics(catalog, new TopicCommands(new NodeId(1), new TopicLimits(1, 100, 200)), failures);

    @Test
    void topicsAreMadeAsTheGroupAsks() {
        topics.begin(List.of(topic("a-changelog", 3, -1, "cleanup.policy", "compact")), REST);

        assertThat(catalog.catalog().find("a-changelog")).satisfies(made -> {
            assertThat(made.partitionCount()).isEqualTo(3);
            assertThat(made.settings().overrides()).containsExactly(Map.entry("cleanup.policy", "compact"));
        });
        assertThat(refusal("a-changelog")).isNull();
    }

    @Test
    void oneThatIsThereAlreadyIsNoFailure() {
        topics.begin(List.of(topic("a-changelog", 3, -1, "cleanup.policy", "compact")), REST);
        topics.begin(List.of(topic("a-changelog", 3, -1, "cleanup.policy", "compact")), REST);

        assertThat(refusal("a-changelog")).isNull();
    }

    @Test
    void whatCannotBeMadeIsToldAndDoesNotHoldUpTheOthers() {
        topics.begin(
                List.of(
                        topic("a", 1, -1, "cleanup.policy", "compress"),
                        topic("b", 1, 3, "cleanup.policy", "compact"),
                        topic("c", 101, -1, "cleanup.policy", "compact"),
                        topic("d", 1, -1, "cleanup.policy", "compact")),
                REST);

        assertThat(refusal("a")).contains("cleanup.policy");
        assertThat(refusal("b")).containsIgnoringCase("replication factor");
        assertThat(refusal("c")).contains("100");
        assertThat(refusal("d")).isNull();
        assertThat(catalog.catalog().find("d")).isNotNull();
    }

    @Test
    void afterAFailureTheTopicIsLeftAloneAndThenTriedAgain() {
        topics.begin(List.of(topic("a", 1, -1, "cleanup.policy", "compress")), REST);
        CreatableTopic mended = topic("a", 1, -1, "cleanup.policy", "compact");

        time.advance(REST.minusNanos(1));
        topics.begin(List.of(mended), REST);
        assertThat(catalog.catalog().find("a")).isNull();
        assertThat(refusal("a")).isNotNull();

        time.advance(Duration.ofNanos(1));
        assertThat(refusal("a")).isNull();
        topics.begin(List.of(mended), REST);
        assertThat(catalog.catalog().find("a")).isNotNull();
    }

    @Test
    void failuresAreBoundedAndTheOneThatWouldGoNextMakesRoom() {
        failures.add("longest", "long", REST.multipliedBy(2));
        failures.add("shortest", "short", REST.dividedBy(2));
        for (int i = failures.count(); i < TopicFailures.MOST; i++) {
            failures.add("topic-" + i, "failed", REST);
        }
        assertThat(failures.of("shortest")).isEqualTo("short");

        failures.add("one more", "failed too", REST);

        assertThat(failures.count()).isEqualTo(TopicFailures.MOST);
        assertThat(failures.of("shortest")).isNull();
        assertThat(failures.of("one more")).isEqualTo("failed too");

        time.advance(REST);
        failures.add("after all", "failed", REST);
        assertThat(failures.count()).isEqualTo(2);
        assertThat(failures.of("longest")).isEqualTo("long");
    }

    @Test
    void theStatusTellsThreeFailuresAndCountsTheRest() {
        StreamsGroupHeartbeatResponseData response = response();
        Map<String, String> told = new TreeMap<>(Map.of("a", "no", "b", "never", "c", "not so"));

        StreamsGroupHeartbeatHandler.tellRefusals(response, told);
        assertThat(response.status().getFirst().statusDetail()).isEqualTo("stale");
        assertThat(response.status().getLast().statusDetail())
                .isEqualTo("Internal topics are missing: [a, b]; Creation failed: a (no), b (never), c (not so).");

        told.put("d", "nor this");
        StreamsGroupHeartbeatResponseData more = response();
        StreamsGroupHeartbeatHandler.tellRefusals(more, told);
        assertThat(more.status().getLast().statusDetail())
                .endsWith("; Creation failed: a (no), b (never), c (not so) and 1 more.");
    }

    @Test
    void nothingIsToldWithoutFailuresOrWithoutTheStatus() {
        StreamsGroupHeartbeatResponseData response = response();
        StreamsGroupHeartbeatHandler.tellRefusals(response, Map.of());
        assertThat(response).isEqualTo(response());

        StreamsGroupHeartbeatResponseData without = new StreamsGroupHeartbeatResponseData();
        StreamsGroupHeartbeatHandler.tellRefusals(without, Map.of("a", "no"));
        assertThat(without).isEqualTo(new StreamsGroupHeartbeatResponseData());
    }

    private @Nullable String refusal(String topic) {
        return topics.refusals(List.of(new CreatableTopic().setName(topic))).get(topic);
    }

    private static StreamsGroupHeartbeatResponseData response() {
        return new StreamsGroupHeartbeatResponseData()
                .setStatus(List.of(
                        status(StreamsGroupHeartbeatResponse.Status.STALE_TOPOLOGY, "stale"),
                        status(
                                StreamsGroupHeartbeatResponse.Status.MISSING_INTERNAL_TOPICS,
                                "Internal topics are missing: [a, b]")));
    }

    private static StreamsGroupHeartbeatResponseData.Status status(
            StreamsGroupHeartbeatResponse.Status status, String detail) {
        return new StreamsGroupHeartbeatResponseData.Status()
                .setStatusCode(status.code())
                .setStatusDetail(detail);
    }

    private static CreatableTopic topic(String name, int partitions, int copies, String setting, String value) {
        CreatableTopic topic =
                new CreatableTopic().setName(name).setNumPartitions(partitions).setReplicationFactor((short) copies);
        topic.configs().add(new CreatableTopicConfig().setName(setting).setValue(value));
        return topic;
    }
}
