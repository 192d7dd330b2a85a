package io.wellspring.testing;

import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** What tests of groups do with Java clients against one broker. It closes its members and clients. */
public final class TestGroups implements AutoCloseable {
    public static final String CLASSIC = "classic";
    public static final String CONSUMER = "consumer";

    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final String bootstrap;
    private final Admin admin;
    private final KafkaProducer<byte[], byte[]> producer;
    private final List<GroupMember> members = new ArrayList<>();

    public TestGroups(String bootstrap) {
        this.bootstrap = bootstrap;
        this.admin = Admin.create(Map.of("bootstrap.servers", bootstrap, "reconnect.backoff.max.ms", "200"));
        this.producer = JavaClients.producer(bootstrap, Map.of("reconnect.backoff.max.ms", "200"));
    }

    /** Settings of a broker whose groups do at once what takes Kafka's defaults seconds. */
    public static Map<String, String> quickBroker() {
        return Map.of(
                "wellspring.groups.initial-rebalance-delay", "0s",
                "wellspring.groups.min-session-timeout", "1s",
                "wellspring.groups.offsets-topic-partitions", "4",
                "wellspring.groups.kafka.[group.consumer.min.session.timeout.ms]", "1000",
                "wellspring.groups.kafka.[group.consumer.min.heartbeat.interval.ms]", "100",
                "wellspring.groups.kafka.[group.consumer.heartbeat.interval.ms]", "100",
                "wellspring.groups.kafka.[group.consumer.assignment.interval.ms]", "0");
    }

    public Admin admin() {
        return admin;
    }

    public String bootstrap() {
        return bootstrap;
    }

    /** A consumer with short intervals that begins at the earliest offset and commits nothing by itself. */
    public GroupMember member(String protocol, String group, Map<String, String> more) {
        Map<String, Object> settings = new HashMap<>();
        settings.put("bootstrap.servers", bootstrap);
        settings.put("group.id", group);
        settings.put("group.protocol", protocol);
        settings.put("auto.offset.reset", "earliest");
        settings.put("enable.auto.commit", "false");
        // A subscription would make a deleted topic anew.
        settings.put("allow.auto.create.topics", "false");
        settings.put("metadata.max.age.ms", "500");
        settings.put("reconnect.backoff.max.ms", "200");
        if (protocol.equals(CLASSIC)) {
            settings.put("heartbeat.interval.ms", "100");
        }
        settings.putAll(more);
        GroupMember member = new GroupMember(
                new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer()));
        members.add(member);
        return member;
    }

    public GroupMember member(String protocol, String group) {
        return member(protocol, group, Map.of());
    }

    /** The time after which a silent member is given up, where the broker sets it; classic members say their own. */
    public void sessionTimeout(String group, Duration timeout) throws ExecutionException, InterruptedException {
        AlterConfigOp set = new AlterConfigOp(
                new ConfigEntry("consumer.session.timeout.ms", Long.toString(timeout.toMillis())),
                AlterConfigOp.OpType.SET);
        admin.incrementalAlterConfigs(Map.of(new ConfigResource(ConfigResource.Type.GROUP, group), List.of(set)))
                .all()
                .get();
    }

    public void topic(String name, int partitions) {
        JavaClients.createTopics(bootstrap, List.of(new NewTopic(name, partitions, (short) 1)));
    }

    /** Sends so many records to each of the first partitions, and waits for their acknowledgement. */
    public void send(String topic, int partitions, int each) throws ExecutionException, InterruptedException {
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        for (int i = 0; i < partitions * each; i++) {
            sent.add(producer.send(new ProducerRecord<>(
                    topic, i % partitions, null, Integer.toString(i).getBytes(StandardCharsets.UTF_8))));
        }
        for (Future<RecordMetadata> one : sent) {
            one.get();
        }
    }

    /** Polls these members by turns until the condition holds. */
    public static void awaitWith(List<GroupMember> polled, Callable<Boolean> condition) {
        await().atMost(LIMIT)
                .pollInSameThread()
                .pollInterval(Duration.ofMillis(1))
                .until(() -> {
                    polled.forEach(GroupMember::poll);
                    return condition.call();
                });
    }

    /** Polls these members until each owns as many partitions as its neighbour, and all together that many. */
    public static void awaitShared(int partitions, GroupMember... polled) {
        awaitWith(List.of(polled), () -> isShared(partitions, polled));
    }

    private static boolean isShared(int partitions, GroupMember... polled) {
        Set<TopicPartition> all = new HashSet<>();
        for (GroupMember member : polled) {
            if (member.owned().size() != partitions / polled.length) {
                return false;
            }
            all.addAll(member.owned());
        }
        return all.size() == partitions;
    }

    /** All partitions of a topic. */
    public static Set<TopicPartition> partitions(String topic, int count) {
        return IntStream.range(0, count)
                .mapToObj(index -> new TopicPartition(topic, index))
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Offsets that the broker keeps for the group. */
    public Map<TopicPartition, Long> committed(String group) throws ExecutionException, InterruptedException {
        return admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get().entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, entry -> entry.getValue().offset()));
    }

    /** Commits the same offset for all partitions of a topic on behalf of a group without members. */
    public void commit(String group, String topic, int partitions, long offset)
            throws ExecutionException, InterruptedException {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        partitions(topic, partitions).forEach(partition -> offsets.put(partition, new OffsetAndMetadata(offset)));
        admin.alterConsumerGroupOffsets(group, offsets).all().get();
    }

    public ConsumerGroupDescription describe(String group) throws ExecutionException, InterruptedException {
        return admin.describeConsumerGroups(List.of(group))
                .describedGroups()
                .values()
                .iterator()
                .next()
                .get();
    }

    /** Closes the members of a test; they leave their groups. */
    public void closeMembers() {
        members.forEach(GroupMember::close);
        members.clear();
    }

    @Override
    public void close() {
        closeMembers();
        producer.close();
        admin.close();
    }
}
