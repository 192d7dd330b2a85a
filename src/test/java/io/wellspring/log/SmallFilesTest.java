package io.wellspring.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wellspring.model.TopicId;
import io.wellspring.model.TopicPartition;
import io.wellspring.support.StartRefusedException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class SmallFilesTest {
    private static final ProducerSnapshot.Entry PRODUCER =
            new ProducerSnapshot.Entry(4711L, (short) 3, 99, 1234L, 9, 1_700_000_000_000L, 2, -1L);

    @Test
    void producerSnapshotIsKafkasSchemaVersionOne() {
        ByteBuffer file = ProducerSnapshot.encode(List.of(PRODUCER));

        byte[] bytes = new byte[file.remaining()];
        file.get(file.position(), bytes);
        String hex = HexFormat.of().formatHex(bytes);
        assertThat(hex.substring(0, 4)).isEqualTo("0001");
        assertThat(hex.substring(12))
                .isEqualTo("00000001" + "0000000000001267" + "0003" + "00000063" + "00000000000004d2" + "00000009"
                        + "0000018bcfe56800" + "00000002" + "ffffffffffffffff");
        assertThat(ProducerSnapshot.decode(file)).containsExactly(PRODUCER);
    }

    @Test
    void damagedProducerSnapshotIsRefusedWhicheverBitFlipped() {
        byte[] good = ProducerSnapshot.encode(List.of(PRODUCER, PRODUCER)).array();
        for (int bit = 0; bit < good.length * 8; bit++) {
            byte[] flipped = good.clone();
            flipped[bit / 8] ^= (byte) (1 << (bit % 8));
            assertThat(ProducerSnapshot.decode(ByteBuffer.wrap(flipped)))
                    .as("bit " + bit)
                    .isNull();
        }
        for (int size = 0; size < good.length; size++) {
            assertThat(ProducerSnapshot.decode(ByteBuffer.wrap(good, 0, size).slice()))
                    .as("size " + size)
                    .isNull();
        }
    }

    @Test
    void leaderEpochsAreKafkasTextCheckpoint() {
        List<LeaderEpochs.Entry> entries = List.of(new LeaderEpochs.Entry(0, 0), new LeaderEpochs.Entry(3, 4711));

        ByteBuffer file = LeaderEpochFile.encode(entries);

        assertThat(StandardCharsets.UTF_8.decode(file.duplicate()).toString()).isEqualTo("0\n2\n0 0\n3 4711\n");
        assertThat(LeaderEpochFile.decode(file)).isEqualTo(entries);
        for (int size = 0; size < file.limit(); size++) {
            assertThat(LeaderEpochFile.decode(file.slice(0, size)))
                    .as("size " + size)
                    .isNull();
        }
        assertThat(LeaderEpochFile.decode(text("0\n2\n3 4711\n0 0\n"))).isNull();
    }

    @Test
    void partitionMetadataIsKafkas() {
        TopicId id = new TopicId(4711L, 42L);

        ByteBuffer file = PartitionMetadata.encode(id);

        assertThat(StandardCharsets.UTF_8.decode(file.duplicate()).toString()).isEqualTo("version: 0\ntopic_id: " + id);
        assertThat(PartitionMetadata.decode(file)).isEqualTo(id);
        assertThat(PartitionMetadata.decode(text("version: 1\ntopic_id: " + id)))
                .isNull();
        assertThat(PartitionMetadata.decode(file.slice(0, file.limit() - 1))).isNull();
    }

    @Test
    void durableMarksComeBackAndNoFlippedBitIsTakenForOne() {
        Map<TopicPartition, DurableMarks.Entry> marks = new TreeMap<>();
        TopicId id = new TopicId(4711L, 42L);
        marks.put(
                new TopicPartition("orders", 0),
                new DurableMarks.Entry(
                        id,
                        new Checkpoint(
                                new DurableMark(
                                        5,
                                        4711,
                                        4000,
                                        81920,
                                        0x9c3e01ffL,
                                        82416,
                                        List.of(new DurableMark.Sealed(0, 99))),
                                new IndexMark(3, 0xffffffffL, 2, 1, new TimeIndex.Entry(900, 4710), 12))));
        marks.put(
                new TopicPartition("orders", 1),
                new DurableMarks.Entry(id, new Checkpoint(DurableMark.atStartOf(0, 0, List.of()), null)));

        byte[] file = DurableMarks.encode(marks).array();

        assertThat(DurableMarks.decode(ByteBuffer.wrap(file))).isEqualTo(marks);
        for (int bit = 0; bit < file.length * 8; bit++) {
            byte[] flipped = file.clone();
            flipped[bit / 8] ^= (byte) (1 << (bit % 8));
            assertThat(DurableMarks.decode(ByteBuffer.wrap(flipped)))
                    .as("bit " + bit)
                    .isNull();
        }
    }

    @Test
    void namesOfDirectoriesAreReadAsKafkaReadsThem() {
        assertThat(FileNames.partitionOf("orders-3")).isEqualTo(new TopicPartition("orders", 3));
        assertThat(FileNames.partitionOf("a-b-12")).isEqualTo(new TopicPartition("a-b", 12));
        for (String other :
                List.of("orders", "-3", "orders-", "orders-03", "orders-x", "orders-3.abc-delete", "o-99999999999")) {
            assertThat(FileNames.partitionOf(other)).as(other).isNull();
        }
        String longest = FileNames.deletedDirectory(new TopicPartition("t".repeat(249), 99_999), TopicId.random());
        assertThat(longest).hasSizeLessThanOrEqualTo(255).endsWith("-delete");
        assertThat(FileNames.isDeletedDirectory(longest)).isTrue();
    }

    @Test
    void wrongSettingIsNamedWithItsValueAndARemedy() {
        assertThatThrownBy(() -> new NodeProperties(-1))
                .isInstanceOf(StartRefusedException.class)
                .hasMessageContaining("wellspring.node.id=-1");
    }

    private static ByteBuffer text(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }
}
