package io.wellspring.api.cluster;

import io.wellspring.api.RequestContext;
import io.wellspring.api.RequestHandler;
import io.wellspring.api.VersionRange;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.ApiMessageType;
import org.apache.kafka.common.message.GetTelemetrySubscriptionsRequestData;
import org.apache.kafka.common.message.GetTelemetrySubscriptionsResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.springframework.stereotype.Component;

/**
 * GetTelemetrySubscriptions (KIP-714): this broker wants no client metrics. Java clients ask by default; told that nothing is subscribed
 * they never push, and ask again after the interval. PushTelemetry is therefore not served and not claimed. Threads: any.
 */
@Component
public final class GetTelemetrySubscriptionsHandler
        implements RequestHandler<GetTelemetrySubscriptionsRequestData, GetTelemetrySubscriptionsResponseData> {
    private static final int ASK_AGAIN_MS = (int) Duration.ofMinutes(5).toMillis();

    /** Kafka's {@code telemetry.max.bytes}. */
    private static final int LARGEST_PUSH_BYTES = 1 << 20;

    /** The number of the empty set; any number will do that does not change. */
    private static final int NOTHING_SUBSCRIBED = 1;

    /** Kafka's codes in its order of preference: zstd, lz4, gzip, snappy. */
    private static final List<Byte> COMPRESSION_TYPES = List.of((byte) 4, (byte) 3, (byte) 1, (byte) 2);

    @Override
    public ApiMessageType api() {
        return ApiMessageType.GET_TELEMETRY_SUBSCRIPTIONS;
    }

    @Override
    public Class<GetTelemetrySubscriptionsRequestData> requestType() {
        return GetTelemetrySubscriptionsRequestData.class;
    }

    @Override
    public VersionRange versions() {
        return VersionRange.of(0, 0);
    }

    @Override
    public CompletionStage<GetTelemetrySubscriptionsResponseData> handle(
            RequestContext context, GetTelemetrySubscriptionsRequestData request) {
        Uuid instance =
                request.clientInstanceId().equals(Uuid.ZERO_UUID) ? Uuid.randomUuid() : request.clientInstanceId();
        return CompletableFuture.completedFuture(new GetTelemetrySubscriptionsResponseData()
                .setClientInstanceId(instance)
                .setSubscriptionId(NOTHING_SUBSCRIBED)
                .setAcceptedCompressionTypes(COMPRESSION_TYPES)
                .setPushIntervalMs(ASK_AGAIN_MS)
                .setTelemetryMaxBytes(LARGEST_PUSH_BYTES)
                .setDeltaTemporality(true)
                .setRequestedMetrics(List.of()));
    }

    @Override
    public GetTelemetrySubscriptionsResponseData refused(
            RequestContext context, GetTelemetrySubscriptionsRequestData request, Errors error) {
        return new GetTelemetrySubscriptionsResponseData().setErrorCode(error.code());
    }
}
