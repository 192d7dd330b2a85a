package io.wellspring.bench.workload;

import io.wellspring.bench.broker.Broker;
import io.wellspring.bench.report.Figures;
import io.wellspring.bench.report.Metric;
import java.io.IOException;

/**
 * One thing that is measured, again and again, of one broker after the other. A case may keep what it prepared for a broker from one measurement to the
 * next.
 */
public interface Case {
    /** Letters, digits and points, beginning with the workload's letter; for {@code --only} and for targets. */
    String id();

    /** For people. */
    String title();

    /** The figure that stands for the case. */
    Metric main();

    /** Whether the floor can be measured too. */
    boolean hasFloor();

    /** Whether each measurement starts processes of its own: then more than one pair gains nothing from having warmed up. */
    default boolean isFresh() {
        return false;
    }

    /** Measures once. Whatever does not work as it should is an exception. */
    Figures measure(Broker broker, Stage stage) throws IOException;
}
