package io.wellspring;

import static io.wellspring.testing.TestGroups.CLASSIC;
import static io.wellspring.testing.TestGroups.CONSUMER;
import static io.wellspring.testing.TestGroups.awaitShared;
import static io.wellspring.testing.TestGroups.awaitWith;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wellspring.testing.GroupMember;
import io.wellspring.testing.JavaClients;
import io.wellspring.testing.TestBroker;
import io.wellspring.testing.TestGroups;
import io.wellspring.testing.WireClient;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.NoOffsetForPartitionException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.OffsetMetadataTooLarge;
import org.apache.kafka.common.errors.UnknownMemberIdException;
import org.apache.kafka.common.message.ApiMessageType;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where a group stands: commits, positions, and where it begins without either. Java consumers of both protocols. */
final class GroupCommitsIT {
    /** The last version that names topics by name. */
    private static final short COMMIT_VERSION = 9;

    /** Kafka's default, offset.metadata.max.bytes. */
    private static final int METADATA_MOST = 4096;

    private static TestBroker broker;
    private static TestGroups groups;

    @BeforeAll
    static void start() {
        broker = TestBroker.start(TestGroups.quickBroker());
        groups = new TestGroups(broker.bootstrapServers());
    }

    @AfterAll
    static void stop() {
        groups.close();
        broker.close();
    }

    @AfterEach
    void leave() {
        groups.closeMembers();
    }

    @ParameterizedTest
    @ValueSource(strings = {CLASSIC, CONSUMER})
    void commitsAreAnsweredInTheirOrderAndTheLastOneWins(String protocol) throws Exception {
        String topic = "ordered-" + protocol;
        GroupMember member = sole(protocol, topic, 200);
        TopicPartition partition = new TopicPartition(topic, 0);
        List<Long> answered = new ArrayList<>();
        List<Exception> failures = new ArrayList<>();
        for (long offset = 1; offset <= 100; offset++) {
            // Some go back: the last one wins, not the largest.
            long committed = offset % 10 == 0 ? 200 - offset : offset;
            member.consumer().commitAsync(Map.of(partition, new OffsetAndMetadata(committed)), (offsets, failure) -> {
                if (failure != null) {
                    failures.add(failure);
                }
                offsets.values().forEach(one -> answered.add(one.offset()));
            });
        }
        member.consumer().commitSync(Map.of(partition, new OffsetAndMetadata(42)));

        assertThat(failures).isEmpty();
        assertThat(answered)
                .as("before a later synchronous commit returns")
                .isEqualTo(IntStream.rangeClosed(1, 100)
                        .mapToObj(offset -> (long) (offset % 10 == 0 ? 200 - offset : offset))
                        .toList());
        assertThat(groups.committed(topic)).isEqualTo(Map.of(partition, 42L));

        member.consumer()
                .commitAsync(Map.of(partition, new OffsetAndMetadata(7)), (offsets, failure) -> answered.add(-1L));
        awaitWith(List.of(member), () -> answered.getLast() == -1L);
        assertThat(groups.committed(topic)).isEqualTo(Map.of(partition, 7L));
    }

    @ParameterizedTest
    @ValueSource(strings = {CLASSIC, CONSUMER})
    void metadataIsKeptWithTheOffsetUpToItsLimit(String protocol) throws Exception {
        String topic = "metadata-" + protocol;
        GroupMember member = sole(protocol, topic, 10);
        TopicPartition partition = new TopicPartition(topic, 0);
        String longest = "é" + "m".repeat(METADATA_MOST - 1);
        OffsetAndMetadata told = new OffsetAndMetadata(5, Optional.of(0), longest);
        member.consumer().commitSync(Map.of(partition, told));
        assertThat(member.consumer().committed(Set.of(partition))).isEqualTo(Map.of(partition, told));
        assertThat(groups.admin()
                        .listConsumerGroupOffsets(topic)
                        .partitionsToOffsetAndMetadata()
                        .get())
                .isEqualTo(Map.of(partition, told));

        assertThatThrownBy(() ->
                        member.consumer().commitSync(Map.of(partition, new OffsetAndMetadata(6, longest + "m"))))
                .isInstanceOf(OffsetMetadataTooLarge.class);
        assertThat(groups.committed(topic)).isEqualTo(Map.of(partition, 5L));
    }

