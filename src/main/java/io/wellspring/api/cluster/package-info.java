/**
 * Handlers that describe the broker: DescribeCluster, DescribeLogDirs, DescribeProducers and the like.
 */
@NullMarked
package io.wellspring.api.cluster;

import org.jspecify.annotations.NullMarked;
