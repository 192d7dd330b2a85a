/** What becomes of the figures: medians, ratios, the table, the plot, and whether the targets are met. */
@NullMarked
package io.wellspring.bench.report;

import org.jspecify.annotations.NullMarked;
