package io.wellspring.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.List;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.requests.RequestHeader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class FrameTest {
    private static final Topic TOPIC = new Topic("t", new Uuid(1, 2), 3);

    @ParameterizedTest
    @EnumSource(Codec.class)
    void batchesHaveAboutTheSizeAimedAtWhateverTheCodec(Codec codec) {
        for (int sizeBytes : List.of(16 * 1024, 128 * 1024)) {
            for (Frame frame : Frame.build(TOPIC, new BatchShape(codec, sizeBytes, 1000))) {
                assertThat((double) frame.batchSizeBytes()).isBetween(0.93 * sizeBytes, 1.07 * sizeBytes);
            }
        }
    }

    @Test
    void dataIsAsCompressibleAsEventsAre() {
        int plain = new BatchShape(Codec.NONE, 128 * 1024, 1000).recordCount();
        int lz4 = new BatchShape(Codec.LZ4, 128 * 1024, 1000).recordCount();
        int zstd = new BatchShape(Codec.ZSTD, 128 * 1024, 1000).recordCount();
        assertThat((double) lz4 / plain).isBetween(2.0, 6.0);
        assertThat((double) zstd / plain).isBetween(lz4 / (double) plain, 8.0);
    }

    @Test
    void frameIsAProduceRequestThatKafkasClassesRead() {
        List<Frame> frames = Frame.build(TOPIC, new BatchShape(Codec.LZ4, 16 * 1024, 1000));
        for (int i = 0; i < frames.size(); i++) {
            ByteBuffer bytes = frames.get(i).bytes().duplicate();
            assertThat(bytes.getInt()).isEqualTo(bytes.remaining());
            RequestHeader header = RequestHeader.parse(bytes);
            assertThat(header.correlationId()).isEqualTo(i);
            ProduceRequestData request = new ProduceRequestData(new ByteBufferAccessor(bytes), header.apiVersion());
            TopicProduceData topic = request.topicData().iterator().next();
            assertThat(topic.topicId()).isEqualTo(TOPIC.id());
            assertThat(topic.partitionData().getFirst().index()).isEqualTo(i % TOPIC.partitionCount());
            assertThat(recordCount(
                            (MemoryRecords) topic.partitionData().getFirst().records()))
                    .isEqualTo(frames.get(i).recordCount());
        }
    }

    private static int recordCount(MemoryRecords records) {
        int count = 0;
        for (RecordBatch batch : records.batches()) {
            batch.ensureValid();
            for (Record record : batch) {
                assertThat(record.valueSize()).isEqualTo(1000);
                count++;
            }
        }
        return count;
    }

    @Test
    void eachPartitionGetsAsManyFrames() {
        for (int partitions : List.of(1, 3, 64, 100)) {
            List<Frame> frames = Frame.build(new Topic("t", TOPIC.id(), partitions), BatchShape.single(100));
            assertThat(frames).hasSizeGreaterThanOrEqualTo(64);
            assertThat(frames.size() % partitions).isZero();
        }
    }

    @Test
    void singleIsOneRecord() {
        Frame frame = Frame.build(TOPIC, BatchShape.single(100)).getFirst();
        assertThat(frame.recordCount()).isOne();
    }
}
