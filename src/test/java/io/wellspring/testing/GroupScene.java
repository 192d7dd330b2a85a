package io.wellspring.testing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.ApiMessageType;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.message.StreamsGroupHeartbeatRequestData;
import org.apache.kafka.common.message.StreamsGroupHeartbeatRequestData.Subtopology;
import org.apache.kafka.common.message.StreamsGroupHeartbeatRequestData.TaskIds;
import org.apache.kafka.common.message.StreamsGroupHeartbeatRequestData.TopicInfo;
import org.apache.kafka.common.message.StreamsGroupHeartbeatRequestData.Topology;
import org.apache.kafka.common.message.StreamsGroupHeartbeatResponseData;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/**
 * The same groups on any broker, so that two brokers can be asked about them: topics whose records have known times, groups of each type with
 * members, and without. Members live until they leave. Threads: one.
 */
public final class GroupScene implements AutoCloseable {
    public static final String ORDERS = "orders";
    public static final String CLICKS = "clicks";
    public static final String STREAMS = "live-streams";

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final long FIRST_TIMESTAMP_MS = 1_700_000_000_000L;
    private static final int RECORDS = 30;
    private static final String STREAMS_MEMBER = "streams-member";

    private final String bootstrap;
    private final List<KafkaConsumer<byte[], byte[]>> members = new ArrayList<>();
    private int streamsEpoch;

