/** The brokers that are compared, each in a process of its own, and what the system says they cost. */
@NullMarked
package io.wellspring.bench.broker;

import org.jspecify.annotations.NullMarked;