    @ParameterizedTest
    @ValueSource(strings = {CLASSIC, CONSUMER})
    void automaticCommitsAreMadeFromTimeToTimeAndAtTheEnd(String protocol) throws Exception {
        String topic = "automatic-" + protocol;
        groups.topic(topic, 2);
        groups.send(topic, 2, 10);
        GroupMember frequent = groups.member(
                        protocol, topic, Map.of("enable.auto.commit", "true", "auto.commit.interval.ms", "100"))
                .subscribe(topic);
        awaitWith(
                List.of(frequent),
                () -> List.copyOf(groups.committed(topic).values()).equals(List.of(10L, 10L)));
        frequent.close();

        groups.send(topic, 2, 5);
        GroupMember seldom = groups.member(
                        protocol, topic, Map.of("enable.auto.commit", "true", "auto.commit.interval.ms", "600000"))
                .subscribe(topic);
        awaitWith(List.of(seldom), () -> seldom.readCount() == 10);
        assertThat(groups.committed(topic).values()).containsExactly(10L, 10L);
        seldom.close();
        assertThat(groups.committed(topic).values()).containsExactly(15L, 15L);
    }

    @ParameterizedTest
    @ValueSource(strings = {CLASSIC, CONSUMER})
    void strangersDoNotCommitForALivingGroup(String protocol) throws Exception {
        String topic = "strangers-" + protocol;
        GroupMember member = sole(protocol, topic, 10);
        TopicPartition partition = new TopicPartition(topic, 0);
        Map<TopicPartition, OffsetAndMetadata> offsets = Map.of(partition, new OffsetAndMetadata(1));
        member.consumer().commitSync(offsets);

        GroupMember stranger = groups.member(protocol, topic);
        stranger.consumer().assign(List.of(partition));
        Map<TopicPartition, OffsetAndMetadata> other = Map.of(partition, new OffsetAndMetadata(2));
        assertThatThrownBy(() -> stranger.consumer().commitSync(other)).isInstanceOf(CommitFailedException.class);
        assertThatThrownBy(() -> groups.admin()
                        .alterConsumerGroupOffsets(topic, other)
                        .all()
                        .get())
                .hasCauseInstanceOf(UnknownMemberIdException.class);
        assertThat(groups.committed(topic)).isEqualTo(Map.of(partition, 1L));
    }

    @ParameterizedTest
    @ValueSource(strings = {CLASSIC, CONSUMER})
    void commitsOfAnotherGenerationOrMemberAreRefused(String protocol) throws Exception {
        String topic = "generations-" + protocol;
        ConsumerGroupMetadata told = sole(protocol, topic, 10).consumer().groupMetadata();
        Errors stale = protocol.equals(CLASSIC) ? Errors.ILLEGAL_GENERATION : Errors.STALE_MEMBER_EPOCH;
        int generation = told.generationId();

        assertThat(commit(topic, told.memberId(), generation + 1)).isEqualTo(stale);
        assertThat(commit(topic, told.memberId(), generation - 1)).isEqualTo(stale);
        assertThat(commit(topic, "somebody", generation)).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
        assertThat(commit(topic, "", -1)).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
        assertThat(groups.committed(topic)).isEmpty();
        assertThat(commit(topic, told.memberId(), generation)).isEqualTo(Errors.NONE);
        assertThat(groups.committed(topic)).hasSize(1);
    }

