package io.wellspring.partition;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class RefusedBatchesTest {
    private static final long PRODUCER = 7L;

    private final RefusedBatches refused = new RefusedBatches();

    private void refuse(int epoch, int baseSequence) {
        refused.add(TestBatches.of(PRODUCER, epoch, baseSequence, 1));
    }

    private boolean isOvertakenBy(int epoch, int baseSequence) {
        return refused.isOvertakenBy(TestBatches.of(PRODUCER, epoch, baseSequence, 1));
    }

    @Test
    void whatComesBeforeARefusedBatchAndTheBatchItselfPass() {
        refuse(0, 4);
        assertThat(isOvertakenBy(0, 3)).isFalse();
        assertThat(isOvertakenBy(0, 4)).isFalse();
        assertThat(isOvertakenBy(0, 5)).isTrue();
    }

    @Test
    void theEarliestOfSeveralCounts() {
        refuse(0, 5);
        refuse(0, 4);
        refuse(0, 6);
        assertThat(isOvertakenBy(0, 5)).isTrue();
        assertThat(isOvertakenBy(0, 4)).isFalse();
    }

    @Test
    void aProducerThatGaveUpAndBeganANewEpochIsNotHeldBack() {
        refuse(0, 4);
        assertThat(isOvertakenBy(1, 0)).isFalse();
        refuse(1, 0);
        assertThat(isOvertakenBy(1, 1)).isTrue();
        assertThat(isOvertakenBy(0, 5)).isFalse();
    }

    @Test
    void sequencesWrapAfterTheLargestInt() {
        refuse(0, Integer.MAX_VALUE);
        assertThat(isOvertakenBy(0, 0)).isTrue();
        assertThat(isOvertakenBy(0, Integer.MAX_VALUE - 1)).isFalse();
    }

    @Test
    void onceABatchIsTakenNothingIsHeldBack() {
        refuse(0, 4);
        refused.taken(TestBatches.of(PRODUCER, 0, 4, 1));
        assertThat(isOvertakenBy(0, 5)).isFalse();
    }

    @Test
    void batchesWithoutProducerAreNobodys() {
        refused.add(TestBatches.plain(1));
        assertThat(refused.isOvertakenBy(TestBatches.plain(1))).isFalse();
    }

    @Test
    void atTheLimitTheLongestKnownIsForgotten() {
        for (long id = 1; id <= RefusedBatches.PRODUCERS_MOST + 1L; id++) {
            refused.add(TestBatches.of(id, 0, 0, 1));
        }
        assertThat(refused.isOvertakenBy(TestBatches.of(1L, 0, 1, 1))).isFalse();
        assertThat(refused.isOvertakenBy(TestBatches.of(2L, 0, 1, 1))).isTrue();
    }
}
