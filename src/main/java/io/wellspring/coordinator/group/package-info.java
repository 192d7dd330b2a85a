/**
 * Consumer groups: Kafka's own state machines ({@code kafka-group-coordinator}) on our log and our catalog. {@link Groups} is the
 * front door; nothing of the library is seen outside.
 */
@NullMarked
package io.wellspring.coordinator.group;

import org.jspecify.annotations.NullMarked;
