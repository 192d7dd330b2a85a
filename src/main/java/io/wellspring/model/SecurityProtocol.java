package io.wellspring.model;

/** How a listener's connections are protected, by Kafka's names. */
public enum SecurityProtocol {
    PLAINTEXT,
    SSL,
    SASL_PLAINTEXT,
    SASL_SSL
}
