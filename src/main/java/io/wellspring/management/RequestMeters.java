package io.wellspring.management;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.wellspring.api.RequestMetrics;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** Times and counts requests by API. The dispatcher knows few names, so a meter is made at the first request of an API. Threads: any. */
final class RequestMeters implements RequestMetrics {
    private final MeterRegistry registry;
    private final Map<String, Meters> byApi = new ConcurrentHashMap<>();
    private final Map<ApiError, Counter> errors = new ConcurrentHashMap<>();

    RequestMeters(MeterRegistry registry) {
        this.registry = registry;
    }

    private record ApiError(String api, String code) {}

    private record Meters(Timer answered, Counter failed, Counter refused) {}

    @Override
    public void answered(String api, long elapsedNanos) {
        of(api).answered().record(elapsedNanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public void error(String api, String code) {
        errors.computeIfAbsent(
                        new ApiError(api, code),
                        error -> MeterCatalog.REQUESTS_ERRORS.counter(
                                registry, "api", error.api(), "error", error.code()))
                .increment();
    }

    @Override
    public void failed(String api) {
        of(api).failed().increment();
    }

    @Override
    public void refused(String api) {
        of(api).refused().increment();
    }

    private Meters of(String api) {
        Meters known = byApi.get(api);
        return known != null ? known : byApi.computeIfAbsent(api, this::register);
    }

    private Meters register(String api) {
        return new Meters(
                MeterCatalog.REQUESTS.timer(registry, "api", api),
                MeterCatalog.REQUESTS_FAILED.counter(registry, "api", api),
                MeterCatalog.REQUESTS_REFUSED.counter(registry, "api", api));
    }
}
