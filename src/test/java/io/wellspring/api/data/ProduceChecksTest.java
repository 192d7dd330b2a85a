package io.wellspring.api.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.Test;

final class ProduceChecksTest {
    private static MemoryRecords one() {
        return MemoryRecords.withRecords(Compression.NONE, new SimpleRecord("value".getBytes(StandardCharsets.UTF_8)));
    }

    private static MemoryRecords of(ByteBuffer buffer) {
        return MemoryRecords.readableRecords(buffer);
    }

    private static Errors errorOf(int version, MemoryRecords records) {
        return switch (ProduceChecks.check((short) version, records)) {
            case ProduceChecks.Sound _ -> Errors.NONE;
            case ProduceChecks.Unsound(Errors error, String _) -> error;
        };
    }

    @Test
    void oneWholeBatchIsSound() {
        assertThat(errorOf(3, one())).isEqualTo(Errors.NONE);
    }

    @Test
    void noRecordsAndNoBatchAreInvalidRecords() {
        assertThat(ProduceChecks.check((short) 9, null))
                .isInstanceOfSatisfying(
                        ProduceChecks.Unsound.class,
                        unsound -> assertThat(unsound.error()).isEqualTo(Errors.INVALID_RECORD));
        assertThat(errorOf(9, MemoryRecords.EMPTY)).isEqualTo(Errors.INVALID_RECORD);
    }

    @Test
    void aBatchCutAnywhereIsRefused() {
        ByteBuffer whole = one().buffer();
        for (int size = 1; size < whole.remaining(); size++) {
            assertThat(errorOf(9, of(whole.slice(0, size))))
                    .as("cut at " + size)
                    .isEqualTo(Errors.CORRUPT_MESSAGE);
        }
    }

    @Test
    void twoBatchesAreRefused() {
        ByteBuffer whole = one().buffer();
        ByteBuffer two = ByteBuffer.allocate(2 * whole.remaining())
                .put(whole.duplicate())
                .put(whole.duplicate())
                .flip();

        assertThat(errorOf(9, of(two))).isEqualTo(Errors.INVALID_RECORD);
    }

    @Test
    void olderMagicIsAnInvalidRecord() {
        ByteBuffer old = one().buffer();
        old.put(16, (byte) 1);

        assertThat(errorOf(9, of(old))).isEqualTo(Errors.INVALID_RECORD);
    }

    @Test
    void aLyingSizeIsRefused() {
        for (int lie : new int[] {Integer.MIN_VALUE, -1, 0, 48, Integer.MAX_VALUE}) {
            ByteBuffer lying = one().buffer();
            lying.putInt(8, lie);
            assertThat(errorOf(9, of(lying))).as("size " + lie).isEqualTo(Errors.CORRUPT_MESSAGE);
        }
    }

    @Test
    void zstdIsTakenFromVersionSevenOn() {
        MemoryRecords zstd = MemoryRecords.withRecords(
                Compression.zstd().build(), new SimpleRecord("value".getBytes(StandardCharsets.UTF_8)));

        assertThat(errorOf(6, zstd)).isEqualTo(Errors.UNSUPPORTED_COMPRESSION_TYPE);
        assertThat(errorOf(7, zstd)).isEqualTo(Errors.NONE);
    }
}
