package io.wellspring.bench.load;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceDataCollection;
import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.requests.RequestUtils;

/**
 * A produce request as it goes over the wire, built once and sent many times; its correlation id is its index, so that nothing is written into it.
 *
 * @param bytes with the length in front, outside the heap, so that the kernel takes them from where they are
 * @param batchSizeBytes what the log grows by
 */
record Frame(ByteBuffer bytes, int batchSizeBytes, int recordCount) {
    /** By topic id, as a client of today does. */
    static final short PRODUCE_VERSION = 13;

    private static final int TIMEOUT_MS = 30_000;
    private static final short ALL = -1;
    private static final int DISTINCT_LEAST = 64;

    /** Frames that take the topic's partitions in turn, at least 64 of them with different records. */
    static List<Frame> build(Topic topic, BatchShape shape) {
        int count = Math.max(DISTINCT_LEAST, topic.partitionCount());
        // Each partition gets as many as each other.
        count += (topic.partitionCount() - count % topic.partitionCount()) % topic.partitionCount();
        int recordCount = shape.recordCount();
        List<Frame> frames = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            BatchShape.Batch batch = shape.batch(recordCount, i);
            ProduceRequestData request = produce(topic, i % topic.partitionCount(), batch);
            ByteBuffer bytes = encode(ApiKeys.PRODUCE, PRODUCE_VERSION, i, request);
            frames.add(new Frame(
                    ByteBuffer.allocateDirect(bytes.remaining()).put(bytes).flip(),
                    batch.records().sizeInBytes(),
                    batch.recordCount()));
        }
        return frames;
    }

    static ProduceRequestData produce(Topic topic, int partition, BatchShape.Batch batch) {
        TopicProduceDataCollection topics = new TopicProduceDataCollection();
        topics.add(new TopicProduceData()
                .setName(topic.name())
                .setTopicId(topic.id())
                .setPartitionData(
                        List.of(new PartitionProduceData().setIndex(partition).setRecords(batch.records()))));
        return new ProduceRequestData().setAcks(ALL).setTimeoutMs(TIMEOUT_MS).setTopicData(topics);
    }

    static ByteBuffer encode(ApiKeys api, short version, int correlationId, ApiMessage request) {
        RequestHeaderData header = new RequestHeaderData()
                .setRequestApiKey(api.id)
                .setRequestApiVersion(version)
                .setCorrelationId(correlationId)
                .setClientId("bench");
        ByteBuffer message = RequestUtils.serialize(header, api.requestHeaderVersion(version), request, version);
        ByteBuffer frame = ByteBuffer.allocate(Integer.BYTES + message.remaining());
        frame.putInt(message.remaining()).put(message).flip();
        return frame;
    }
}
