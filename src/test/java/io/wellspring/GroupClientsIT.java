package io.wellspring;

import static io.wellspring.testing.TestGroups.CLASSIC;
import static io.wellspring.testing.TestGroups.awaitWith;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.wellspring.testing.ClientProcess;
import io.wellspring.testing.GroupMember;
import io.wellspring.testing.NeedsPackage;
import io.wellspring.testing.OtherClient;
import io.wellspring.testing.TestBroker;
import io.wellspring.testing.TestGroups;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.common.GroupState;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Groups of clients of other families: kcat, librdkafka, kafkajs. Each member is a process. */
final class GroupClientsIT {
    private static final Duration LIMIT = Duration.ofMinutes(1);
    private static final int PARTITIONS = 4;

    private static TestBroker broker;
    private static TestGroups groups;

    private final List<ClientProcess> processes = new ArrayList<>();

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
    void end() {
        groups.closeMembers();
        processes.forEach(ClientProcess::close);
    }

    /** Starts one more member, which prints partition and offset of each record. */
    private interface Member {
        ClientProcess start(String topic) throws IOException;
    }

    @NeedsPackage(value = "kcat", provides = "kcat")
    @Test
    void kcatReadsInAGroupAlsoWithTheJavaClient() throws Exception {
        Member member = topic -> ClientProcess.start(List.of(
                "kcat",
                "-b",
                groups.bootstrap(),
                "-G",
                topic,
                "-q",
                "-u",
                "-f",
                "%p %o\\n",
                "-X",
                "auto.offset.reset=earliest",
                "-X",
                "auto.commit.interval.ms=100",
                "-X",
                "session.timeout.ms=3000",
                "-X",
                "heartbeat.interval.ms=200",
                topic));
        shareAndResume("group-of-kcat", member);
        readBesideTheJavaClient("group-of-kcat", member);
    }

    @NeedsPackage(
            value = "python3-confluent-kafka",
            provides = "/usr/lib/python3/dist-packages/confluent_kafka/__init__.py")
    @Test
    void librdkafkaReadsInAGroupAlsoWithTheJavaClient() throws Exception {
        Member member = topic -> OtherClient.librdkafka().start("group", groups.bootstrap(), topic, topic);
        shareAndResume("group-of-librdkafka", member);
        readBesideTheJavaClient("group-of-librdkafka", member);
    }

    /** It assigns in a way that the Java client does not have. */
    @NeedsPackage(value = "nodejs", provides = "node")
    @NeedsPackage(value = "npm", provides = "npm")
    @Test
    void kafkaJsReadsInAGroup() throws Exception {
        OtherClient kafkaJs = OtherClient.kafkaJs();
        shareAndResume("group-of-kafkajs", topic -> kafkaJs.start("group", groups.bootstrap(), topic, topic));
    }

    private ClientProcess started(Member member, String topic) throws IOException {
        ClientProcess process = member.start(topic);
        processes.add(process);
        return process;
    }

    /** Two share and commit, end, and a third goes on where they stood. */
    private void shareAndResume(String topic, Member member) throws Exception {
        groups.topic(topic, PARTITIONS);
        groups.send(topic, PARTITIONS, 10);
        ClientProcess one = started(member, topic);
        await().atMost(LIMIT).until(() -> one.lines().size() == 40);
        ClientProcess two = started(member, topic);
        await().atMost(LIMIT).until(() -> isShared(topic));
        groups.send(topic, PARTITIONS, 5);
        await().atMost(LIMIT).until(() -> one.lines().size() + two.lines().size() >= 60);

        List<String> byOne = one.stop();
        List<String> byTwo = two.stop();
        assertThat(byOne.subList(0, 40)).containsExactlyInAnyOrderElementsOf(expected(0, 10));
        assertThat(byTwo).hasSize(10);
        assertThat(Stream.concat(byOne.stream(), byTwo.stream()).toList())
                .as("each record once")
                .containsExactlyInAnyOrderElementsOf(expected(0, 15));
        assertThat(groups.committed(topic).values()).containsExactly(15L, 15L, 15L, 15L);
        assertThat(groups.describe(topic).groupState()).as("they have left").isEqualTo(GroupState.EMPTY);

        groups.send(topic, PARTITIONS, 5);
        ClientProcess three = started(member, topic);
        await().atMost(LIMIT).until(() -> three.lines().size() >= 20);
        assertThat(three.stop()).containsExactlyInAnyOrderElementsOf(expected(15, 20));
        assertThat(groups.committed(topic).values()).containsExactly(20L, 20L, 20L, 20L);
    }

    /** A Java consumer joins a process, and takes over when that is killed. Twenty records of each partition are read before. */
    private void readBesideTheJavaClient(String topic, Member member) throws Exception {
        ClientProcess process = started(member, topic);
        await().atMost(LIMIT).until(() -> groups.describe(topic).groupState() == GroupState.STABLE);
        GroupMember java = groups.member(CLASSIC, topic).subscribe(topic);
        awaitWith(List.of(java), () -> java.owned().size() == PARTITIONS / 2 && isShared(topic));
        groups.send(topic, PARTITIONS, 5);
        awaitWith(List.of(java), () -> java.readCount() == 10 && process.lines().size() == 10);
        java.consumer().commitSync();
        awaitWith(List.of(java), () -> groups.committed(topic).values().stream().allMatch(offset -> offset == 25));

        process.kill();
        awaitWith(List.of(java), () -> java.owned().size() == PARTITIONS);
        groups.send(topic, PARTITIONS, 5);
        awaitWith(List.of(java), () -> java.readCount() == 30);
    }

    private static boolean isShared(String topic) throws Exception {
        ConsumerGroupDescription told = groups.describe(topic);
        return told.groupState() == GroupState.STABLE
                && told.members().size() == 2
                && told.members().stream()
                        .allMatch(
                                member -> member.assignment().topicPartitions().size() == PARTITIONS / 2);
    }

    /** Lines for the records of all partitions in a range of offsets. */
    private static List<String> expected(int from, int to) {
        return IntStream.range(0, PARTITIONS)
                .boxed()
                .flatMap(partition -> IntStream.range(from, to).mapToObj(offset -> partition + " " + offset))
                .toList();
    }
}
