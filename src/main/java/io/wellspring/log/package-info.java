/**
 * One append-only log on disk: segments, indexes, recovery, retention, log directories, flush, and the disk seam {@code LogFiles}.
 * Knows neither protocol nor network nor Spring (but for its properties and wiring).
 */
@NullMarked
package io.wellspring.log;

import org.jspecify.annotations.NullMarked;
