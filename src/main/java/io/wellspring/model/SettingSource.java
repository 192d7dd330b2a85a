package io.wellspring.model;

/** Where the value of a setting comes from, the strongest source first. */
public enum SettingSource {
    /** Set on the topic. */
    DYNAMIC_TOPIC,
    /** Set on the group. */
    DYNAMIC_GROUP,
    /** Set while running, for one broker. */
    DYNAMIC_BROKER,
    /** Set while running, for all brokers. */
    DYNAMIC_DEFAULT_BROKER,
    /** Set in the broker's own configuration: file, environment, command line. */
    STATIC_BROKER,
    DEFAULT
}
