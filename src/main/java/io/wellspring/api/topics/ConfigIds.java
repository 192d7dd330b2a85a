package io.wellspring.api.topics;

import io.wellspring.model.SettingSource;
import io.wellspring.model.SettingType;
import org.apache.kafka.common.requests.DescribeConfigsResponse.ConfigSource;
import org.apache.kafka.common.requests.DescribeConfigsResponse.ConfigType;

/** The wire's numbers for types and sources of settings. Pure. */
final class ConfigIds {
    private ConfigIds() {}

    static byte of(SettingSource source) {
        ConfigSource wire = switch (source) {
            case DYNAMIC_TOPIC -> ConfigSource.TOPIC_CONFIG;
            case DYNAMIC_GROUP -> ConfigSource.GROUP_CONFIG;
            case DYNAMIC_BROKER -> ConfigSource.DYNAMIC_BROKER_CONFIG;
            case DYNAMIC_DEFAULT_BROKER -> ConfigSource.DYNAMIC_DEFAULT_BROKER_CONFIG;
            case STATIC_BROKER -> ConfigSource.STATIC_BROKER_CONFIG;
            case DEFAULT -> ConfigSource.DEFAULT_CONFIG;
        };
        return wire.id();
    }

    static byte of(SettingType type) {
        ConfigType wire = switch (type) {
            case BOOLEAN -> ConfigType.BOOLEAN;
            case STRING -> ConfigType.STRING;
            case INT -> ConfigType.INT;
            case SHORT -> ConfigType.SHORT;
            case LONG -> ConfigType.LONG;
            case DOUBLE -> ConfigType.DOUBLE;
            case LIST -> ConfigType.LIST;
            case CLASS -> ConfigType.CLASS;
            case PASSWORD -> ConfigType.PASSWORD;
        };
        return wire.id();
    }
}