    private static Errors commit(String topic, String memberId, int generation) throws IOException {
        try (WireClient client = new WireClient(broker.bootstrapServers())) {
            OffsetCommitRequestData request = new OffsetCommitRequestData()
                    .setGroupId(topic)
                    .setMemberId(memberId)
                    .setGenerationIdOrMemberEpoch(generation)
                    .setTopics(List.of(new OffsetCommitRequestTopic()
                            .setName(topic)
                            .setPartitions(List.of(new OffsetCommitRequestPartition()
                                    .setPartitionIndex(0)
                                    .setCommittedOffset(3)))));
            OffsetCommitResponseData response =
                    client.call(ApiMessageType.OFFSET_COMMIT, COMMIT_VERSION, request, new OffsetCommitResponseData());
            return Errors.forCode(
                    response.topics().getFirst().partitions().getFirst().errorCode());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {CLASSIC, CONSUMER})
    void membersGoWhereTheySeek(String protocol) throws Exception {
        String topic = "seeks-" + protocol;
        GroupMember member = sole(protocol, topic, 20);
        TopicPartition partition = new TopicPartition(topic, 0);
        KafkaConsumer<byte[], byte[]> consumer = member.consumer();

        consumer.seek(partition, 15);
        awaitWith(List.of(member), () -> member.readCount() == 25);
        assertThat(member.read(partition).subList(20, 25)).containsExactly(15L, 16L, 17L, 18L, 19L);
        consumer.seekToBeginning(List.of(partition));
        assertThat(consumer.position(partition)).isZero();
        awaitWith(List.of(member), () -> member.readCount() == 45);
        consumer.seek(partition, 3);
        consumer.seekToEnd(List.of(partition));
        assertThat(consumer.position(partition)).isEqualTo(20);
        consumer.commitSync();
        assertThat(groups.committed(topic)).isEqualTo(Map.of(partition, 20L));
    }

    @ParameterizedTest
    @ValueSource(strings = {CLASSIC, CONSUMER})
    void pausedPartitionsAreNotReadButKept(String protocol) throws Exception {
        String topic = "pauses-" + protocol;
        groups.topic(topic, 2);
        GroupMember member = groups.member(protocol, topic).subscribe(topic);
        awaitShared(2, member);
        TopicPartition paused = new TopicPartition(topic, 0);
        TopicPartition other = new TopicPartition(topic, 1);
        member.consumer().pause(List.of(paused));
        groups.send(topic, 2, 10);
        awaitWith(List.of(member), () -> member.read(other).size() == 10);
        groups.send(topic, 2, 10);
        awaitWith(List.of(member), () -> member.read(other).size() == 20);

        assertThat(member.read(paused)).isEmpty();
        assertThat(member.owned()).hasSize(2);
        member.consumer().resume(List.of(paused));
        awaitWith(List.of(member), () -> member.read(paused).size() == 20);
    }

    @ParameterizedTest
    @ValueSource(strings = {CLASSIC, CONSUMER})
    void groupWithoutOffsetsBeginsWhereItsPolicySays(String protocol) throws Exception {
        String topic = "begins-" + protocol;
        groups.topic(topic, 1);
        TopicPartition partition = new TopicPartition(topic, 0);
        sendAged(topic, Duration.ofHours(2), 4);
        sendAged(topic, Duration.ZERO, 6);

        assertThat(beginning(protocol, partition, "earliest")).isZero();
        assertThat(beginning(protocol, partition, "latest")).isEqualTo(10);
        assertThat(beginning(protocol, partition, "by_duration:PT1H")).isEqualTo(4);
        assertThat(beginning(protocol, partition, "by_duration:P1D")).isZero();
        assertThatThrownBy(() -> beginning(protocol, partition, "none"))
                .isInstanceOf(NoOffsetForPartitionException.class);
        groups.commit(topic + "-none", topic, 1, 7);
        assertThat(beginning(protocol, partition, "none")).isEqualTo(7);
        // Behind the end there is nothing to read on from.
        groups.commit(topic + "-behind", topic, 1, 1000);
        GroupMember behind = groups.member(protocol, topic + "-behind").subscribe(topic);
        awaitWith(List.of(behind), () -> behind.readCount() == 10);
    }

    private static void sendAged(String topic, Duration age, int count) {
        try (KafkaProducer<byte[], byte[]> producer = JavaClients.producer(groups.bootstrap(), Map.of())) {
            for (int i = 0; i < count; i++) {
                long timestamp = System.currentTimeMillis() - age.toMillis();
                var _ = producer.send(new ProducerRecord<>(topic, 0, timestamp, null, new byte[1]));
            }
        }
    }

    /** Where a new member begins. */
    private static long beginning(String protocol, TopicPartition partition, String policy) {
        String group = partition.topic() + "-" + policy.replace(":", "-");
        try (GroupMember member = groups.member(protocol, group, Map.of("auto.offset.reset", policy))) {
            member.subscribe(partition.topic());
            awaitWith(List.of(member), () -> !member.owned().isEmpty());
            return member.consumer().position(partition) - member.readCount();
        }
    }

    /** The one member of a group of its own, with one partition that holds so many records, after it has read them. */
    private static GroupMember sole(String protocol, String topic, int records)
            throws ExecutionException, InterruptedException {
        groups.topic(topic, 1);
        groups.send(topic, 1, records);
        GroupMember member = groups.member(protocol, topic).subscribe(topic);
        // Till then its look-up of the committed offset may be under way, whose answer would be told for a later one.
        awaitWith(List.of(member), () -> member.readCount() == records);
        return member;
    }
}
