package io.wellspring.api.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

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
    void aBatchCutAnywhereIsAnInvalidRecord() {
        ByteBuffer whole = one().buffer();
        for (int size = 1; size < whole.remaining(); size++) {
            assertThat(errorOf(9, of(whole.slice(0, size))))
                    .as("cut at " + size)
                    .isEqualTo(Errors.INVALID_RECORD);
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

    /** Not a corrupt message, which clients send again and again: no repetition makes an old format a new one. */
    @ParameterizedTest
    @ValueSource(bytes = {0, 1})
    void olderMagicIsAnInvalidRecordHoweverShortItsMessage(byte magic) {
        for (int size : new int[] {0, 10, 1000}) {
            MemoryRecords old =
                    MemoryRecords.withRecords(magic, Compression.NONE, new SimpleRecord(-1L, null, new byte[size]));

            assertThat(errorOf(9, old)).as("value of " + size).isEqualTo(Errors.INVALID_RECORD);
        }
    }

    @ParameterizedTest
    @ValueSource(bytes = {Byte.MIN_VALUE, -1, 3})
    void aMagicThatNeverWasIsCorrupt(byte magic) {
        ByteBuffer batch = one().buffer();
        batch.put(16, magic);

        assertThat(errorOf(9, of(batch))).isEqualTo(Errors.CORRUPT_MESSAGE);
    }

    @ParameterizedTest
    @CsvSource({
        "-2147483648, CORRUPT_MESSAGE",
        "-1, CORRUPT_MESSAGE",
        "0, CORRUPT_MESSAGE",
        "13, CORRUPT_MESSAGE",
        "48, CORRUPT_MESSAGE",
        "2147483647, INVALID_RECORD"
    })
    void aLyingSizeIsRefused(int lie, Errors error) {
        ByteBuffer lying = one().buffer();
        lying.putInt(8, lie);

        assertThat(errorOf(9, of(lying))).isEqualTo(error);
    }

    @Test
    void zstdIsTakenFromVersionSevenOn() {
        MemoryRecords zstd = MemoryRecords.withRecords(
                Compression.zstd().build(), new SimpleRecord("value".getBytes(StandardCharsets.UTF_8)));

        assertThat(errorOf(6, zstd)).isEqualTo(Errors.UNSUPPORTED_COMPRESSION_TYPE);
        assertThat(errorOf(7, zstd)).isEqualTo(Errors.NONE);
    }
}
