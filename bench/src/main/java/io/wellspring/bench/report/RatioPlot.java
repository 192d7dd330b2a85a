package io.wellspring.bench.report;

import java.awt.Color;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.VectorGraphicsEncoder;
import org.knowm.xchart.style.Styler;

/** A picture of the ratios: one group of bars per case, its main figure, Kafka being 1; lower is better for all. */
public final class RatioPlot {
    private static final String OURS = "Wellspring";
    private static final String THEIRS = "Kafka";
    private static final String FLOOR = "floor";
    private static final int HEIGHT = 640;
    private static final int WIDTH_LEAST = 800;
    private static final int WIDTH_PER_CASE = 45;
    private static final double MOST_SHOWN = 2;

    private final List<String> cases = new ArrayList<>();
    private final List<Double> ours = new ArrayList<>();
    private final List<Double> floors = new ArrayList<>();

    private RatioPlot(Results results) {
        for (Results.CaseName name : results.cases().keySet()) {
            Optional<Spread> ratio = ratio(results, name, OURS);
            if (ratio.isPresent()) {
                cases.add(name.id());
                ours.add(shown(ratio.get()));
                floors.add(ratio(results, name, FLOOR).map(RatioPlot::shown).orElse(0.0));
            }
        }
    }

    /** Where more is better the ratio is turned round. */
    private static Optional<Spread> ratio(Results results, Results.CaseName name, String broker) {
        List<Double> values = results.values(name.id(), broker, name.main());
        List<Double> theirs = results.values(name.id(), THEIRS, name.main());
        return switch (name.main().better()) {
            case LESS, NEITHER -> Spread.ofRatios(values, theirs);
            case MORE -> Spread.ofRatios(theirs, values);
        };
    }

    private static double shown(Spread ratio) {
        return Math.max(0, Math.min(MOST_SHOWN, ratio.median()));
    }

    /**
     * Writes {@code name.svg} and {@code name.png} into the directory.
     *
     * @return whether there was anything to draw
     */
    public static boolean write(Results results, Path directory, String name) throws IOException {
        RatioPlot plot = new RatioPlot(results);
        if (plot.cases.isEmpty()) {
            return false;
        }
        CategoryChart chart = plot.chart();
        String file = directory.resolve(name).toString();
        VectorGraphicsEncoder.saveVectorGraphic(chart, file, VectorGraphicsEncoder.VectorGraphicsFormat.SVG);
        BitmapEncoder.saveBitmap(chart, file, BitmapEncoder.BitmapFormat.PNG);
        return true;
    }

    private CategoryChart chart() {
        CategoryChart chart = new CategoryChartBuilder()
                .width(Math.max(WIDTH_LEAST, WIDTH_PER_CASE * cases.size()))
                .height(HEIGHT)
                .title("Each case's main figure, Kafka = 1 (lower is better; bars end at 2)")
                .yAxisTitle("÷ Kafka")
                .build();
        chart.getStyler()
                .setXAxisLabelRotation(90)
                .setYAxisMin(0.0)
                .setChartBackgroundColor(Color.WHITE)
                .setLegendPosition(Styler.LegendPosition.OutsideS)
                .setLegendLayout(Styler.LegendLayout.Horizontal);
        chart.addSeries(OURS, cases, ours).setFillColor(new Color(0x2b6cb0));
        chart.addSeries(THEIRS, cases, Collections.nCopies(cases.size(), 1.0)).setFillColor(new Color(0xa0aec0));
        chart.addSeries(FLOOR, cases, floors).setFillColor(new Color(0x68d391));
        return chart;
    }
}
