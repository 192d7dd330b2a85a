package io.wellspring.coordinator.group;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wellspring.model.TopicPartition;
import io.wellspring.partition.Partition;
import io.wellspring.partition.ScriptedPartitions;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.errors.NotLeaderOrFollowerException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.coordinator.common.runtime.PartitionWriter;
import org.apache.kafka.server.common.TransactionVersion;
import org.apache.kafka.storage.internals.log.VerificationGuard;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class GroupLogWriterTest {
    private static final org.apache.kafka.common.TopicPartition NAME =
            new org.apache.kafka.common.TopicPartition(OffsetsTopic.NAME, 3);
    private static final org.apache.kafka.common.TopicPartition NOT_HERE =
            new org.apache.kafka.common.TopicPartition(OffsetsTopic.NAME, 4);

    @TempDir
    Path directory = Path.of("");

    private final List<Integer> lost = new ArrayList<>();
    private ScriptedPartitions partitions;
    private Partition partition;
    private GroupLogWriter writer;

    @BeforeEach
    void open() {
        partitions = new ScriptedPartitions(directory);
        partition = partitions.open(
                new TopicPartition(NAME.topic(), NAME.partition()),
                Map.of("cleanup.policy", "compact", "max.message.bytes", "1000"));
        writer = new GroupLogWriter(partitions.all(), lost::add);
        partitions.engine().subscribe(writer);
    }

    @AfterEach
    void close() {
        partitions.close();
    }

    @Test
    void answersWithTheOffsetAfterTheRecordsWhenTheyAreWritten() {
        partitions.engine().hold();

        assertThat(append(records(3, 10))).isEqualTo(3L);
        assertThat(append(records(2, 10))).isEqualTo(5L);
        assertThat(partition.logEndOffset()).isEqualTo(5L);
        assertThat(partition.highWatermark()).isZero();
        assertThat(lost).isEmpty();
    }

    @Test
    void listenerHearsOfTheHighWatermarkOfItsPartitionUntilItIsTakenOut() {
        List<Long> heard = new ArrayList<>();
        PartitionWriter.Listener listener = (name, highWatermark) -> {
            assertThat(name).isEqualTo(NAME);
            heard.add(highWatermark);
        };
        partitions.engine().hold();
        writer.registerListener(NAME, listener);
        writer.registerListener(NOT_HERE, (name, highWatermark) -> heard.add(-1L));
        append(records(3, 10));
        append(records(2, 10));
        assertThat(heard).isEmpty();

        partitions.engine().commit(1);
        partitions.engine().commit(1);
        writer.deregisterListener(NAME, (name, highWatermark) -> {});
        append(records(1, 10));
        partitions.engine().commit(1);
        writer.deregisterListener(NAME, listener);
        append(records(1, 10));
        partitions.engine().commit(1);

        assertThat(heard).containsExactly(3L, 5L, 6L);
    }

    /** The library fills its buffer anew as soon as the append has returned. */
    @Test
    void bufferIsTheCallersAgainWhenTheAppendReturns() {
        partitions.engine().hold();
        MemoryRecords records = records(3, 10);
        append(records);

        ByteBuffer buffer = records.buffer();
        for (int i = 0; i < buffer.limit(); i++) {
            buffer.put(i, (byte) 0x55);
        }
        partitions.engine().commit(1);

        assertThat(partition.highWatermark()).isEqualTo(3L);
        assertThat(lost).isEmpty();
    }

    @Test
    void groupsAreGivenUpWhoseRecordsWereWrittenAndAreNotCommitted() {
        partitions.engine().hold();
        append(records(3, 10));

        partitions.engine().loseLeadership();

        assertThat(lost).containsExactly(NAME.partition());
    }

    @Test
    void refusalsAreToldInExceptionsThatTheLibraryKnows() {
        assertThatThrownBy(() -> append(records(1, 2000))).isInstanceOf(RecordTooLargeException.class);
        assertThatThrownBy(() -> writer.append(
                        NOT_HERE, VerificationGuard.SENTINEL, records(1, 10), TransactionVersion.TV_UNKNOWN))
                .isInstanceOf(NotLeaderOrFollowerException.class);
        partitions.engine().loseLeadership();
        assertThatThrownBy(() -> append(records(1, 10))).isInstanceOf(NotLeaderOrFollowerException.class);

        // Nothing was written that could be lost.
        assertThat(lost).isEmpty();
        assertThat(partition.logEndOffset()).isZero();
    }

    @Test
    void largestBatchIsThatOfTheTopic() {
        assertThat(writer.config(NAME).maxMessageSize()).isEqualTo(1000);
        assertThatThrownBy(() -> writer.config(NOT_HERE)).isInstanceOf(NotLeaderOrFollowerException.class);
    }

    @Test
    void beginningOfTheLogIsDeletedAndWhatIsNotThereIsRefused() {
        append(records(5, 10));

        writer.deleteRecords(NAME, 3).join();

        assertThat(partition.logStartOffset()).isEqualTo(3L);
        assertThatThrownBy(() -> writer.deleteRecords(NAME, 99).join())
                .hasCauseInstanceOf(NotLeaderOrFollowerException.class);
        assertThatThrownBy(() -> writer.deleteRecords(NOT_HERE, 1)).isInstanceOf(NotLeaderOrFollowerException.class);
    }

    @Test
    void offsetsInTransactionsAreRefused() {
        assertThat(writer.maybeStartTransactionVerification(NAME, "payments", 1L, (short) 0, 1))
                .isCompletedExceptionally();
    }

    private long append(MemoryRecords records) {
        return writer.append(NAME, VerificationGuard.SENTINEL, records, TransactionVersion.TV_UNKNOWN);
    }

    private static MemoryRecords records(int count, int valueSize) {
        SimpleRecord[] records = new SimpleRecord[count];
        for (int i = 0; i < count; i++) {
            records[i] = new SimpleRecord(1_000L + i, new byte[] {(byte) i}, new byte[valueSize]);
        }
        return MemoryRecords.withRecords(Compression.NONE, records);
    }
}
