package io.wellspring.api.groups;

import static io.wellspring.api.groups.GroupCore.errorOf;
import static io.wellspring.api.groups.GroupCore.range;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.kafka.common.message.ApiMessageType;
import org.apache.kafka.common.message.DescribeGroupsRequestData;
import org.apache.kafka.common.message.DescribeGroupsResponseData;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.FindCoordinatorResponseData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.message.OffsetDeleteRequestData;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestPartition;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestTopic;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestTopicCollection;
import org.apache.kafka.common.message.OffsetDeleteResponseData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopics;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseGroup;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Requests about groups at their limits. */
final class GroupRequestLimitsTest {
    @TempDir
    private static Path directory = Path.of("");

    private static @Nullable GroupCore running;

    @BeforeAll
    static void start() {
        running = new GroupCore(directory);
    }

    @AfterAll
    static void stop() {
        groups().close();
    }

    private static GroupCore groups() {
        if (running == null) {
            throw new IllegalStateException("not started");
        }
        return running;
    }

    @Test
    void groupThatIsNamedTwiceIsToldOnce() {
        OffsetFetchRequestGroup all =
                new OffsetFetchRequestGroup().setGroupId("readers").setTopics(null);

        List<OffsetFetchResponseGroup> answers = groups().fetch(8, List.of(all, all.duplicate()));

        assertThat(answers).extracting(GroupCore::errorOf).containsExactly(Errors.NONE, Errors.INVALID_REQUEST);
        assertThat(groups().ask(
                                ApiMessageType.DESCRIBE_GROUPS,
                                5,
                                new DescribeGroupsRequestData().setGroups(List.of("readers", "readers", "others")),
                                new DescribeGroupsResponseData())
                        .groups())
                .extracting(group -> group.groupId())
                .containsExactlyInAnyOrder("readers", "others");
    }

    @ParameterizedTest
    @CsvSource({"20, NONE", "21, INVALID_REQUEST"})
    void requestsThatNameMorePartitionsThanAllowedAreRefused(int count, Errors expected) {
        List<Integer> indexes = IntStream.range(0, count).boxed().toList();
        OffsetCommitResponseData committed = groups().ask(
                        ApiMessageType.OFFSET_COMMIT,
                        9,
                        new OffsetCommitRequestData()
                                .setGroupId("readers")
                                .setTopics(List.of(new OffsetCommitRequestTopic()
                                        .setName("orders")
                                        .setPartitions(indexes.stream()
                                                .map(index -> new OffsetCommitRequestPartition()
                                                        .setPartitionIndex(index)
                                                        .setCommittedOffset(10L))
                                                .toList()))),
                        new OffsetCommitResponseData());
        // The group counts as one.
        List<OffsetFetchResponseGroup> fetched = groups().fetch(
                        9,
                        List.of(new OffsetFetchRequestGroup()
                                .setGroupId("readers")
                                .setTopics(List.of(new OffsetFetchRequestTopics()
                                        .setName("orders")
                                        .setPartitionIndexes(indexes.subList(1, count))))));
        OffsetDeleteRequestTopicCollection topics = new OffsetDeleteRequestTopicCollection();
        topics.add(new OffsetDeleteRequestTopic()
                .setName("orders")
                .setPartitions(indexes.stream()
                        .map(index -> new OffsetDeleteRequestPartition().setPartitionIndex(100 + index))
                        .toList()));
        OffsetDeleteResponseData deleted = groups().ask(
                        ApiMessageType.OFFSET_DELETE,
                        0,
                        new OffsetDeleteRequestData().setGroupId("readers").setTopics(topics),
                        new OffsetDeleteResponseData());
        FindCoordinatorResponseData found = groups().ask(
                        ApiMessageType.FIND_COORDINATOR,
                        4,
                        new FindCoordinatorRequestData()
                                .setCoordinatorKeys(indexes.stream()
                                        .map(index -> "group" + index)
                                        .toList()),
                        new FindCoordinatorResponseData());

        assertThat(committed.topics().getFirst().partitions())
                .filteredOn(partition -> partition.partitionIndex() == 0)
                .extracting(partition -> Errors.forCode(partition.errorCode()))
                .containsExactly(expected);
        assertThat(errorOf(fetched.getFirst())).isEqualTo(expected);
        assertThat(Errors.forCode(deleted.errorCode())).isEqualTo(expected);
        assertThat(Errors.forCode(found.coordinators().getFirst().errorCode())).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"10, NONE", "11, OFFSET_METADATA_TOO_LARGE"})
    void textWithAnOffsetIsTakenUpToItsBound(int length, Errors expected) {
        OffsetCommitResponseData response = groups().ask(
                        ApiMessageType.OFFSET_COMMIT,
                        9,
                        new OffsetCommitRequestData()
                                .setGroupId("talkative")
                                .setTopics(List.of(new OffsetCommitRequestTopic()
                                        .setName("orders")
                                        .setPartitions(List.of(new OffsetCommitRequestPartition()
                                                .setPartitionIndex(0)
                                                .setCommittedOffset(1L)
                                                .setCommittedMetadata("x".repeat(length)))))),
                        new OffsetCommitResponseData());

        assertThat(errorOf(response)).isEqualTo(expected);
    }

    @Test
    void groupThatIsFullTakesNoMoreMembers() {
        JoinGroupRequestData joining = new JoinGroupRequestData()
                .setGroupId("full")
                .setSessionTimeoutMs(10_000)
                .setRebalanceTimeoutMs(10_000)
                .setProtocolType("consumer")
                .setProtocols(range());

        JoinGroupResponseData first =
                groups().ask(ApiMessageType.JOIN_GROUP, 3, joining.duplicate(), new JoinGroupResponseData());
        JoinGroupResponseData second = groups().ask(ApiMessageType.JOIN_GROUP, 3, joining, new JoinGroupResponseData());

        assertThat(Errors.forCode(first.errorCode())).isEqualTo(Errors.NONE);
        assertThat(Errors.forCode(second.errorCode())).isEqualTo(Errors.GROUP_MAX_SIZE_REACHED);
    }
}
