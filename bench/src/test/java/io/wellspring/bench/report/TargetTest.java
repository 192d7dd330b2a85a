package io.wellspring.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.wellspring.bench.workload.Case;
import io.wellspring.bench.workload.Scale;
import io.wellspring.bench.workload.Workload;
import java.util.List;
import org.junit.jupiter.api.Test;

final class TargetTest {
    @Test
    void everyTargetIsOfACaseThatThereIs() {
        List<String> cases = Workload.ALL.stream()
                .flatMap(workload -> workload.cases(Scale.FULL).stream())
                .map(Case::id)
                .toList();
        assertThat(cases).doesNotHaveDuplicates();
        assertThat(Target.ALL).extracting(Target::caseId).isSubsetOf(cases);
    }

    @Test
    void caseBeginsWithItsWorkloadsLetter() {
        for (Workload workload : Workload.ALL) {
            assertThat(workload.cases(Scale.FULL))
                    .extracting(Case::id)
                    .allMatch(id -> id.startsWith(workload.letter() + "."));
        }
    }
}
