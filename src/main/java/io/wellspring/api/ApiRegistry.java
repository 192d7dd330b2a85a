package io.wellspring.api;

import io.wellspring.support.StartRefusedException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.message.ApiMessageType;
import org.jspecify.annotations.Nullable;

/**
 * Which handler serves which API. Made once from all handlers; what ApiVersions claims is derived from it, so that the broker cannot claim
 * an API it lacks. Threads: any, immutable.
 */
public final class ApiRegistry {
    private final @Nullable RequestHandler<?, ?>[] byKey;
    private final @Nullable VersionRange[] servedByKey;
    private final List<SupportedApis.SupportedApi> supported;

    /** @throws StartRefusedException if two handlers serve one API, or one claims messages or versions its API does not have */
    public ApiRegistry(List<RequestHandler<?, ?>> handlers) {
        Map<Short, RequestHandler<?, ?>> sorted = new TreeMap<>();
        for (RequestHandler<?, ?> handler : handlers) {
            check(handler);
            RequestHandler<?, ?> other = sorted.putIfAbsent(handler.api().apiKey(), handler);
            if (other != null) {
                throw new StartRefusedException(
                        "Two handlers serve " + handler.api() + ": " + name(other) + " and " + name(handler) + ".",
                        "Keep one of them.");
            }
        }
        int length = sorted.keySet().stream().mapToInt(key -> key + 1).max().orElse(0);
        this.byKey = new RequestHandler<?, ?>[length];
        this.servedByKey = new VersionRange[length];
        sorted.forEach((key, handler) -> {
            byKey[key] = handler;
            servedByKey[key] = handler.served();
        });
        this.supported = sorted.values().stream()
                .map(handler -> new SupportedApis.SupportedApi(handler.api(), handler.versions()))
                .toList();
    }

    private static void check(RequestHandler<?, ?> handler) {
        ApiMessageType api = handler.api();
        if (api.newRequest().getClass() != handler.requestType()) {
            throw new StartRefusedException(
                    name(handler) + " takes " + handler.requestType().getSimpleName() + ", which is not the request of "
                            + api + ".",
                    "Let it take " + api.newRequest().getClass().getSimpleName() + ".");
        }
        VersionRange served = handler.served();
        if (served.oldest() < api.lowestSupportedVersion() || served.newest() > api.highestSupportedVersion(true)) {
            throw new StartRefusedException(
                    name(handler) + " serves versions " + served.oldest() + " to " + served.newest() + " of " + api
                            + ", but the protocol defines " + api.lowestSupportedVersion() + " to "
                            + api.highestSupportedVersion(true) + ".",
                    "Serve only versions that the protocol defines.");
        }
    }

    private static String name(RequestHandler<?, ?> handler) {
        return handler.getClass().getName();
    }

    /** The handler of this API key, null if there is none. */
    public @Nullable RequestHandler<?, ?> find(short apiKey) {
        return apiKey >= 0 && apiKey < byKey.length ? byKey[apiKey] : null;
    }

    /** Whether this API has a handler and is served in this version. */
    public boolean serves(short apiKey, short version) {
        VersionRange served = apiKey >= 0 && apiKey < servedByKey.length ? servedByKey[apiKey] : null;
        return served != null && served.contains(version);
    }

    /** Every API that has a handler, sorted by key. */
    public List<SupportedApis.SupportedApi> supported() {
        return supported;
    }
}
