package io.wellspring.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

final class OffsetsTest {
    private static final BatchShape SHAPE = new BatchShape(Codec.NONE, 5000, 1000);

    @Test
    void wholeBatchesAreCountedAndTheCutOneIsAskedForAgain() {
        ByteBuffer first = batch(100);
        ByteBuffer second = batch(105);
        int wholeSize = first.remaining() + second.remaining();
        ByteBuffer records = ByteBuffer.allocate(wholeSize + 70);
        records.put(first).put(second).put(batch(110).limit(70)).flip();
        assertThat(Offsets.RECORDS.read(records, 100)).isEqualTo(new Offsets.Progress(110, wholeSize));
        assertThat(records.position()).isZero();
    }

    @Test
    void cutBatchAloneIsNoProgress() {
        assertThat(Offsets.RECORDS.read(batch(7).limit(200), 7)).isEqualTo(new Offsets.Progress(7, 0));
    }

    @Test
    void floorCountsBytes() {
        assertThat(Offsets.BYTES.read(ByteBuffer.allocate(33), 100)).isEqualTo(new Offsets.Progress(133, 33));
    }

    private static ByteBuffer batch(long baseOffset) {
        ByteBuffer batch = SHAPE.batch(5, 1).records().buffer();
        return batch.putLong(0, baseOffset);
    }
}
