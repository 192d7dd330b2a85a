package io.wellspring.model;

import java.util.List;

/** A room's settings under the names that Kafka gives them. Each room that has such settings gives one bean. Threads: any. */
@FunctionalInterface
public interface BrokerSettingSource {
    /** The settings as they are now. */
    List<BrokerSetting> brokerSettings();
}
