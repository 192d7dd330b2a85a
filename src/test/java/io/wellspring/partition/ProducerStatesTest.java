package io.wellspring.partition;

import static org.assertj.core.api.Assertions.assertThat;

import io.wellspring.batch.RecordBatch;
import io.wellspring.log.ProducerSnapshot;
import io.wellspring.partition.ProducerStates.Verdict;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class ProducerStatesTest {
    private static final long PRODUCER = 7L;
    private static final int MOST = 3;

    private final AtomicLong nanos = new AtomicLong();
    private final ProducerStates states = new ProducerStates(MOST, nanos::get);
    private long nextOffset;

    private Verdict check(int epoch, int baseSequence, int recordCount) {
        return states.check(List.of(TestBatches.of(PRODUCER, epoch, baseSequence, recordCount)));
    }

    private RecordBatch assign(RecordBatch batch) {
        TestBatches.at(nextOffset, batch);
        nextOffset = batch.nextOffset();
        states.assigned(batch);
        return batch;
    }

    private void write(RecordBatch batch) {
        states.replay(assign(batch));
    }

    /** TestBatches all have this time. */
    private static Verdict known(long baseOffset) {
        return new Verdict.Known(baseOffset, 1_000L);
    }

    private void assertRefused(Verdict verdict, AppendRefusal reason) {
        assertThat(verdict)
                .isInstanceOfSatisfying(
                        Verdict.Refused.class,
                        refused -> assertThat(refused.reason()).isEqualTo(reason));
    }

    @Test
    void eachOfTheLastFiveBatchesIsRecognizedBeforeAndAfterItsWrite() {
        RecordBatch[] batches = new RecordBatch[5];
        for (int i = 0; i < 5; i++) {
            batches[i] = assign(TestBatches.of(PRODUCER, 0, i * 2, 2));
        }
        for (int i = 0; i < 5; i++) {
            assertThat(check(0, i * 2, 2)).isEqualTo(known(i * 2L));
        }
        for (RecordBatch batch : batches) {
            states.replay(batch);
        }
        for (int i = 0; i < 5; i++) {
            assertThat(check(0, i * 2, 2)).isEqualTo(known(i * 2L));
        }
    }

    @Test
    void theSixthBatchBackIsOutOfOrder() {
        for (int i = 0; i < 6; i++) {
            write(TestBatches.of(PRODUCER, 0, i, 1));
        }
        assertRefused(check(0, 0, 1), AppendRefusal.OUT_OF_ORDER_SEQUENCE);
        assertThat(check(0, 1, 1)).isEqualTo(known(1));
    }

    @Test
    void aGapIsOutOfOrderWhileBatchesAreInFlight() {
        assign(TestBatches.of(PRODUCER, 0, 0, 3));
        assertThat(check(0, 3, 1)).isInstanceOf(Verdict.Fresh.class);
        assertRefused(check(0, 4, 1), AppendRefusal.OUT_OF_ORDER_SEQUENCE);
        assertRefused(check(0, 2, 1), AppendRefusal.OUT_OF_ORDER_SEQUENCE);
    }

    @Test
    void sequencesWrapAfterTheLargestInt() {
        write(TestBatches.of(PRODUCER, 0, Integer.MAX_VALUE - 1, 4));
        assertThat(check(0, 2, 1)).isInstanceOf(Verdict.Fresh.class);
        assertThat(check(0, Integer.MAX_VALUE - 1, 4)).isEqualTo(known(0));
        assertRefused(check(0, 3, 1), AppendRefusal.OUT_OF_ORDER_SEQUENCE);
    }

    @Test
    void afterTheLargestSequenceComesZero() {
        write(TestBatches.of(PRODUCER, 0, Integer.MAX_VALUE, 1));
        assertThat(check(0, 0, 1)).isInstanceOf(Verdict.Fresh.class);
    }

    @Test
    void anOlderEpochIsRefusedAndANewerOneBeginsWithZero() {
        write(TestBatches.of(PRODUCER, 3, 0, 1));
        assertRefused(check(2, 1, 1), AppendRefusal.INVALID_PRODUCER_EPOCH);
        assertRefused(check(4, 1, 1), AppendRefusal.OUT_OF_ORDER_SEQUENCE);
        assertThat(check(4, 0, 1)).isInstanceOf(Verdict.Fresh.class);
    }

    @Test
    void aProducerThatNobodyRemembersMayGoOnWhereItIs() {
        assertThat(check(5, 1234, 1)).isInstanceOf(Verdict.Fresh.class);
    }

    @Test
    void forgettingWhatWasAssignedBringsBackWhatIsWritten() {
        write(TestBatches.of(PRODUCER, 0, 0, 1));
        assign(TestBatches.of(PRODUCER, 0, 1, 1));
        assign(TestBatches.of(99L, 0, 0, 1));
        states.forgetAssigned();
        assertThat(check(0, 1, 1)).isInstanceOf(Verdict.Fresh.class);
        assertRefused(check(0, 2, 1), AppendRefusal.OUT_OF_ORDER_SEQUENCE);
    }

    @Test
    void aSnapshotHoldsNothingThatIsOnlyAssigned() {
        write(TestBatches.of(PRODUCER, 0, 0, 1));
        assign(TestBatches.of(PRODUCER, 0, 1, 1));
        ProducerStates restored = new ProducerStates(MOST, nanos::get);
        restored.restore(1, states.snapshot());
        assertThat(restored.check(List.of(TestBatches.of(PRODUCER, 0, 1, 1)))).isInstanceOf(Verdict.Fresh.class);
    }

    @Test
    void aSnapshotInTheMiddleOfAWriteHoldsWhatLiesBeforeIt() {
        RecordBatch first = assign(TestBatches.of(PRODUCER, 0, 0, 1));
        RecordBatch second = assign(TestBatches.of(PRODUCER, 0, 1, 1));
        AtomicLong logEnd = new AtomicLong();
        states.writing(List.of(first, second), logEnd::get);
        logEnd.set(1);
        List<ProducerSnapshot.Entry> between = states.snapshot();
        logEnd.set(2);
        states.written();
        assertThat(between).extracting(ProducerSnapshot.Entry::lastOffset).containsExactly(0L);
        assertThat(states.snapshot())
                .extracting(ProducerSnapshot.Entry::lastOffset)
                .containsExactly(0L, 1L);
    }

    @Test
    void allFiveKnownBatchesSurviveASnapshotAndTheNewestComesLast() {
        for (int i = 0; i < 7; i++) {
            write(TestBatches.of(PRODUCER, 2, i, 1));
        }
        ProducerStates restored = new ProducerStates(MOST, nanos::get);
        restored.restore(7, states.snapshot());
        for (int i = 2; i < 7; i++) {
            assertThat(restored.check(List.of(TestBatches.of(PRODUCER, 2, i, 1))))
                    .isEqualTo(known(i));
        }
        assertThat(states.snapshot().getLast().lastSequence()).isEqualTo(6);
    }

    @Test
    void theLeastRecentlyWrittenProducerMakesRoomAtTheLimit() {
        for (long id = 1; id <= MOST; id++) {
            write(TestBatches.of(id, 0, 0, 1));
        }
        write(TestBatches.of(1L, 0, 1, 1));
        assertThat(states.count()).isEqualTo(MOST);
        write(TestBatches.of(MOST + 1L, 0, 0, 1));
        assertThat(states.statuses()).extracting(ProducerStatus::producerId).containsExactly(3L, 1L, MOST + 1L);
    }

    @Test
    void anOpenTransactionIsNotForgottenForAnother() {
        write(TestBatches.transactional(1L, 0, 0, 1));
        for (long id = 2; id <= MOST + 1; id++) {
            write(TestBatches.of(id, 0, 0, 1));
        }
        assertThat(states.statuses()).extracting(ProducerStatus::producerId).containsExactly(1L, 3L, 4L);
    }

    @Test
    void producersAreForgottenByTheMonotonicClockOnly() {
        write(TestBatches.of(1L, 0, 0, 1));
        nanos.set(100);
        write(TestBatches.of(2L, 0, 0, 1));
        nanos.set(109);
        states.expire(110);
        assertThat(states.count()).isEqualTo(2);
        nanos.set(110);
        states.expire(110);
        assertThat(states.statuses()).extracting(ProducerStatus::producerId).containsExactly(2L);
    }

    @Test
    void anOpenTransactionHoldsReadersBackUntilItsMarkerIsCommitted() {
        write(TestBatches.plain(2));
        write(TestBatches.transactional(PRODUCER, 0, 0, 2));
        write(TestBatches.plain(1));
        assertThat(states.firstUndecidedOffset(5)).isEqualTo(2);
        write(TestBatches.marker(PRODUCER, 0));
        assertThat(states.firstUndecidedOffset(5)).isEqualTo(2);
        assertThat(states.firstUndecidedOffset(6)).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void anOpenTransactionSurvivesASnapshot() {
        write(TestBatches.plain(4));
        write(TestBatches.transactional(PRODUCER, 0, 0, 2));
        ProducerStates restored = new ProducerStates(MOST, nanos::get);
        restored.restore(6, states.snapshot());
        assertThat(restored.firstUndecidedOffset(6)).isEqualTo(4);
        restored.replay(TestBatches.at(6, TestBatches.marker(PRODUCER, 0)));
        assertThat(restored.firstUndecidedOffset(7)).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void aMarkerOfANewerEpochLetsSequencesBeginAnew() {
        write(TestBatches.transactional(PRODUCER, 0, 0, 3));
        write(TestBatches.marker(PRODUCER, 1));
        assertThat(check(1, 0, 1)).isInstanceOf(Verdict.Fresh.class);
        assertRefused(check(1, 3, 1), AppendRefusal.OUT_OF_ORDER_SEQUENCE);
        assertRefused(check(0, 3, 1), AppendRefusal.INVALID_PRODUCER_EPOCH);
    }

    @Test
    void aRequestOfRepetitionsAndNewBatchesIsRefused() {
        write(TestBatches.of(PRODUCER, 0, 0, 1));
        assertRefused(
                states.check(List.of(TestBatches.of(PRODUCER, 0, 0, 1), TestBatches.of(PRODUCER, 0, 1, 1))),
                AppendRefusal.OUT_OF_ORDER_SEQUENCE);
    }

    @Test
    void aRepetitionAndABatchWithoutProducerInOneAppendAreRefused() {
        write(TestBatches.of(PRODUCER, 0, 0, 1));
        // Else the second would be answered as if it were stored.
        assertRefused(
                states.check(List.of(TestBatches.of(PRODUCER, 0, 0, 1), TestBatches.plain(1))),
                AppendRefusal.OUT_OF_ORDER_SEQUENCE);
    }

    @Test
    void aSnapshotOfATimeWithAHigherLimitIsCutToTheLimit() {
        ProducerStates large = new ProducerStates(3 * MOST, nanos::get);
        for (long id = 1; id <= 3 * MOST; id++) {
            large.replay(TestBatches.at(id, TestBatches.of(id, 0, 0, 1)));
        }
        states.restore(3L * MOST + 1, large.snapshot());
        states.replay(TestBatches.at(3L * MOST + 1, TestBatches.of(100L, 0, 0, 1)));
        assertThat(states.statuses())
                .extracting(ProducerStatus::producerId)
                .containsExactly(3L * MOST - 1, 3L * MOST, 100L);
    }
}
