/** Fakes at our own seams, builders and harnesses that tests of several rooms share. */
@NullMarked
package io.wellspring.testing;

import org.jspecify.annotations.NullMarked;
