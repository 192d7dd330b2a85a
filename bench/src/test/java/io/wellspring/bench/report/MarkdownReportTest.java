package io.wellspring.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class MarkdownReportTest {
    private static final Results.CaseName PRODUCE =
            new Results.CaseName("a", "a.128k.none.1.1", "128 KB none", Metric.CPU_PER_GB);

    @Test
    void rowHasMediansAndTheMedianOfRatios() {
        Results results = new Results();
        add(results, "Wellspring", 0.4, 0.5, 0.6);
        add(results, "Kafka", 1.0, 1.0, 2.0);
        add(results, "floor", 0.4, 0.4, 0.4);
        assertThat(lines(results))
                .contains("| 128 KB none (`a.128k.none.1.1`) | broker CPU per GB, s/GB ↓ | 0.5 | 1 | **0.4** (0.3–0.5) "
                        + "| 0.4 | 1.25 |");
    }

    @Test
    void targetIsMetAtItsLimit() {
        Results results = new Results();
        add(results, "Wellspring", 0.5);
        add(results, "Kafka", 1.0);
        assertThat(lines(results))
                .contains(
                        "| broker CPU per GB produced, 128 KB, uncompressed | ≤ 0.5 × Kafka | 0.5 | met |",
                        "| broker CPU per GB produced, 128 KB, lz4 | ≤ 0.4 × Kafka | – | not measured |");
    }

    @Test
    void targetIsMissedBeyondItsLimit() {
        Results results = new Results();
        add(results, "Wellspring", 0.51);
        add(results, "Kafka", 1.0);
        assertThat(lines(results))
                .contains("| broker CPU per GB produced, 128 KB, uncompressed | ≤ 0.5 × Kafka | 0.51 | **missed** |");
    }

    @Test
    void failureIsTold() {
        Results results = new Results();
        results.addFailure("`x`: refused");
        assertThat(lines(results)).containsSubsequence("## Failed", "- `x`: refused");
    }

    @Test
    void csvHasOneLineForEachFigure() {
        Results results = new Results();
        add(results, "Kafka", 1.0, 2.0);
        assertThat(CsvReport.lines(results))
                .containsExactly(
                        "workload,case,title,pair,broker,metric,unit,value",
                        "a,a.128k.none.1.1,\"128 KB none\",1,Kafka,CPU_PER_GB,\"s/GB\",1.0",
                        "a,a.128k.none.1.1,\"128 KB none\",2,Kafka,CPU_PER_GB,\"s/GB\",2.0");
    }

    @Test
    void numbersHaveThreeDigitsThatCount() {
        assertThat(List.of(0.0, 0.012345, 0.5, 1.234, 12.34, 1234.4, -0.25).stream()
                        .map(Numbers::text))
                .containsExactly("0", "0.0123", "0.5", "1.23", "12.3", "1,234", "-0.25");
    }

    private static List<String> lines(Results results) {
        return new MarkdownReport(results).lines(List.of("a machine"));
    }

    private static void add(Results results, String broker, double... values) {
        for (int i = 0; i < values.length; i++) {
            results.add(new Results.Sample(PRODUCE, i + 1, broker, new Figures().with(Metric.CPU_PER_GB, values[i])));
        }
    }
}
