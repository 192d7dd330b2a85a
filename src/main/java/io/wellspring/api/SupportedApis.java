package io.wellspring.api;

import java.util.List;
import org.apache.kafka.common.message.ApiMessageType;

/**
 * What this broker answers to ApiVersions. A seam of its own because the handler of ApiVersions is itself one of the handlers
 * that the {@link ApiRegistry} is made of.
 */
@FunctionalInterface
public interface SupportedApis {
    /** Sorted by key. */
    List<SupportedApi> all();

    /**
     * One API that has a handler.
     *
     * @param api its key
     * @param versions the versions that are claimed
     */
    record SupportedApi(ApiMessageType api, VersionRange versions) {}
}
