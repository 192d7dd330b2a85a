package io.wellspring.model;

/**
 * One place that gives a setting a value; of several, the strongest counts.
 *
 * @param name Kafka's name there: a topic's {@code retention.ms} is {@code log.retention.ms} on a broker
 * @param value its text there
 * @param source where
 */
public record SettingOrigin(String name, String value, SettingSource source) {}
