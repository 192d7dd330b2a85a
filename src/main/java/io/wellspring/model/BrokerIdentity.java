package io.wellspring.model;

/**
 * Who this broker is, as written in its data directories.
 *
 * @param clusterId the cluster's id: 22 characters of URL-safe base64
 * @param nodeId this broker's number
 */
public record BrokerIdentity(String clusterId, NodeId nodeId) {}
