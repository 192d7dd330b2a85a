/**
 * The floor: time, timers, lifecycle phases, thread names. At most ten classes.
 */
@NullMarked
package io.wellspring.support;

import org.jspecify.annotations.NullMarked;
