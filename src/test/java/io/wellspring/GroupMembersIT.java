package io.wellspring;

import static io.wellspring.testing.TestGroups.CLASSIC;
import static io.wellspring.testing.TestGroups.CONSUMER;
import static io.wellspring.testing.TestGroups.awaitShared;
import static io.wellspring.testing.TestGroups.awaitWith;
import static io.wellspring.testing.TestGroups.partitions;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.wellspring.testing.ClientProcess;
import io.wellspring.testing.FreePort;
import io.wellspring.testing.GroupMember;
import io.wellspring.testing.GroupMember.Kind;
import io.wellspring.testing.KafkaTools;
import io.wellspring.testing.TestBroker;
import io.wellspring.testing.TestGroups;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.common.GroupType;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.GroupMaxSizeReachedException;
import org.apache.kafka.common.errors.InvalidSessionTimeoutException;
import org.apache.kafka.common.errors.UnreleasedInstanceIdException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Members that come back, are two, die, dawdle or change their protocol, and a broker that comes back. */
final class GroupMembersIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Duration SESSION = Duration.ofSeconds(3);
    private static final int MEMBERS_MOST = 3;
    private static final Map<String, String> COOPERATIVE =
            Map.of("partition.assignment.strategy", CooperativeStickyAssignor.class.getName());

    private static TestBroker broker;
    private static TestGroups groups;

    @BeforeAll
    static void start() throws IOException {
        Map<String, String> settings = new HashMap<>(TestGroups.quickBroker());
        // Clients stay while it is restarted.
        settings.put("wellspring.network.listeners[0].bind", FreePort.forAllRestarts(new SplittableRandom()));
        settings.put("wellspring.groups.max-size", Integer.toString(MEMBERS_MOST));
        settings.put("wellspring.groups.kafka.[group.consumer.max.size]", Integer.toString(MEMBERS_MOST));
        broker = TestBroker.start(settings);
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

    private static GroupMember staticMember(String protocol, String group, String instance) {
        return groups.member(protocol, group, Map.of("group.instance.id", instance));
    }

    @ParameterizedTest
    @ValueSource(strings = {CLASSIC, CONSUMER})
    void staticMemberComesBackToItsPartitionsAndNobodyElseNotices(String protocol) throws Exception {
        String topic = "static-" + protocol;
        groups.topic(topic, 4);
        GroupMember one = staticMember(protocol, topic, "one").subscribe(topic);
        GroupMember two = staticMember(protocol, topic, "two").subscribe(topic);
        awaitShared(4, one, two);
        Set<TopicPartition> before = two.owned();
        int generation = one.generation();
        one.forgetChanges();

        two.close();
        GroupMember again = staticMember(protocol, topic, "two").subscribe(topic);
        awaitWith(List.of(one, again), () -> again.owned().equals(before));

        assertThat(one.changes()).isEmpty();
        assertThat(one.generation()).isEqualTo(generation);
        assertThat(again.generation()).isEqualTo(generation);
        assertThat(groups.describe(topic).members()).hasSize(2);
    }

    /** In a classic group the newcomer wins. */
    @Test
    void classicStaticMemberIsFencedByAnotherOfItsName() {
        groups.topic("fenced-classic", 2);
        GroupMember one = staticMember(CLASSIC, "fenced-classic", "same").subscribe("fenced-classic");
        awaitShared(2, one);
        GroupMember two = staticMember(CLASSIC, "fenced-classic", "same").subscribe("fenced-classic");
        awaitShared(2, two);

        assertThatThrownBy(() -> awaitWith(List.of(two, one), () -> false))
                .isInstanceOf(FencedInstanceIdException.class);
        two.consumer().commitSync();
    }

    /** In the others it is refused as long as the first is alive. */
    @Test
    void secondStaticMemberOfTheSameNameIsRefused() throws Exception {
        groups.topic("fenced-consumer", 2);
        GroupMember one = staticMember(CONSUMER, "fenced-consumer", "same").subscribe("fenced-consumer");
        awaitShared(2, one);
        GroupMember two = staticMember(CONSUMER, "fenced-consumer", "same").subscribe("fenced-consumer");

        assertThatThrownBy(() -> awaitWith(List.of(one, two), () -> false))
                .isInstanceOf(UnreleasedInstanceIdException.class);
        assertThat(one.owned()).hasSize(2);
        one.consumer().commitSync();
        assertThat(groups.describe("fenced-consumer").members()).hasSize(1);
    }

    /** Kafka's console consumer is the one that freezes, comes back and dies. It commits nothing. */
    @ParameterizedTest
    @ValueSource(strings = {CLASSIC, CONSUMER})
    void partitionsOfASilentProcessAreReadOnFromTheLastCommit(String protocol) throws Exception {
        String topic = "silent-" + protocol;
        groups.topic(topic, 2);
        groups.send(topic, 2, 10);
        groups.commit(topic, topic, 2, 5);
        if (protocol.equals(CONSUMER)) {
            groups.sessionTimeout(topic, SESSION);
        }
        // Eager members would begin anew at the last commit with every rebalance.
        GroupMember one = groups.member(protocol, topic, protocol.equals(CLASSIC) ? COOPERATIVE : Map.of());
        try (ClientProcess process = ClientProcess.start(consoleConsumer(protocol, topic))) {
            await().atMost(LIMIT).until(() -> process.lines().size() == 10);
            one.subscribe(topic);
            awaitWith(List.of(one), () -> one.owned().size() == 1);
            TopicPartition frozen = notOwned(one, topic);
            process.signal("STOP");
            awaitWith(
                    List.of(one),
                    () -> one.owned().size() == 2 && one.consumer().position(frozen) == 10);
            assertThat(one.read(frozen))
                    .isEqualTo(LongStream.range(5, 10).boxed().toList());
            one.consumer().commitSync();

            process.signal("CONT");
            awaitWith(List.of(one), () -> one.owned().size() == 1);
            groups.send(topic, 2, 5);
            awaitWith(List.of(one), () -> process.lines().size() == 15);
            TopicPartition dead = notOwned(one, topic);
            process.kill();
            awaitWith(
                    List.of(one),
                    () -> one.owned().size() == 2 && one.consumer().position(dead) == 15);
            assertThat(one.read(dead)).isEqualTo(LongStream.range(5, 15).boxed().toList());
        }
    }

    private static TopicPartition notOwned(GroupMember member, String topic) {
        return partitions(topic, 2).stream()
                .filter(partition -> !member.owned().contains(partition))
                .findFirst()
                .orElseThrow();
    }

    private static List<String> consoleConsumer(String protocol, String topic) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("--bootstrap-server", groups.bootstrap(), "--topic", topic));
        arguments.addAll(List.of("--group", topic));
        arguments.addAll(List.of("--command-property", "enable.auto.commit=false"));
        arguments.addAll(List.of("--command-property", "group.protocol=" + protocol));
        if (protocol.equals(CLASSIC)) {
            arguments.addAll(List.of("--command-property", "session.timeout.ms=" + SESSION.toMillis()));
            arguments.addAll(List.of("--command-property", "heartbeat.interval.ms=100"));
            COOPERATIVE.forEach((name, value) -> arguments.addAll(List.of("--command-property", name + "=" + value)));
        }
        return KafkaTools.command(KafkaTools.CONSOLE_CONSUMER, arguments);
    }

    @ParameterizedTest
    @ValueSource(strings = {CLASSIC, CONSUMER})
    void memberThatDoesNotPollIsThrownOutAndItsLateCommitIsRefused(String protocol) throws Exception {
        String topic = "slow-" + protocol;
        groups.topic(topic, 2);
        groups.send(topic, 2, 5);
        GroupMember steady = groups.member(protocol, topic).subscribe(topic);
        GroupMember slow = groups.member(protocol, topic, Map.of("max.poll.interval.ms", "1500"))
                .subscribe(topic);
        awaitShared(2, steady, slow);
        awaitWith(
                List.of(steady, slow),
                () -> slow.owned().stream().allMatch(one -> slow.consumer().position(one) == 5));
        Set<TopicPartition> lost = slow.owned();

        awaitWith(List.of(steady), () -> steady.owned().size() == 2);
        steady.consumer().commitSync();
        assertThatThrownBy(() -> slow.consumer().commitSync()).isInstanceOf(CommitFailedException.class);

        awaitShared(2, steady, slow);
        assertThat(slow.all(Kind.LOST)).isEqualTo(lost);
        slow.consumer().commitSync();
    }

    @ParameterizedTest
    @ValueSource(strings = {CLASSIC, CONSUMER})
    void groupsLiveOnWhenTheirBrokerComesBack(String protocol) throws Exception {
        String topic = "outlives-" + protocol;
        groups.topic(topic, 4);
        groups.send(topic, 4, 5);
        // Without a broker the client would begin anew, and a leader without metadata asks for a rebalance.
        Map<String, String> remembering = Map.of("metadata.recovery.strategy", "none");
        GroupMember one = groups.member(protocol, topic, remembering).subscribe(topic);
        GroupMember two = groups.member(protocol, topic, remembering).subscribe(topic);
        List<GroupMember> both = List.of(one, two);
        awaitShared(4, one, two);
        awaitWith(both, () -> one.readCount() + two.readCount() >= 20);
        one.consumer().commitSync();
        two.consumer().commitSync();
        int generation = one.generation();
        both.forEach(GroupMember::forgetChanges);

        broker.restart();

        groups.send(topic, 4, 5);
        awaitWith(both, () -> positions(one) + positions(two) == 40);
        one.consumer().commitSync();
        two.consumer().commitSync();
        assertThat(one.changes()).as("the members and what they own were kept").isEmpty();
        assertThat(two.changes()).isEmpty();
        assertThat(one.generation()).isEqualTo(generation);
        assertThat(two.generation()).isEqualTo(generation);
        assertThat(groups.committed(topic).values()).containsExactly(10L, 10L, 10L, 10L);
        // It still takes in others.
        GroupMember three = groups.member(protocol, topic).subscribe(topic);
        awaitWith(List.of(one, two, three), () -> three.owned().size() == 1);
    }

    private static long positions(GroupMember member) {
        return member.owned().stream().mapToLong(member.consumer()::position).sum();
    }

    /** KIP-848: members are replaced one after the other while the group reads on. */
    @Test
    void livingGroupMovesToTheNewProtocolAndBack() throws Exception {
        String topic = "moves";
        groups.topic(topic, 4);
        groups.send(topic, 4, 5);
        GroupMember one = groups.member(CLASSIC, topic, COOPERATIVE).subscribe(topic);
        GroupMember two = groups.member(CLASSIC, topic, COOPERATIVE).subscribe(topic);
        awaitShared(4, one, two);
        awaitWith(List.of(one, two), () -> one.readCount() + two.readCount() >= 20);
        one.consumer().commitSync();
        two.consumer().commitSync();
        assertThat(groups.describe(topic).type()).isEqualTo(GroupType.CLASSIC);

        two.close();
        GroupMember three = groups.member(CONSUMER, topic).subscribe(topic);
        awaitShared(4, one, three);
        ConsumerGroupDescription mixed = groups.describe(topic);
        assertThat(mixed.type()).isEqualTo(GroupType.CONSUMER);
        assertThat(mixed.members())
                .anySatisfy(member -> assertThat(member.upgraded()).contains(false))
                .anySatisfy(member -> assertThat(member.upgraded()).contains(true));
        groups.send(topic, 4, 5);
        awaitWith(List.of(one, three), () -> positions(one) + positions(three) == 40);
        one.consumer().commitSync();
        three.consumer().commitSync();
        assertThat(three.read(three.owned().iterator().next())).startsWith(5L);

        one.close();
        awaitShared(4, three);
        assertThat(groups.describe(topic).members()).hasSize(1);
        GroupMember four = groups.member(CLASSIC, topic, COOPERATIVE).subscribe(topic);
        awaitShared(4, three, four);
        three.close();
        awaitShared(4, four);
        assertThat(groups.describe(topic).type()).isEqualTo(GroupType.CLASSIC);
        groups.send(topic, 4, 5);
        awaitWith(List.of(four), () -> positions(four) == 60);
        four.consumer().commitSync();
        assertThat(groups.committed(topic).values()).containsExactly(15L, 15L, 15L, 15L);
    }

    @ParameterizedTest
    @ValueSource(strings = {CLASSIC, CONSUMER})
    void groupThatIsFullTakesNobodyElse(String protocol) throws Exception {
        String topic = "full-" + protocol;
        groups.topic(topic, MEMBERS_MOST);
        List<GroupMember> members = new ArrayList<>();
        for (int i = 0; i < MEMBERS_MOST; i++) {
            members.add(groups.member(protocol, topic).subscribe(topic));
        }
        awaitShared(MEMBERS_MOST, members.toArray(GroupMember[]::new));
        members.add(groups.member(protocol, topic).subscribe(topic));
        assertThatThrownBy(() -> awaitWith(members, () -> false)).isInstanceOf(GroupMaxSizeReachedException.class);
        assertThat(groups.describe(topic).members()).hasSize(MEMBERS_MOST);

        members.getFirst().close();
        members.set(0, groups.member(protocol, topic).subscribe(topic));
        members.removeLast();
        awaitShared(MEMBERS_MOST, members.toArray(GroupMember[]::new));
    }

    /** From wellspring.groups.min-session-timeout up to max-session-timeout. */
    @Test
    void classicMembersAskForASessionTimeoutWithinTheLimits() {
        groups.topic("sessions", 1);
        for (String within : List.of("1000", "1800000")) {
            GroupMember member = groups.member(CLASSIC, "session-" + within, Map.of("session.timeout.ms", within));
            awaitShared(1, member.subscribe("sessions"));
        }
        for (String outside : List.of("999", "1800001")) {
            GroupMember member = groups.member(CLASSIC, "session-" + outside, Map.of("session.timeout.ms", outside));
            member.subscribe("sessions");
            assertThatThrownBy(() -> awaitWith(List.of(member), () -> false))
                    .isInstanceOf(InvalidSessionTimeoutException.class);
        }
    }
}
