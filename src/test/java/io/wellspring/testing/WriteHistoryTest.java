package io.wellspring.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** The judge that the crash tests trust: each thing that must not happen, alone, is found, and what may happen is not. */
final class WriteHistoryTest {
    private static final int IDEMPOTENT = 2;
    private static final int PLAIN = 1;
    private static final int COUNT = 20;
    private static final TopicPartition PARTITION = new TopicPartition("judged", 0);

    private final WriteHistory history = new WriteHistory(1);

    @Test
    void whatWasAcknowledgedAndIsThereIsRight() {
        List<CheckedValue> log = written(IDEMPOTENT);

        assertThatCode(() -> read(log)).doesNotThrowAnyException();
        assertThatCode(() -> read(log)).as("read again").doesNotThrowAnyException();
        assertThat(history.readOf(IDEMPOTENT, 0)).isEqualTo(COUNT);
        assertThat(history.acknowledgedCount()).isEqualTo(COUNT);
    }

    @Test
    void whatWasWrittenAndNeverAcknowledgedMayBeThereOrNot() {
        List<CheckedValue> log = written(PLAIN);
        log.add(new CheckedValue(PLAIN, COUNT));
        log.add(new CheckedValue(PLAIN, COUNT + 2));

        assertThatCode(() -> read(log)).doesNotThrowAnyException();
    }

    @Test
    void aLostAcknowledgedRecordIsFoundWhereverItWas() {
        for (int writer : new int[] {IDEMPOTENT, PLAIN}) {
            for (int lost = 0; lost < COUNT; lost++) {
                WriteHistory fresh = new WriteHistory(1);
                List<CheckedValue> log = written(fresh, writer);
                log.remove(lost);

                assertThatThrownBy(() -> read(fresh, log))
                        .as("record %d of writer %d", lost, writer)
                        .isInstanceOf(AssertionError.class);
            }
        }
    }

    @Test
    void aDuplicateIsFound() {
        for (int writer : new int[] {IDEMPOTENT, PLAIN}) {
            WriteHistory fresh = new WriteHistory(1);
            List<CheckedValue> log = written(fresh, writer);
            log.add(log.getLast());

            assertThatThrownBy(() -> read(fresh, log))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("after sequence " + (COUNT - 1));
        }
    }

    @Test
    void aRecordThatAnIdempotentWriterMissesIsFound() {
        List<CheckedValue> log = written(IDEMPOTENT);
        log.add(new CheckedValue(IDEMPOTENT, COUNT + 1));

        assertThatThrownBy(() -> read(log)).isInstanceOf(AssertionError.class).hasMessageContaining("after sequence");
    }

    @Test
    void anotherOrderIsFound() {
        List<CheckedValue> log = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            log.add(new CheckedValue(PLAIN, 1 - i));
        }

        assertThatThrownBy(() -> read(log)).isInstanceOf(AssertionError.class).hasMessageContaining("after sequence 1");
    }

    @Test
    void aHoleInTheOffsetsIsFound() {
        history.read(0, 0, new CheckedValue(PLAIN, 0));

        assertThatThrownBy(() -> history.read(0, 2, new CheckedValue(PLAIN, 2)))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("no record at offset 1");
    }

    @Test
    void aRecordThatChangedAfterItWasReadIsFound() {
        history.read(0, 0, new CheckedValue(PLAIN, 0));

        assertThatThrownBy(() -> history.read(0, 0, new CheckedValue(PLAIN, 1)))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("before it was");
    }

    @Test
    void aValueOtherThanTheAcknowledgedOneIsFound() {
        history.acknowledged(0, 0, new CheckedValue(PLAIN, 5));

        assertThatThrownBy(() -> history.read(0, 0, new CheckedValue(PLAIN, 6)))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("acknowledged was");
    }

    @Test
    void oneOffsetForTwoAcknowledgementsIsFound() {
        history.acknowledged(0, 7, new CheckedValue(PLAIN, 5));

        assertThatThrownBy(() -> history.acknowledged(0, 7, new CheckedValue(IDEMPOTENT, 5)))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("was acknowledged to");
    }

    @Test
    void everyByteOfAValueIsGuarded() {
        byte[] value = new CheckedValue(PLAIN, 77).encode(100);
        assertThat(CheckedValue.decode(value)).isEqualTo(new CheckedValue(PLAIN, 77));
        for (int i = 0; i < value.length; i++) {
            byte[] changed = value.clone();
            changed[i] ^= 0x10;

            assertThatThrownBy(() -> CheckedValue.decode(changed))
                    .as("byte %d", i)
                    .isInstanceOf(AssertionError.class);
        }
    }

    @Test
    void theReaderFindsALogThatEndsBelowWhatWasAcknowledged() {
        List<CheckedValue> log = written(IDEMPOTENT);
        log.removeLast();

        assertThatThrownBy(() -> reader(log, 0).readAll("unused"))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("ends at " + (COUNT - 1) + ", but up to " + COUNT);
    }

    @Test
    void theReaderFindsALogThatEndsBelowWhatWasRead() {
        List<CheckedValue> log = new ArrayList<>(List.of(new CheckedValue(PLAIN, 0), new CheckedValue(PLAIN, 1)));
        reader(log, 0).readNew("unused");
        log.removeLast();

        assertThatThrownBy(() -> reader(log, 0).readNew("unused"))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("ends at 1, but up to 2");
    }

    @Test
    void theReaderFindsOffsetsThatAreLeftOut() {
        List<CheckedValue> log = written(IDEMPOTENT);

        assertThatThrownBy(() -> reader(log, 3).readAll("unused"))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("after 3 comes 4");
    }

    @Test
    void theReaderPassesALogThatIsWhole() {
        List<CheckedValue> log = written(IDEMPOTENT);

        reader(log, 0).readAll("unused");

        assertThat(history.readEnd(0)).isEqualTo(COUNT);
    }

    private List<CheckedValue> written(int writer) {
        return written(history, writer);
    }

    /** This many records of one writer, all acknowledged, as the log has them. */
    private static List<CheckedValue> written(WriteHistory history, int writer) {
        List<CheckedValue> log = new ArrayList<>();
        for (int i = 0; i < COUNT; i++) {
            CheckedValue value = new CheckedValue(writer, i);
            history.acknowledged(0, i, value);
            log.add(value);
        }
        return log;
    }

    private void read(List<CheckedValue> log) {
        read(history, log);
    }

    /** As a reader does that is told the end: what was acknowledged below it and is missing shows at the next record or at the end. */
    private static void read(WriteHistory history, List<CheckedValue> log) {
        for (int i = 0; i < log.size(); i++) {
            history.read(0, i, log.get(i));
        }
        if (log.size() < history.acknowledgedEnd(0)) {
            throw new AssertionError("the log ends at " + log.size());
        }
    }

    /** @param skipped this offset is not delivered; 0: all are */
    private CheckedReader reader(List<CheckedValue> log, int skipped) {
        return new CheckedReader("judged", history, _ -> {
            MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("none");
            consumer.updateEndOffsets(Map.of(PARTITION, (long) log.size()));
            consumer.updateBeginningOffsets(Map.of(PARTITION, 0L));
            consumer.schedulePollTask(() -> {
                for (int i = 0; i < log.size(); i++) {
                    if (i >= consumer.position(PARTITION) && (skipped == 0 || i != skipped)) {
                        consumer.addRecord(new ConsumerRecord<>(
                                PARTITION.topic(), 0, i, new byte[0], log.get(i).encode(50)));
                    }
                }
            });
            return consumer;
        });
    }
}
