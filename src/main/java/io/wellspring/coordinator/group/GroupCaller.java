package io.wellspring.coordinator.group;

import java.net.InetAddress;

/**
 * Who asks something of a group, and in which words.
 *
 * @param listener name of the listener that took the request
 * @param protocol how the connection is protected, Kafka's word for it, such as {@code PLAINTEXT}
 * @param address the client's
 * @param apiKey Kafka's number of the API
 * @param apiVersion the version the request is written in: some answers depend on it
 * @param clientId the client's name for itself, empty if it gave none; becomes part of member ids
 * @param correlationId the client's number for the request
 */
public record GroupCaller(
        String listener,
        String protocol,
        InetAddress address,
        short apiKey,
        short apiVersion,
        String clientId,
        int correlationId) {}
