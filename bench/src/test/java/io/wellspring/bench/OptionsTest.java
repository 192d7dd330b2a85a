package io.wellspring.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wellspring.bench.workload.Scale;
import io.wellspring.bench.workload.Workload;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class OptionsTest {
    @Test
    void withoutOptionsEverythingIsMeasuredInFull() throws Options.UsageException {
        Options options = Options.parse();
        assertThat(options.scale()).isEqualTo(Scale.FULL);
        assertThat(options.isWanted("a.128k.none.1.1")).isTrue();
    }

    @Test
    void onlyMeansWholePartsOfTheName() throws Options.UsageException {
        Options options = Options.parse("--only", "b,a.16k");
        assertThat(options.isWanted("b.tail.1")).isTrue();
        assertThat(options.isWanted("a.16k.none.1.1")).isTrue();
        assertThat(options.isWanted("a.128k.none.1.1")).isFalse();
        assertThat(Options.parse("--only", "a.128k.none.1").isWanted("a.128k.none.16.1"))
                .isFalse();
    }

    @Test
    void targetsAloneLeaveOutTheOthers() throws Options.UsageException {
        Options options = Options.parse("--targets");
        assertThat(options.isWanted("b.tail.4")).isTrue();
        assertThat(options.isWanted("b.cached.4")).isFalse();
    }

    @Test
    void amountsOverrideThoseOfTheScale() throws Options.UsageException {
        Scale scale = Options.parse(
                        "--bytes", "512m", "--seconds", "3", "--quick", "--pairs", "7", "--warm-up-pairs", "1")
                .scale();
        assertThat(scale.sizeBytes()).isEqualTo(512L << 20);
        assertThat(scale.duration()).isEqualTo(Duration.ofSeconds(3));
        assertThat(scale.pairs()).isEqualTo(7);
        assertThat(scale.warmUpPairs()).isEqualTo(1);
        assertThat(scale.manyPartitions()).isEqualTo(Scale.QUICK.manyPartitions());
    }

    @Test
    void whatIsNotUnderstoodIsRefused() {
        assertThatThrownBy(() -> Options.parse("--fast")).hasMessage("unknown option --fast");
        assertThatThrownBy(() -> Options.parse("--pairs")).hasMessage("--pairs needs a value");
        assertThatThrownBy(() -> Options.parse("--pairs", "0")).hasMessage("--pairs needs a number from 1 up, not 0");
        assertThatThrownBy(() -> Options.parse("--warm-up-pairs", "-1"))
                .hasMessage("--warm-up-pairs needs a number from 0 up, not -1");
        assertThatThrownBy(() -> Options.parse("--bytes", "many")).hasMessage("--bytes needs a number, not many");
        assertThatThrownBy(() -> Options.parse("--bytes")).hasMessage("--bytes needs a value");
    }

    @Test
    void freshProcessesWarmUpOnceAtMost() throws Options.UsageException {
        assertThat(warmUpPairs("g.empty", "3")).isEqualTo(1);
        assertThat(warmUpPairs("a.128k.none.1.1", "3")).isEqualTo(3);
        assertThat(warmUpPairs("g.empty", "0")).isZero();
    }

    private static int warmUpPairs(String caseId, String most) throws Options.UsageException {
        Scale scale = Options.parse("--warm-up-pairs", most).scale();
        return Workload.ALL.stream()
                .flatMap(workload -> workload.cases(scale).stream())
                .filter(each -> each.id().equals(caseId))
                .mapToInt(scale::warmUpPairs)
                .findFirst()
                .orElseThrow();
    }
}
