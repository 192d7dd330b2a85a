package io.wellspring.topic;

import io.wellspring.model.SettingType;

/** What has to be known of a setting to change it. */
public interface SettingDefinition {
    SettingType type();

    /** Its text where nothing is set; a list's items are separated by commas. */
    String defaultValue();
}
