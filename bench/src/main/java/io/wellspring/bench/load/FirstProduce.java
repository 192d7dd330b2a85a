package io.wellspring.bench.load;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopicCollection;
import org.apache.kafka.common.message.CreateTopicsResponseData;
import org.apache.kafka.common.message.CreateTopicsResponseData.CreatableTopicResult;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.message.ProduceResponseData.PartitionProduceResponse;
import org.apache.kafka.common.message.ProduceResponseData.TopicProduceResponse;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/**
 * Finds the moment at which a broker that is starting first acknowledges a record: tries again every 5 ms, whatever goes wrong, as a client that wants
 * nothing else would. With a topic to be made it makes it first, which counts as well.
 */
public final class FirstProduce {
    /** The last version that names the topic: a broker that starts does not tell ids yet. */
    private static final short PRODUCE_VERSION = 12;

    private static final short CREATE_VERSION = 7;
    private static final int CREATE_LIMIT_MS = 30_000;
    private static final long TRY_INTERVAL_NANOS = 5_000_000;
    private static final int RECORD_SIZE_BYTES = 100;

    private final InetSocketAddress address;
    private final String topic;
    private final boolean isNew;

    /** @param isNew whether the topic has to be made */
    public FirstProduce(InetSocketAddress address, String topic, boolean isNew) {
        this.address = address;
        this.topic = topic;
        this.isNew = isNew;
    }

    /** Something that fails if going on is useless. */
    public interface Check {
        /** Fails if the broker has ended. */
        void run() throws IOException;
    }

    /** Returns when a record has been acknowledged. */
    public void await(Duration limit, Check check) throws IOException {
        long deadline = System.nanoTime() + limit.toNanos();
        String last = "";
        while (true) {
            check.run();
            try (WireClient client = new WireClient(address)) {
                if (isNew) {
                    last = create(client);
                }
                if (!isNew || isMade(last)) {
                    produce(client, new Topic(topic, Uuid.ZERO_UUID, 1), 0, deadline);
                    return;
                }
            } catch (IOException e) {
                last = e.toString();
            }
            if (System.nanoTime() > deadline) {
                throw new IOException("no record acknowledged within " + limit + ", at last: " + last);
            }
            LockSupport.parkNanos(TRY_INTERVAL_NANOS);
        }
    }

    private static boolean isMade(String error) {
        return error.equals(Errors.NONE.name()) || error.equals(Errors.TOPIC_ALREADY_EXISTS.name());
    }

    private String create(WireClient client) throws IOException {
        CreatableTopicCollection topics = new CreatableTopicCollection();
        topics.add(new CreatableTopic().setName(topic).setNumPartitions(1).setReplicationFactor((short) 1));
        CreateTopicsRequestData request =
                new CreateTopicsRequestData().setTimeoutMs(CREATE_LIMIT_MS).setTopics(topics);
        CreateTopicsResponseData response =
                client.call(ApiKeys.CREATE_TOPICS, CREATE_VERSION, request, CreateTopicsResponseData::new);
        CreatableTopicResult result = response.topics().find(topic);
        return Errors.forCode(result.errorCode()).name();
    }

    /** Waits until each partition of a new topic takes records, by giving it one. */
    public static void awaitWritable(InetSocketAddress address, Topic topic, Duration limit) throws IOException {
        long deadline = System.nanoTime() + limit.toNanos();
        try (WireClient client = new WireClient(address)) {
            for (int i = 0; i < topic.partitionCount(); i++) {
                produce(client, topic, i, deadline);
            }
        }
    }

    private static void produce(WireClient client, Topic topic, int partition, long deadline) throws IOException {
        BatchShape.Batch batch = BatchShape.single(RECORD_SIZE_BYTES).batch(1, 0);
        while (true) {
            ProduceResponseData response = client.call(
                    ApiKeys.PRODUCE, PRODUCE_VERSION, Frame.produce(topic, partition, batch), ProduceResponseData::new);
            Errors error = Errors.NONE;
            for (TopicProduceResponse each : response.responses()) {
                for (PartitionProduceResponse answer : each.partitionResponses()) {
                    error = Errors.forCode(answer.errorCode());
                }
            }
            if (error == Errors.NONE) {
                return;
            }
            if (System.nanoTime() > deadline) {
                throw new IOException("refused: " + error);
            }
            LockSupport.parkNanos(TRY_INTERVAL_NANOS);
        }
    }
}
