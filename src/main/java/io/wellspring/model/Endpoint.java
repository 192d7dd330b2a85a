package io.wellspring.model;

/**
 * An address that clients are told to connect to.
 *
 * @param listener the listener's name, such as {@code PLAINTEXT}
 * @param protocol how its connections are protected
 * @param host the advertised host
 * @param port the advertised port, 1 to 65535
 */
public record Endpoint(String listener, SecurityProtocol protocol, String host, int port) {}
