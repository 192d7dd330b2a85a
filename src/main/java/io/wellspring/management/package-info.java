/**
 * The operator's side: Actuator endpoints, health, readiness, Micrometer meters. Looks into every room's public face; nobody depends on it.
 */
@NullMarked
package io.wellspring.management;

import org.jspecify.annotations.NullMarked;
