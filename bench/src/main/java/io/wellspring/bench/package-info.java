/** The measuring instrument: {@link io.wellspring.bench.Compare} reads the options, takes the workloads in turn and writes the report. */
@NullMarked
package io.wellspring.bench;

import org.jspecify.annotations.NullMarked;
