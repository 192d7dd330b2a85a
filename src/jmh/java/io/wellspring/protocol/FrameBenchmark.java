package io.wellspring.protocol;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.ApiMessageType;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.requests.RequestUtils;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** The frames of the two hot requests, decoded, and their answers, encoded: one partition each, the records staying where they are. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class FrameBenchmark {
    private static final short PRODUCE_VERSION = 13;
    private static final short FETCH_VERSION = 17;
    private static final int VALUE_SIZE_BYTES = 16_000;
    private static final Uuid TOPIC = new Uuid(4711, 42);

    private final MemoryRecords records = MemoryRecords.withRecords(
            Compression.NONE, new SimpleRecord(1_700_000_000_000L, new byte[VALUE_SIZE_BYTES]));
    private final ByteBuffer produceFrame = frame(ApiMessageType.PRODUCE, PRODUCE_VERSION, produce());
    private final ByteBuffer fetchFrame = frame(ApiMessageType.FETCH, FETCH_VERSION, fetch());

    private ProduceRequestData produce() {
        ProduceRequestData.TopicProduceDataCollection topics = new ProduceRequestData.TopicProduceDataCollection();
        topics.add(new ProduceRequestData.TopicProduceData()
                .setTopicId(TOPIC)
                .setPartitionData(List.of(new ProduceRequestData.PartitionProduceData().setRecords(records))));
        return new ProduceRequestData().setAcks((short) -1).setTimeoutMs(30_000).setTopicData(topics);
    }

    private static FetchRequestData fetch() {
        return new FetchRequestData()
                .setMaxWaitMs(500)
                .setMinBytes(1)
                .setTopics(List.of(new FetchRequestData.FetchTopic()
                        .setTopicId(TOPIC)
                        .setPartitions(List.of(new FetchRequestData.FetchPartition().setPartitionMaxBytes(1 << 20)))));
    }

    private static ByteBuffer frame(ApiMessageType api, short version, ApiMessage request) {
        RequestHeaderData header = new RequestHeaderData()
                .setRequestApiKey(api.apiKey())
                .setRequestApiVersion(version)
                .setClientId("bench");
        ByteBuffer frame = RequestUtils.serialize(header, api.requestHeaderVersion(version), request, version);
        return ByteBuffer.allocateDirect(frame.remaining()).put(frame).flip();
    }

    private static ApiMessage decode(ByteBuffer frame) {
        return RequestDecoder.decode(frame, RequestHeaderView.peek(frame));
    }

    @Benchmark
    public ApiMessage decodeProduce() {
        return decode(produceFrame.duplicate());
    }

    @Benchmark
    public ApiMessage decodeFetch() {
        return decode(fetchFrame.duplicate());
    }

    @Benchmark
    public EncodedResponse encodeProduce() {
        ProduceResponseData.TopicProduceResponseCollection topics =
                new ProduceResponseData.TopicProduceResponseCollection();
        topics.add(new ProduceResponseData.TopicProduceResponse()
                .setTopicId(TOPIC)
                .setPartitionResponses(
                        List.of(new ProduceResponseData.PartitionProduceResponse().setBaseOffset(4711))));
        return ResponseEncoder.encode(
                ApiMessageType.PRODUCE, PRODUCE_VERSION, 1, new ProduceResponseData().setResponses(topics));
    }

    @Benchmark
    public EncodedResponse encodeFetch() {
        FetchResponseData response = new FetchResponseData()
                .setResponses(List.of(new FetchResponseData.FetchableTopicResponse()
                        .setTopicId(TOPIC)
                        .setPartitions(List.of(new FetchResponseData.PartitionData()
                                .setHighWatermark(4712)
                                .setRecords(records)))));
        return ResponseEncoder.encode(ApiMessageType.FETCH, FETCH_VERSION, 1, response);
    }
}
