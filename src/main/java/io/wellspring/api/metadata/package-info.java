/**
 * Handlers that tell a client where things are: ApiVersions, Metadata, DescribeTopicPartitions.
 */
@NullMarked
package io.wellspring.api.metadata;

import org.jspecify.annotations.NullMarked;
