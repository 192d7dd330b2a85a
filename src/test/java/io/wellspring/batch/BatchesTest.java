package io.wellspring.batch;

import static org.assertj.core.api.Assertions.assertThat;

import io.wellspring.batch.Batches.Ending;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class BatchesTest {
    private static final ByteBuffer ONE =
            new BatchBuilder().append(1, new byte[2], new byte[3]).build();
    private static final int SIZE = ONE.remaining();

    @Test
    void wholeBatchesAreGivenInOrderAndPositionStays() {
        ByteBuffer buffer = ByteBuffer.allocate(5 + 3 * SIZE).position(5);
        for (int i = 0; i < 3; i++) {
            buffer.put(ONE.duplicate());
        }
        buffer.flip().position(5);
        List<Integer> starts = new ArrayList<>();
        assertThat(Batches.forEach(buffer, batch -> starts.add(batch.start())))
                .isEqualTo(new Ending.Whole(5 + 3 * SIZE));
        assertThat(starts).containsExactly(5, 5 + SIZE, 5 + 2 * SIZE);
        assertThat(buffer.position()).isEqualTo(5);
        assertThat(Batches.list(buffer)).hasSize(3);
    }

    @Test
    void everyCutIsPartial() {
        ByteBuffer buffer = ByteBuffer.allocate(2 * SIZE).put(ONE.duplicate()).put(ONE.duplicate());
        for (int size = 1; size < SIZE; size++) {
            ByteBuffer cut = buffer.duplicate().position(0).limit(SIZE + size);
            assertThat(Batches.forEach(cut, batch -> {})).isEqualTo(new Ending.Partial(SIZE));
        }
        assertThat(Batches.forEach(ByteBuffer.allocate(0), batch -> {})).isEqualTo(new Ending.Whole(0));
    }

    @Test
    void lengthsThatLieAreMalformedOrPartialAndGiveNoBatch() {
        for (int length : new int[] {Integer.MIN_VALUE, -13, -12, -1, 0, 48, SIZE, 1 << 30, Integer.MAX_VALUE}) {
            ByteBuffer lying = ByteBuffer.allocate(SIZE).put(ONE.duplicate()).flip();
            lying.putInt(RecordBatch.LENGTH_POSITION, length);
            List<RecordBatch> given = new ArrayList<>();
            Ending ending = Batches.forEach(lying, given::add);
            assertThat(given).as("length %d", length).isEmpty();
            assertThat(ending.position()).isZero();
            assertThat(ending).isInstanceOf(length < 49 ? Ending.Malformed.class : Ending.Partial.class);
        }
    }

    @Test
    void anotherMagicIsMalformedAndOlderOnesAreKnown() {
        for (byte magic : new byte[] {-1, 0, 1, 3}) {
            ByteBuffer other = ByteBuffer.allocate(SIZE).put(ONE.duplicate()).flip();
            other.put(RecordBatch.MAGIC_POSITION, magic);
            assertThat(Batches.forEach(other, batch -> {}))
                    .isInstanceOfSatisfying(
                            Ending.Malformed.class,
                            ending -> assertThat(ending.olderFormat()).isEqualTo(magic == 0 || magic == 1));
        }
    }
}
