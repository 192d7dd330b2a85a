package io.wellspring.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wellspring.log.LeaderEpochs.Entry;
import io.wellspring.log.LeaderEpochs.EpochEnd;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The cases of KIP-101 and KIP-279. */
final class LeaderEpochsTest {
    private final List<List<Entry>> saved = new ArrayList<>();
    private final LeaderEpochs epochs = new LeaderEpochs(List.of(), saved::add);

    @Test
    void nothingIsKnownOfALogWithoutEpochs() {
        assertThat(epochs.latestEpoch()).isEqualTo(-1);
        assertThat(epochs.endOf(0, 10)).isEqualTo(new EpochEnd(-1, -1));
        assertThat(epochs.epochOf(0)).isEqualTo(-1);
    }

    @Test
    void theNewestEpochEndsAtTheEndOfTheLog() throws IOException {
        epochs.assign(2, 6);

        assertThat(epochs.endOf(2, 9)).isEqualTo(new EpochEnd(2, 9));
    }

    @Test
    void anEpochThatIsNewerThanAllKnownIsUnknown() throws IOException {
        epochs.assign(2, 6);

        assertThat(epochs.endOf(3, 9)).isEqualTo(new EpochEnd(-1, -1));
    }

    @Test
    void anOlderEpochEndsWhereTheNextBegins() throws IOException {
        epochs.assign(2, 6);
        epochs.assign(3, 8);

        assertThat(epochs.endOf(2, 20)).isEqualTo(new EpochEnd(2, 8));
    }

    @Test
    void anEpochThatWroteNothingIsAnsweredByTheNextLowerOne() throws IOException {
        epochs.assign(2, 6);
        epochs.assign(5, 8);

        assertThat(epochs.endOf(4, 20)).isEqualTo(new EpochEnd(2, 8));
    }

    @Test
    void anEpochBelowAllKnownEndsWhereTheFirstKnownBegins() throws IOException {
        epochs.assign(5, 8);

        assertThat(epochs.endOf(4, 20)).isEqualTo(new EpochEnd(4, 8));
    }

    @Test
    void theUndefinedEpochIsUnknown() throws IOException {
        epochs.assign(0, 0);

        assertThat(epochs.endOf(-1, 20)).isEqualTo(new EpochEnd(-1, -1));
    }

    @Test
    void assigningTheSameOrAnOlderEpochChangesNothing() throws IOException {
        epochs.assign(3, 6);
        epochs.assign(3, 9);
        epochs.assign(2, 12);
        epochs.assign(-1, 13);

        assertThat(epochs.entries()).containsExactly(new Entry(3, 6));
        assertThat(saved).hasSize(1);
    }

    @Test
    void anEpochThatWroteNothingLeavesNoTraceWhenANewOneBeginsAtItsStart() throws IOException {
        epochs.assign(3, 6);
        epochs.assign(4, 6);

        assertThat(epochs.entries()).containsExactly(new Entry(4, 6));
    }

    @Test
    void eachOffsetIsTheWorkOfOneEpoch() throws IOException {
        epochs.assign(2, 6);
        epochs.assign(4, 11);

        assertThat(List.of(epochs.epochOf(5), epochs.epochOf(6), epochs.epochOf(10), epochs.epochOf(11)))
                .containsExactly(-1, 2, 2, 4);
    }

    @Test
    void aCutForgetsEpochsThatBeganAtItOrLater() throws IOException {
        epochs.assign(2, 6);
        epochs.assign(3, 8);
        epochs.assign(4, 11);

        epochs.truncateFromEnd(8);

        assertThat(epochs.entries()).containsExactly(new Entry(2, 6));
    }

    @Test
    void aMovedStartMovesTheEpochThatCoversIt() throws IOException {
        epochs.assign(2, 6);
        epochs.assign(3, 8);
        epochs.assign(4, 11);

        epochs.truncateFromStart(9);

        assertThat(epochs.entries()).containsExactly(new Entry(3, 9), new Entry(4, 11));
        assertThat(epochs.endOf(2, 20)).isEqualTo(new EpochEnd(2, 9));
    }

    @Test
    void anEpochIsNotSeenBeforeItIsOnDisk() {
        LeaderEpochs failing = new LeaderEpochs(List.of(), entries -> {
            throw new IOException("disk");
        });

        assertThatThrownBy(() -> failing.assign(1, 0)).isInstanceOf(IOException.class);
        assertThat(failing.entries()).isEmpty();
    }
}
