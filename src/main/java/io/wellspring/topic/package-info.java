/**
 * Which topics exist and how they are set: the catalog as an immutable snapshot made from events, Kafka's topic settings as typed values, name rules.
 */
@NullMarked
package io.wellspring.topic;

import org.jspecify.annotations.NullMarked;
