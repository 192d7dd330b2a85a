package io.wellspring.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class SpreadTest {
    @Test
    void medianOfAnOddNumberIsTheOneInTheMiddle() {
        assertThat(Spread.of(List.of(9.0, 1.0, 5.0))).contains(new Spread(5, 1, 9));
    }

    @Test
    void medianOfAnEvenNumberIsTheMeanOfTheTwoInTheMiddle() {
        assertThat(Spread.of(List.of(4.0, 1.0, 2.0, 9.0))).contains(new Spread(3, 1, 9));
    }

    @Test
    void nothingHasNoMedian() {
        assertThat(Spread.of(List.of())).isEmpty();
    }

    @Test
    void ratioIsTakenPairByPair() {
        // A disturbance that doubles both of the second pair leaves the ratio as it is.
        assertThat(Spread.ofRatios(List.of(1.0, 2.0, 1.5), List.of(2.0, 4.0, 2.0)))
                .contains(new Spread(0.5, 0.5, 0.75));
    }

    @Test
    void pairWhoseSecondIsNothingIsLeftOut() {
        assertThat(Spread.ofRatios(List.of(1.0, 3.0), List.of(0.0, 4.0))).contains(new Spread(0.75, 0.75, 0.75));
        assertThat(Spread.ofRatios(List.of(1.0), List.of(0.0))).isEmpty();
    }

    @Test
    void unequalNumbersOfMeasurementsHaveNoRatio() {
        assertThat(Spread.ofRatios(List.of(1.0, 2.0), List.of(1.0))).isEmpty();
    }
}
