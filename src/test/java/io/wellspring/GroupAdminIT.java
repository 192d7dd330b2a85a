package io.wellspring;

import static io.wellspring.testing.TestGroups.CLASSIC;
import static io.wellspring.testing.TestGroups.CONSUMER;
import static io.wellspring.testing.TestGroups.awaitShared;
import static io.wellspring.testing.TestGroups.awaitWith;
import static io.wellspring.testing.TestGroups.partitions;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wellspring.testing.GroupMember;
import io.wellspring.testing.GroupMember.Kind;
import io.wellspring.testing.TestBroker;
import io.wellspring.testing.TestGroups;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.DescribeConsumerGroupsOptions;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.ListGroupsOptions;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.admin.MemberToRemove;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.GroupType;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.GroupNotEmptyException;
import org.apache.kafka.common.errors.GroupSubscribedToTopicException;
import org.apache.kafka.common.errors.UnknownMemberIdException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an administrator sees of groups and does to them, through the Java client. */
final class GroupAdminIT {
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
    void groupsAreDeletedOnlyWithoutMembers(String protocol) throws Exception {
        String topic = "deleted-" + protocol;
        GroupMember member = ready(protocol, topic, Map.of());
        member.consumer().commitSync();
        assertThatThrownBy(() -> delete(topic)).hasCauseInstanceOf(GroupNotEmptyException.class);
        assertThat(groups.committed(topic)).hasSize(2);
        member.consumer().commitSync();

        member.close();
        delete(topic);
        assertThat(groups.committed(topic)).isEmpty();
        assertThatThrownBy(() -> delete(topic)).hasCauseInstanceOf(GroupIdNotFoundException.class);
        assertThatThrownBy(() -> delete("never heard of")).hasCauseInstanceOf(GroupIdNotFoundException.class);
        assertThatThrownBy(() -> groups.describe(topic)).hasCauseInstanceOf(GroupIdNotFoundException.class);
        assertThat(listed(new ListGroupsOptions()).keySet()).doesNotContain(topic);

        GroupMember again = groups.member(protocol, topic).subscribe(topic);
        awaitWith(List.of(again), () -> again.readCount() == 10);
    }

    private static void delete(String group) throws ExecutionException, InterruptedException {
        groups.admin().deleteConsumerGroups(List.of(group)).all().get();
    }

    @ParameterizedTest
    @ValueSource(strings = {CLASSIC, CONSUMER})
    void offsetsAreDeletedOnlyOfTopicsThatNobodySubscribesTo(String protocol) throws Exception {
        String topic = "subscribed-" + protocol;
        String past = "past-" + protocol;
        groups.topic(past, 2);
        groups.commit(topic, past, 2, 0);
        GroupMember member = ready(protocol, topic, Map.of());
        member.consumer().commitSync();

        assertThatThrownBy(() -> deleteOffsets(topic, partitions(topic, 2)))
                .hasCauseInstanceOf(GroupSubscribedToTopicException.class);
        deleteOffsets(topic, partitions(past, 2));
        assertThat(groups.committed(topic).keySet()).isEqualTo(partitions(topic, 2));
        assertThatThrownBy(() -> deleteOffsets(topic, Set.of(new TopicPartition(past, 9))))
                .hasCauseInstanceOf(UnknownTopicOrPartitionException.class);
        assertThatThrownBy(() -> deleteOffsets("never heard of", partitions(past, 1)))
                .hasCauseInstanceOf(GroupIdNotFoundException.class);

        member.close();
        deleteOffsets(topic, partitions(topic, 1));
        assertThat(groups.committed(topic).keySet()).containsExactly(new TopicPartition(topic, 1));
    }

    private static void deleteOffsets(String group, Set<TopicPartition> partitions)
            throws ExecutionException, InterruptedException {
        groups.admin().deleteConsumerGroupOffsets(group, partitions).all().get();
    }

    @ParameterizedTest
    @ValueSource(strings = {CLASSIC, CONSUMER})
    void membersAreRemovedByNameAndAllTogether(String protocol) throws Exception {
        String topic = "removed-" + protocol;
        groups.topic(topic, 2);
        GroupMember one = groups.member(protocol, topic, Map.of("group.instance.id", "one"))
                .subscribe(topic);
        GroupMember two = groups.member(protocol, topic, Map.of("group.instance.id", "two"))
                .subscribe(topic);
        awaitShared(2, one, two);
        Set<TopicPartition> freed = two.owned();
        // A static member that ends stays in its group.
        two.close();
        assertThat(groups.describe(topic).members()).hasSize(2);

        remove(topic, new RemoveMembersFromConsumerGroupOptions(List.of(new MemberToRemove("two"))));
        awaitShared(2, one);
        assertThat(one.owned()).containsAll(freed);
        assertThat(groups.describe(topic).members()).hasSize(1);
        assertThatThrownBy(() ->
                        remove(topic, new RemoveMembersFromConsumerGroupOptions(List.of(new MemberToRemove("two")))))
                .hasRootCauseInstanceOf(UnknownMemberIdException.class);

        one.close();
        remove(topic, new RemoveMembersFromConsumerGroupOptions());
        assertThat(groups.describe(topic).members()).isEmpty();
        delete(topic);
    }

    /** One that is alive notices and joins anew. */
    @ParameterizedTest
    @ValueSource(strings = {CLASSIC, CONSUMER})
    void livingMemberThatIsRemovedComesBack(String protocol) throws Exception {
        String topic = "comes-back-" + protocol;
        GroupMember member = ready(protocol, topic, Map.of());
        remove(topic, new RemoveMembersFromConsumerGroupOptions());
        // It still counts them as its own while its listener hears that they are lost.
        awaitWith(
                List.of(member),
                () -> member.all(Kind.LOST).size() == 2
                        && member.changes().getLast().kind() == Kind.ASSIGNED
                        && member.owned().size() == 2);
        member.consumer().commitSync();
        assertThat(groups.describe(topic).members()).hasSize(1);
    }

