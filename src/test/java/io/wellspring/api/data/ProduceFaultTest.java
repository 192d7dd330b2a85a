package io.wellspring.api.data;

import static org.assertj.core.api.Assertions.assertThat;

import io.wellspring.api.TopicIds;
import io.wellspring.model.TopicId;
import io.wellspring.partition.AppendRefusal;
import io.wellspring.partition.PartitionMetrics;
import io.wellspring.testing.TestCore;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.ApiMessageType;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.message.ProduceResponseData.PartitionProduceResponse;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** A bug that one partition of a produce request runs into. */
@ExtendWith(OutputCaptureExtension.class)
final class ProduceFaultTest {
    @TempDir
    private Path data = Path.of("");

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aFaultInOnePartitionLeavesTheOthersAlone(boolean isError, CapturedOutput output) {
        // What counts refusals is called while a batch is checked, on the thread of the request.
        PartitionMetrics faulty = new PartitionMetrics() {
            @Override
            public void refused(AppendRefusal reason) {
                if (isError) {
                    throw new LinkageError("planted");
                }
                throw new IllegalStateException("planted");
            }
        };
        try (TestCore core = new TestCore(data, Map.of(), faulty)) {
            TopicId id = core.createTopic("shared", 3, Map.of());
            TopicProduceData topic = new TopicProduceData()
                    .setTopicId(TopicIds.uuidOf(id))
                    .setPartitionData(List.of(share(0, "a"), share(1, "b"), share(2, "c")));
            MemoryRecords damaged = (MemoryRecords) topic.partitionData().get(1).records();
            int last = damaged.buffer().limit() - 1;
            damaged.buffer().put(last, (byte) (damaged.buffer().get(last) ^ 1));
            ProduceRequestData request =
                    new ProduceRequestData().setAcks((short) -1).setTimeoutMs(1000);
            request.topicData().add(topic);

            List<PartitionProduceResponse> answers = core.ask(
                            ApiMessageType.PRODUCE, 13, request, new ProduceResponseData())
                    .responses()
                    .iterator()
                    .next()
                    .partitionResponses();

            assertThat(answers)
                    .extracting(answer -> Errors.forCode(answer.errorCode()))
                    .containsExactly(Errors.NONE, Errors.UNKNOWN_SERVER_ERROR, Errors.NONE);
            assertThat(core.partition("shared", 0).highWatermark()).isEqualTo(1);
            assertThat(core.partition("shared", 1).highWatermark()).isZero();
            assertThat(core.partition("shared", 2).highWatermark()).isEqualTo(1);
            assertThat(output.getAll().lines().filter(line -> line.contains("A batch could not be checked")))
                    .singleElement()
                    .asString()
                    .contains("ERROR", "partition=shared-1");
        }
    }

    private static PartitionProduceData share(int index, String value) {
        return new PartitionProduceData()
                .setIndex(index)
                .setRecords(MemoryRecords.withRecords(
                        Compression.NONE, new SimpleRecord(1000, value.getBytes(StandardCharsets.UTF_8))));
    }
}
