/**
 * Handlers that create, change and describe topics and settings. {@code Proposals} carries commands of {@code topic} to the catalog,
 * {@code TopicConfigs}, {@code BrokerConfigs} and {@code LoggerConfigs} describe and change one kind of resource each;
 * {@link io.wellspring.api.topics.LoggerLevels} is what {@code management} implements.
 */
@NullMarked
package io.wellspring.api.topics;

import org.jspecify.annotations.NullMarked;
