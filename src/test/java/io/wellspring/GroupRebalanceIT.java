package io.wellspring;

import static io.wellspring.testing.TestGroups.CLASSIC;
import static io.wellspring.testing.TestGroups.CONSUMER;
import static io.wellspring.testing.TestGroups.awaitShared;
import static io.wellspring.testing.TestGroups.awaitWith;
import static io.wellspring.testing.TestGroups.partitions;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wellspring.testing.GroupMember;
import io.wellspring.testing.GroupMember.Change;
import io.wellspring.testing.GroupMember.Kind;
import io.wellspring.testing.TestBroker;
import io.wellspring.testing.TestGroups;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.RangeAssignor;
import org.apache.kafka.clients.consumer.SubscriptionPattern;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidRegularExpression;
import org.apache.kafka.common.errors.UnsupportedAssignorException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who owns what when members come and go and topics appear, grow and disappear: Java consumers of both protocols. */
final class GroupRebalanceIT {
    private static final Map<String, String> EAGER =
            Map.of("partition.assignment.strategy", RangeAssignor.class.getName());
    private static final Map<String, String> COOPERATIVE =
            Map.of("partition.assignment.strategy", CooperativeStickyAssignor.class.getName());

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

    @Test
    void eagerMembersGiveEverythingBackAndGetTheirRange() {
        groups.topic("eager", 4);
        GroupMember one = groups.member(CLASSIC, "eager", EAGER).subscribe("eager");
        awaitShared(4, one);
        GroupMember two = groups.member(CLASSIC, "eager", EAGER).subscribe("eager");
        awaitShared(4, one, two);

        assertThat(one.changes())
                .containsExactly(
                        new Change(Kind.ASSIGNED, partitions("eager", 4)),
                        new Change(Kind.REVOKED, partitions("eager", 4)),
                        new Change(Kind.ASSIGNED, one.owned()));
        assertThat(two.changes()).containsExactly(new Change(Kind.ASSIGNED, two.owned()));
        assertThat(Set.of(one.owned("eager"), two.owned("eager"))).isEqualTo(Set.of(Set.of(0, 1), Set.of(2, 3)));
        assertThat(two.generation()).isEqualTo(one.generation());
    }

    /** Classic members agree on it among themselves, the others always do. */
    @ParameterizedTest
    @ValueSource(strings = {CLASSIC, CONSUMER})
    void cooperativeMembersGiveBackOnlyWhatAnotherGets(String protocol) throws Exception {
        String topic = "cooperative-" + protocol;
        Map<String, String> settings = protocol.equals(CLASSIC) ? COOPERATIVE : Map.of();
        groups.topic(topic, 6);
        groups.send(topic, 6, 10);
        GroupMember one = groups.member(protocol, topic, settings).subscribe(topic);
        awaitWith(List.of(one), () -> one.owned().size() == 6 && one.readCount() == 60);

        GroupMember two = groups.member(protocol, topic, settings).subscribe(topic);
        awaitShared(6, one, two);
        assertThat(one.all(Kind.REVOKED)).isEqualTo(two.owned());
        assertThat(one.all(Kind.LOST)).isEmpty();
        assertThat(one.changes().getFirst()).isEqualTo(new Change(Kind.ASSIGNED, partitions(topic, 6)));
        assertThat(one.changes().stream().filter(change -> change.kind() == Kind.ASSIGNED))
                .as("nothing was given back that had been taken away")
                .hasSize(1);
        assertThat(two.all(Kind.REVOKED)).isEmpty();

        Set<TopicPartition> kept = one.owned();
        GroupMember three = groups.member(protocol, topic, settings).subscribe(topic);
        awaitShared(6, one, two, three);
        two.close();
        awaitShared(6, one, three);
        assertThat(one.owned()).containsAll(minus(kept, one.all(Kind.REVOKED)));
        assertThat(three.all(Kind.REVOKED)).isEmpty();

        groups.send(topic, 6, 5);
        TopicPartition always = minus(kept, one.all(Kind.REVOKED)).iterator().next();
        awaitWith(List.of(one, three), () -> one.read(always).size() >= 15);
        assertThat(one.read(always))
                .as("a partition that was kept is read on, not anew")
                .isEqualTo(LongStream.range(0, 15).boxed().toList());
    }

    private static Set<TopicPartition> minus(Set<TopicPartition> all, Set<TopicPartition> without) {
        Set<TopicPartition> rest = new HashSet<>(all);
        rest.removeAll(without);
        return rest;
    }

    @Test
    void brokerAssignsRangesWhereItIsAskedTo() {
        groups.topic("range-a", 4);
        groups.topic("range-b", 4);
        Map<String, String> range = Map.of("group.remote.assignor", "range");
        GroupMember one = groups.member(CONSUMER, "ranges", range).subscribe("range-a", "range-b");
        GroupMember two = groups.member(CONSUMER, "ranges", range).subscribe("range-a", "range-b");
        awaitShared(8, one, two);

        assertThat(one.owned("range-a")).isEqualTo(one.owned("range-b")).isIn(Set.of(0, 1), Set.of(2, 3));
        assertThat(two.owned("range-a")).isEqualTo(two.owned("range-b")).isIn(Set.of(0, 1), Set.of(2, 3));
    }

