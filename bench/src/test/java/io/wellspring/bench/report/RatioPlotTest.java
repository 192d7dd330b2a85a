package io.wellspring.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RatioPlotTest {
    @TempDir
    Path directory;

    @Test
    void plotIsWrittenAsVectorsAndAsPixels() throws IOException {
        Results results = new Results();
        Results.CaseName name = new Results.CaseName("a", "a.x", "x", Metric.THROUGHPUT);
        results.add(new Results.Sample(name, 1, "Wellspring", new Figures().with(Metric.THROUGHPUT, 2)));
        results.add(new Results.Sample(name, 1, "Kafka", new Figures().with(Metric.THROUGHPUT, 1)));
        assertThat(RatioPlot.write(results, directory, "ratios")).isTrue();
        assertThat(directory.resolve("ratios.svg")).content().contains("<svg");
        assertThat(directory.resolve("ratios.png")).isNotEmptyFile();
    }

    @Test
    void nothingIsDrawnWithoutARatio() throws IOException {
        assertThat(RatioPlot.write(new Results(), directory, "ratios")).isFalse();
        assertThat(directory).isEmptyDirectory();
    }
}
