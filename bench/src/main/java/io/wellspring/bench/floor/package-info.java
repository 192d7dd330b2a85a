/** The least that a process can do for the same bytes: a server without a broker, to measure distances from. */
@NullMarked
package io.wellspring.bench.floor;

import org.jspecify.annotations.NullMarked;