    @Test
    void brokerAssignsEvenlyOverAllTopics() throws Exception {
        groups.topic("uniform-a", 1);
        groups.topic("uniform-b", 1);
        groups.topic("uniform-c", 2);
        Map<String, String> uniform = Map.of("group.remote.assignor", "uniform");
        String[] topics = {"uniform-a", "uniform-b", "uniform-c"};
        GroupMember one = groups.member(CONSUMER, "evenly", uniform).subscribe(topics);
        GroupMember two = groups.member(CONSUMER, "evenly", uniform).subscribe(topics);
        // Ranges would give the first member three of the four.
        awaitShared(4, one, two);
        assertThat(groups.describe("evenly").partitionAssignor()).isEqualTo("uniform");
    }

    @Test
    void assignorThatTheBrokerDoesNotHaveIsRefused() {
        groups.topic("unassigned", 1);
        GroupMember member = groups.member(CONSUMER, "unassigned", Map.of("group.remote.assignor", "by-mood"))
                .subscribe("unassigned");
        assertThatThrownBy(() -> awaitWith(List.of(member), () -> false))
                .isInstanceOf(UnsupportedAssignorException.class);
    }

    /** A classic member looks for topics itself; for the others the broker does. */
    @ParameterizedTest
    @ValueSource(strings = {CLASSIC, CONSUMER})
    void topicsAreFoundByPattern(String protocol) {
        String prefix = "pattern-" + protocol;
        groups.topic(prefix + "-1", 2);
        groups.topic("not-" + prefix, 2);
        GroupMember member = groups.member(protocol, prefix);
        if (protocol.equals(CLASSIC)) {
            member.consumer().subscribe(Pattern.compile(prefix + "-\\d"), member);
        } else {
            member.consumer().subscribe(new SubscriptionPattern(prefix + "-\\d"), member);
        }
        awaitWith(List.of(member), () -> member.owned().equals(partitions(prefix + "-1", 2)));

        groups.topic(prefix + "-2", 1);
        Set<TopicPartition> both = new HashSet<>(partitions(prefix + "-1", 2));
        both.addAll(partitions(prefix + "-2", 1));
        awaitWith(List.of(member), () -> member.owned().equals(both));
    }

    @Test
    void patternThatIsNoneIsRefused() {
        GroupMember member = groups.member(CONSUMER, "no pattern");
        member.consumer().subscribe(new SubscriptionPattern("(unclosed"), member);
        assertThatThrownBy(() -> awaitWith(List.of(member), () -> false)).isInstanceOf(InvalidRegularExpression.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {CLASSIC, CONSUMER})
    void partitionsThatComeLaterAreAssignedAndReadFromTheirBeginning(String protocol) throws Exception {
        String topic = "grows-" + protocol;
        groups.topic(topic, 1);
        groups.send(topic, 1, 3);
        GroupMember one = groups.member(protocol, topic).subscribe(topic);
        GroupMember two = groups.member(protocol, topic).subscribe(topic);
        List<GroupMember> both = List.of(one, two);
        awaitWith(both, () -> one.owned().size() + two.owned().size() == 1 && one.readCount() + two.readCount() >= 3);

        groups.admin()
                .createPartitions(Map.of(topic, NewPartitions.increaseTo(4)))
                .all()
                .get();
        groups.send(topic, 4, 5);

        awaitShared(4, one, two);
        TopicPartition last = new TopicPartition(topic, 3);
        awaitWith(both, () -> one.read(last).size() + two.read(last).size() >= 5);
        assertThat(one.owned().contains(last) ? one.read(last) : two.read(last)).containsExactly(0L, 1L, 2L, 3L, 4L);
    }

    @ParameterizedTest
    @ValueSource(strings = {CLASSIC, CONSUMER})
    void groupReadsOnWhenOneOfItsTopicsIsDeleted(String protocol) throws ExecutionException, InterruptedException {
        String doomed = "doomed-" + protocol;
        String other = "other-" + protocol;
        groups.topic(doomed, 2);
        groups.topic(other, 2);
        groups.send(doomed, 2, 3);
        GroupMember one = groups.member(protocol, doomed).subscribe(doomed, other);
        GroupMember two = groups.member(protocol, doomed).subscribe(doomed, other);
        List<GroupMember> both = List.of(one, two);
        awaitShared(4, one, two);
        awaitWith(both, () -> one.readCount() + two.readCount() >= 6);
        one.consumer().commitSync();
        two.consumer().commitSync();

        groups.admin().deleteTopics(List.of(doomed)).all().get();
        awaitShared(2, one, two);
        groups.send(other, 2, 5);
        awaitWith(
                both,
                () -> partitions(other, 2).stream()
                        .allMatch(partition ->
                                one.read(partition).size() + two.read(partition).size() >= 5));
        one.consumer().commitSync();
        two.consumer().commitSync();

        awaitWith(both, () -> groups.committed(doomed).keySet().equals(partitions(other, 2)));
    }

    @ParameterizedTest
    @ValueSource(strings = {CLASSIC, CONSUMER})
    void memberThatLeavesHandsOverAtOnce(String protocol) throws Exception {
        String topic = "leaves-" + protocol;
        groups.topic(topic, 2);
        groups.sessionTimeout(topic, Duration.ofSeconds(60));
        GroupMember one = groups.member(protocol, topic).subscribe(topic);
        GroupMember two = groups.member(protocol, topic).subscribe(topic);
        awaitShared(2, one, two);
        one.consumer().unsubscribe();
        awaitShared(2, two);
        assertThat(one.all(Kind.REVOKED)).isNotEmpty();
        assertThat(groups.describe(topic).members()).hasSize(1);

        one.subscribe(topic);
        awaitShared(2, one, two);
    }
}
