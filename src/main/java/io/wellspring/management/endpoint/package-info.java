/** Actuator endpoints: what an operator sees of the broker, and does with it, over HTTP. Answers are plain records, long ones come in pages. */
@NullMarked
package io.wellspring.management.endpoint;

import org.jspecify.annotations.NullMarked;