    private static void remove(String group, RemoveMembersFromConsumerGroupOptions options)
            throws ExecutionException, InterruptedException {
        groups.admin().removeMembersFromConsumerGroup(group, options).all().get();
    }

    @ParameterizedTest
    @ValueSource(strings = {CLASSIC, CONSUMER})
    void descriptionNamesStateMembersAndWhatTheyOwn(String protocol) throws Exception {
        String topic = "described-" + protocol;
        boolean isClassic = protocol.equals(CLASSIC);
        groups.topic(topic, 2);
        GroupMember one =
                groups.member(protocol, topic, Map.of("client.id", "reader-1")).subscribe(topic);
        GroupMember two = groups.member(protocol, topic, Map.of("client.id", "reader-2", "group.instance.id", "second"))
                .subscribe(topic);
        awaitShared(2, one, two);
        awaitWith(List.of(one, two), () -> groups.describe(topic).groupState() == GroupState.STABLE);

        ConsumerGroupDescription told = groups.describe(topic);
        assertThat(told.groupId()).isEqualTo(topic);
        assertThat(told.isSimpleConsumerGroup()).isFalse();
        assertThat(told.type()).isEqualTo(isClassic ? GroupType.CLASSIC : GroupType.CONSUMER);
        assertThat(told.partitionAssignor()).isEqualTo(isClassic ? "range" : "uniform");
        assertThat(told.coordinator().host() + ":" + told.coordinator().port()).isEqualTo(groups.bootstrap());
        assertThat(told.groupEpoch().isPresent()).isEqualTo(!isClassic);
        assertThat(told.targetAssignmentEpoch()).isEqualTo(told.groupEpoch());
        Map<String, MemberDescription> members =
                told.members().stream().collect(Collectors.toMap(MemberDescription::clientId, member -> member));
        assertThat(members).containsOnlyKeys("reader-1", "reader-2");
        check(members, "reader-1", one, Optional.empty(), isClassic);
        check(members, "reader-2", two, Optional.of("second"), isClassic);

        assertThat(listed(new ListGroupsOptions()
                                .inGroupStates(Set.of(GroupState.STABLE))
                                .withTypes(Set.of(told.type())))
                        .get(topic))
                .isEqualTo(
                        new GroupListing(topic, Optional.of(told.type()), "consumer", Optional.of(GroupState.STABLE)));
        assertThat(listed(new ListGroupsOptions().inGroupStates(Set.of(GroupState.EMPTY))))
                .doesNotContainKey(topic);
        one.close();
        remove(topic, new RemoveMembersFromConsumerGroupOptions());
        two.close();
        assertThat(groups.describe(topic).groupState()).isEqualTo(GroupState.EMPTY);
        assertThat(listed(new ListGroupsOptions().inGroupStates(Set.of(GroupState.EMPTY))))
                .containsKey(topic);
    }

    private static void check(
            Map<String, MemberDescription> members,
            String clientId,
            GroupMember member,
            Optional<String> instance,
            boolean isClassic) {
        assertThat(members.get(clientId)).satisfies(told -> {
            assertThat(told.consumerId()).isEqualTo(member.memberId());
            assertThat(told.groupInstanceId()).isEqualTo(instance);
            assertThat(told.host()).isEqualTo("/127.0.0.1");
            assertThat(new HashSet<>(told.assignment().topicPartitions())).isEqualTo(member.owned());
            if (isClassic) {
                assertThat(told.memberEpoch()).isEmpty();
                assertThat(told.targetAssignment()).isEmpty();
            } else {
                assertThat(told.memberEpoch()).contains(member.generation());
                assertThat(told.upgraded()).contains(true);
                assertThat(told.targetAssignment()).contains(told.assignment());
            }
        });
    }

    /** Offsets without members: Kafka calls it a simple group. */
    @Test
    void groupOfOffsetsAloneIsSimpleAndEmpty() throws Exception {
        groups.topic("simple", 1);
        groups.commit("simple", "simple", 1, 0);
        ConsumerGroupDescription told = groups.describe("simple");
        assertThat(told.isSimpleConsumerGroup()).isTrue();
        assertThat(told.groupState()).isEqualTo(GroupState.EMPTY);
        assertThat(told.members()).isEmpty();
        assertThat(groups.admin()
                        .describeConsumerGroups(
                                List.of("simple"),
                                new DescribeConsumerGroupsOptions().includeAuthorizedOperations(true))
                        .all()
                        .get()
                        .values())
                .allSatisfy(group -> assertThat(group.authorizedOperations())
                        .contains(AclOperation.READ, AclOperation.DESCRIBE, AclOperation.DELETE));
    }

    private static Map<String, GroupListing> listed(ListGroupsOptions options)
            throws ExecutionException, InterruptedException {
        return groups.admin().listGroups(options).all().get().stream()
                .collect(Collectors.toMap(GroupListing::groupId, listing -> listing));
    }

    /** The one member of a group, with two partitions of five records that it has read. */
    private static GroupMember ready(String protocol, String topic, Map<String, String> settings) throws Exception {
        groups.topic(topic, 2);
        groups.send(topic, 2, 5);
        GroupMember member = groups.member(protocol, topic, settings).subscribe(topic);
        awaitWith(List.of(member), () -> member.owned().size() == 2 && member.readCount() == 10);
        return member;
    }
}