    public GroupScene(String bootstrap) throws IOException, ExecutionException, InterruptedException {
        this.bootstrap = bootstrap;
        JavaClients.createTopics(bootstrap, List.of(topic(ORDERS, 3), topic(CLICKS, 2)));
        send(ORDERS, 3);
        send(CLICKS, 2);
        join("live-classic", Map.of("client.id", "one"), ORDERS, CLICKS).commitSync();
        join("live-static", Map.of("client.id", "fixed", "group.instance.id", "first"), CLICKS)
                .commitSync();
        Map<String, Object> consumer = Map.of("group.protocol", "consumer");
        join("live-consumer", with(consumer, "client.id", "ordering"), ORDERS).commitSync();
        join("live-consumer", with(consumer, "client.id", "clicking"), CLICKS);
        leaveBehind("left-classic", Map.of("client.id", "leaving"));
        leaveBehind("left-consumer", with(consumer, "client.id", "leaving"));
        joinStreams();
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
            Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
            offsets.put(new TopicPartition(ORDERS, 0), new OffsetAndMetadata(3L));
            offsets.put(new TopicPartition(ORDERS, 1), new OffsetAndMetadata(0L, "beginning"));
            offsets.put(new TopicPartition(ORDERS, 2), new OffsetAndMetadata(10L));
            offsets.put(new TopicPartition(CLICKS, 0), new OffsetAndMetadata(99L));
            admin.alterConsumerGroupOffsets("by-hand", offsets).all().get();
            admin.alterConsumerGroupOffsets(
                            STREAMS + "-other", Map.of(new TopicPartition(CLICKS, 1), new OffsetAndMetadata(1L)))
                    .all()
                    .get();
        }
    }

    /** Its records are years old, and stay. */
    private static NewTopic topic(String name, int partitionCount) {
        return new NewTopic(name, partitionCount, (short) 1).configs(Map.of("retention.ms", "-1"));
    }

    private static Map<String, Object> with(Map<String, Object> settings, String name, String value) {
        Map<String, Object> more = new HashMap<>(settings);
        more.put(name, value);
        return more;
    }

    /** A second between one record of the topic and the next. */
    private void send(String topic, int partitionCount) {
        try (KafkaProducer<byte[], byte[]> producer = JavaClients.producer(bootstrap, Map.of())) {
            for (int i = 0; i < RECORDS; i++) {
                byte[] value = (topic + i).getBytes(StandardCharsets.UTF_8);
                var _ = producer.send(
                        new ProducerRecord<>(topic, i % partitionCount, FIRST_TIMESTAMP_MS + i * 1000L, null, value));
            }
        }
    }

    private KafkaConsumer<byte[], byte[]> join(String group, Map<String, Object> settings, String... topics) {
        KafkaConsumer<byte[], byte[]> member = consumer(group, settings);
        members.add(member);
        readAll(member, topics);
        return member;
    }

    private void leaveBehind(String group, Map<String, Object> settings) {
        try (KafkaConsumer<byte[], byte[]> member = consumer(group, settings)) {
            readAll(member, ORDERS);
            member.commitSync();
        }
    }

    private KafkaConsumer<byte[], byte[]> consumer(String group, Map<String, Object> settings) {
        Map<String, Object> all = new HashMap<>(settings);
        all.put("bootstrap.servers", bootstrap);
        all.put("group.id", group);
        all.put("auto.offset.reset", "earliest");
        all.put("enable.auto.commit", "false");
        return new KafkaConsumer<>(all, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    private static void readAll(KafkaConsumer<byte[], byte[]> member, String... topics) {
        member.subscribe(List.of(topics));
        int[] count = {0};
        Awaitility.await().atMost(LIMIT).until(() -> {
            count[0] += member.poll(Duration.ofMillis(100)).count();
            return count[0] == RECORDS * topics.length;
        });
    }

    /** A member of a streams application as its client speaks: one subtopology, with a store. */
    private void joinStreams() throws IOException {
        Topology topology = new Topology()
                .setEpoch(0)
                .setSubtopologies(List.of(new Subtopology()
                        .setSubtopologyId("0")
                        .setSourceTopics(List.of(ORDERS))
                        .setStateChangelogTopics(List.of(new TopicInfo().setName(STREAMS + "-store-changelog")))));
        try (WireClient client = new WireClient(bootstrap)) {
            StreamsGroupHeartbeatResponseData[] answer = {beat(client, 0, topology, List.of())};
            Awaitility.await().atMost(LIMIT).until(() -> {
                if (answer[0].activeTasks() != null && !answer[0].activeTasks().isEmpty()) {
                    return true;
                }
                answer[0] = beat(client, answer[0].memberEpoch(), null, null);
                return false;
            });
            streamsEpoch = answer[0].memberEpoch();
            List<TaskIds> owned = List.of(new TaskIds().setSubtopologyId("0").setPartitions(List.of(0, 1, 2)));
            beat(client, streamsEpoch, null, owned);
            commitStreams(client);
        }
    }

    private void commitStreams(WireClient client) throws IOException {
        OffsetCommitRequestTopic topic = new OffsetCommitRequestTopic().setName(ORDERS);
        for (int partition = 0; partition < 3; partition++) {
            topic.partitions()
                    .add(new OffsetCommitRequestPartition()
                            .setPartitionIndex(partition)
                            .setCommittedOffset(5L + partition));
        }
        OffsetCommitResponseData answer = client.call(
                ApiMessageType.OFFSET_COMMIT,
                9,
                new OffsetCommitRequestData()
                        .setGroupId(STREAMS)
                        .setMemberId(STREAMS_MEMBER)
                        .setGenerationIdOrMemberEpoch(streamsEpoch)
                        .setTopics(List.of(topic)),
                new OffsetCommitResponseData());
        if (answer.topics().getFirst().partitions().stream().anyMatch(partition -> partition.errorCode() != 0)) {
            throw new AssertionError("commit of a streams group: " + answer);
        }
    }

    private static StreamsGroupHeartbeatResponseData beat(
            WireClient client, int epoch, @Nullable Topology topology, @Nullable List<TaskIds> owned)
            throws IOException {
        List<TaskIds> none = owned == null ? null : List.of();
        boolean isFirst = topology != null;
        StreamsGroupHeartbeatResponseData answer = client.call(
                ApiMessageType.STREAMS_GROUP_HEARTBEAT,
                0,
                new StreamsGroupHeartbeatRequestData()
                        .setGroupId(STREAMS)
                        .setMemberId(STREAMS_MEMBER)
                        .setMemberEpoch(epoch)
                        .setTopology(topology)
                        .setRebalanceTimeoutMs(isFirst ? 300_000 : -1)
                        .setProcessId(isFirst ? "process" : null)
                        .setClientTags(isFirst ? List.of() : null)
                        .setActiveTasks(owned)
                        .setStandbyTasks(none)
                        .setWarmupTasks(none),
                new StreamsGroupHeartbeatResponseData());
        if (answer.errorCode() != 0) {
            throw new AssertionError("heartbeat of a streams group: " + answer);
        }
        return answer;
    }

    /** The members go. */
    public void leave() throws IOException {
        for (KafkaConsumer<byte[], byte[]> member : members) {
            member.close();
        }
        members.clear();
        if (streamsEpoch > 0) {
            try (WireClient client = new WireClient(bootstrap)) {
                beat(client, -1, null, null);
            }
            streamsEpoch = 0;
        }
    }

    @Override
    public void close() {
        members.forEach(KafkaConsumer::close);
    }
}
