package io.wellspring.coordinator.group;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.wellspring.testing.TestCore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.message.ApiMessageType;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.FindCoordinatorResponseData;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopics;
import org.apache.kafka.common.message.OffsetFetchResponseData;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseGroup;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Groups that cannot be loaded, or whose library stops, at first. */
final class GroupLoadTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @TempDir
    Path directory = Path.of("");

    private TestCore start() {
        return TestCore.withGroups(directory, Map.of("wellspring.groups.offsets-topic-partitions", 1));
    }

    private static Errors commit(TestCore core, long offset) {
        core.ask(
                ApiMessageType.FIND_COORDINATOR,
                4,
                new FindCoordinatorRequestData().setCoordinatorKeys(List.of("readers")),
                new FindCoordinatorResponseData());
        OffsetCommitResponseData response = core.ask(
                ApiMessageType.OFFSET_COMMIT,
                9,
                new OffsetCommitRequestData()
                        .setGroupId("readers")
                        .setTopics(List.of(new OffsetCommitRequestTopic()
                                .setName("orders")
                                .setPartitions(List.of(new OffsetCommitRequestPartition()
                                        .setPartitionIndex(0)
                                        .setCommittedOffset(offset))))),
                new OffsetCommitResponseData());
        return Errors.forCode(
                response.topics().getFirst().partitions().getFirst().errorCode());
    }

    private static OffsetFetchResponseGroup fetch(TestCore core) {
        return core.ask(
                        ApiMessageType.OFFSET_FETCH,
                        9,
                        new OffsetFetchRequestData()
                                .setGroups(List.of(new OffsetFetchRequestGroup()
                                        .setGroupId("readers")
                                        .setTopics(List.of(new OffsetFetchRequestTopics()
                                                .setName("orders")
                                                .setPartitionIndexes(List.of(0)))))),
                        new OffsetFetchResponseData())
                .groups()
                .getFirst();
    }

    @Test
    void groupsThatCouldNotBeReadAreReadAgainLater() throws IOException {
        try (TestCore core = start()) {
            core.createTopic("orders", 1, Map.of());
            await().atMost(LIMIT).until(() -> commit(core, 42L) == Errors.NONE);
        }
        Path file = directory.resolve("__consumer_offsets-0").resolve("00000000000000000000.log");
        byte[] good = Files.readAllBytes(file);
        byte[] bad = good.clone();
        bad[good.length - 1] ^= 1;
        Files.write(file, bad);

        try (TestCore core = start()) {
            await().atMost(LIMIT).until(() -> Errors.forCode(fetch(core).errorCode()) == Errors.NOT_COORDINATOR);

            Files.write(file, good);

            await().atMost(LIMIT).until(() -> {
                core.time().advance(Duration.ofSeconds(10));
                return fetch(core).errorCode() == Errors.NONE.code();
            });
            assertThat(fetch(core).topics().getFirst().partitions().getFirst().committedOffset())
                    .isEqualTo(42L);
        }
    }

    @Test
    void groupsAreCoordinatedOnceTheirLogCanBeMade() throws IOException {
        try (TestCore core = start()) {
            core.createTopic("orders", 1, Map.of());
            Path inTheWay = Files.createFile(directory.resolve("__consumer_offsets-0"));
            assertThat(commit(core, 1L)).isEqualTo(Errors.NOT_COORDINATOR);

            Files.delete(inTheWay);

            await().atMost(LIMIT).until(() -> {
                core.time().advance(Duration.ofSeconds(30));
                return commit(core, 1L) == Errors.NONE;
            });
        }
    }

    @Test
    void shardGoesOnWhenTheLibraryThrowsAtACommit() {
        try (TestCore core = start()) {
            core.createTopic("orders", 1, Map.of());
            await().atMost(LIMIT).until(() -> commit(core, 1L) == Errors.NONE);
            GroupLogWriter writer = core.bean(GroupLogWriter.class);
            int[] told = {0};
            writer.registerListener(
                    new org.apache.kafka.common.TopicPartition("__wellspring_catalog", 0), (partition, offset) -> {
                        told[0]++;
                        throw new IllegalStateException("closed");
                    });

            core.createTopic("one", 1, Map.of());
            core.createTopic("two", 1, Map.of());

            assertThat(told[0]).isEqualTo(2);
            assertThat(core.partition("__wellspring_catalog", 0).offlineReason())
                    .isNull();
        }
    }
}
