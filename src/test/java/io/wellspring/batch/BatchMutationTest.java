package io.wellspring.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.wellspring.batch.compression.Compression;
import io.wellspring.batch.compression.DecompressionBounds;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.junit.jupiter.api.Test;

/**
 * Batches with random damage, most of them with a CRC that fits it: whatever comes, the validator answers with one of its
 * outcomes, and what it lets through Kafka can read.
 */
final class BatchMutationTest {
    private static final int MUTATIONS = 60_000;
    private static final DecompressionBounds BOUNDS = new DecompressionBounds(4 << 20, 1_000, 4 << 20);
    private static final BatchValidator VALIDATOR = new BatchValidator(BOUNDS);

    @Test
    void damagedBatchesAreAnsweredAndNeverThrow() {
        long seed = Long.getLong("wellspring.test.seed", new Random().nextLong());
        Random random = new Random(seed);
        List<ByteBuffer> originals = new ArrayList<>();
        for (Compression codec : KafkaBatches.DEFAULT_LEVELS) {
            for (int i = 0; i < 6; i++) {
                originals.add(KafkaBatches.write(codec, KafkaBatches.mixed(random.nextLong(), 1 + i * 6, 40 << i)));
            }
        }
        int valid = 0;
        for (int i = 0; i < MUTATIONS; i++) {
            ByteBuffer damaged = mutate(originals.get(random.nextInt(originals.size())), random);
            try {
                ValidationOutcome outcome = VALIDATOR.validate(damaged, rules(random), BatchValidatorTest.NOW_MS);
                if (outcome instanceof ValidationOutcome.Valid accepted) {
                    valid++;
                    readAll(accepted);
                }
            } catch (RuntimeException | UnreadableRecordsException e) {
                fail("seed " + seed + ", mutation " + i, e);
            }
        }
        // Neither all refused (the damage would be too coarse to get past the first check) nor all let through.
        assertThat(valid).as("seed %d", seed).isBetween(MUTATIONS / 100, MUTATIONS * 4 / 5);
    }

    private static void readAll(ValidationOutcome.Valid accepted) throws UnreadableRecordsException {
        int count = 0;
        for (RecordBatch batch : accepted.batches()) {
            count += RecordCursor.records(batch, BOUNDS).size();
        }
        assertThat(count).isEqualTo(accepted.recordCount());
        int kafkas = 0;
        for (var batch : MemoryRecords.readableRecords(accepted.bytes()).batches()) {
            batch.ensureValid();
            for (var record : batch) {
                assertThat(record.offset()).isEqualTo(kafkas);
                kafkas++;
            }
        }
        assertThat(kafkas).isEqualTo(count);
    }

    private static ValidationRules rules(Random random) {
        Compression target = random.nextInt(4) == 0
                ? KafkaBatches.DEFAULT_LEVELS.get(random.nextInt(KafkaBatches.DEFAULT_LEVELS.size()))
                : null;
        return BatchValidatorTest.rules(RecordOrigin.CLIENT, target, 1 << 20);
    }

    private static ByteBuffer mutate(ByteBuffer original, Random random) {
        int size = original.remaining();
        ByteBuffer damaged = ByteBuffer.allocate(size + 64).put(original.duplicate());
        int from = random.nextInt(4) == 0 ? 0 : RecordBatch.HEADER_SIZE_BYTES;
        for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
            int at = from + random.nextInt(size - from);
            switch (random.nextInt(5)) {
                case 0 -> damaged.put(at, (byte) random.nextInt());
                case 1 -> damaged.put(at, (byte) (damaged.get(at) ^ 1 << random.nextInt(8)));
                case 2 -> damaged.put(at, new byte[] {-1, 0, 127, -128}[random.nextInt(4)]);
                case 3 -> damaged.put(at, damaged, from + random.nextInt(size - from), Math.min(3, size - at));
                default -> size = Math.max(RecordBatch.HEADER_SIZE_BYTES + 1, size + random.nextInt(7) - 3);
            }
            size = Math.min(size, damaged.capacity());
        }
        damaged.position(0).limit(size);
        if (random.nextInt(10) > 0) {
            damaged.putInt(RecordBatch.LENGTH_POSITION, size - RecordBatch.LENGTH_OVERHEAD_BYTES);
            RecordBatch.at(damaged, 0).assignCrc();
        }
        return damaged;
    }
}
