/** What the machine itself does while it is measured on. */
@NullMarked
package io.wellspring.bench.machine;

import org.jspecify.annotations.NullMarked;
