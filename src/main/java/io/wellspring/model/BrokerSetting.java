package io.wellspring.model;

import org.jspecify.annotations.Nullable;

/**
 * A setting of this broker under Kafka's name, for DescribeConfigs. It is read-only there: it comes from the broker's own
 * configuration.
 *
 * @param name Kafka's name, such as {@code socket.request.max.bytes}
 * @param type its type in Kafka
 * @param value what holds now; null: not set. Never a secret
 * @param defaultValue what holds if nothing is configured; null: nothing
 * @param documentation what it does here, and our property's name
 */
public record BrokerSetting(
        String name,
        SettingType type,
        @Nullable String value,
        @Nullable String defaultValue,
        String documentation) {}
