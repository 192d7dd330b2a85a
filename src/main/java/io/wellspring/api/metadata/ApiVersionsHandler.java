package io.wellspring.api.metadata;

import io.wellspring.api.ConnectionContext.ClientSoftware;
import io.wellspring.api.RequestContext;
import io.wellspring.api.RequestHandler;
import io.wellspring.api.SupportedApis;
import io.wellspring.api.SupportedApis.SupportedApi;
import io.wellspring.api.VersionRange;
import io.wellspring.model.BrokerIdentity;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.apache.kafka.common.message.ApiMessageType;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.message.ApiVersionsResponseData.ApiVersion;
import org.apache.kafka.common.message.ApiVersionsResponseData.FinalizedFeatureKey;
import org.apache.kafka.common.message.ApiVersionsResponseData.SupportedFeatureKey;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * ApiVersions: what this broker serves, read off the handlers that exist. So are the features: of Kafka's gates, {@code group.version} and
 * {@code streams.version} stand open where their heartbeats are served; {@code transaction.version} 2 of KIP-890 and
 * {@code share.version} do not. The epoch 0 says that this is known, not that it could not be found out. Threads: any.
 */
@Component
public final class ApiVersionsHandler implements RequestHandler<ApiVersionsRequestData, ApiVersionsResponseData> {
    private static final short NAMES_SOFTWARE = 3;
    private static final short KNOWS_LEVEL_ZERO = 4;
    private static final short NAMES_BROKER = 5;
    private static final short FEATURE_LEVEL = 1;
    private static final int NO_NODE = -1;
    private static final long FEATURES_EPOCH = 0L;

    /** KIP-511: letters, digits, dashes and dots, neither of the latter first or last. */
    private static final Pattern SOFTWARE = Pattern.compile("[a-zA-Z0-9](?:[-a-zA-Z0-9.]*[a-zA-Z0-9])?");

    /** Longer names are answered like bad ones: they would be kept for every connection. */
    private static final int SOFTWARE_LENGTH_MOST = 256;

    private final SupportedApis apis;
    private final Supplier<BrokerIdentity> identity;

    public ApiVersionsHandler(SupportedApis apis, Supplier<BrokerIdentity> identity) {
        this.apis = apis;
        this.identity = identity;
    }

    @Override
    public ApiMessageType api() {
        return ApiMessageType.API_VERSIONS;
    }

    @Override
    public Class<ApiVersionsRequestData> requestType() {
        return ApiVersionsRequestData.class;
    }

    @Override
    public VersionRange versions() {
        return VersionRange.of(0, 5);
    }

    @Override
    public CompletionStage<ApiVersionsResponseData> handle(RequestContext context, ApiVersionsRequestData request) {
        return CompletableFuture.completedFuture(answer(context, request));
    }

    private ApiVersionsResponseData answer(RequestContext context, ApiVersionsRequestData request) {
        if (context.apiVersion() >= NAMES_SOFTWARE) {
            if (!isSoftware(request.clientSoftwareName()) || !isSoftware(request.clientSoftwareVersion())) {
                return refused(context, request, Errors.INVALID_REQUEST);
            }
            context.connection()
                    .software(new ClientSoftware(request.clientSoftwareName(), request.clientSoftwareVersion()));
        }
        if (context.apiVersion() >= NAMES_BROKER) {
            Errors error = checkBroker(request);
            if (error != Errors.NONE) {
                return refused(context, request, error);
            }
        }
        ApiVersionsResponseData response = new ApiVersionsResponseData().setFinalizedFeaturesEpoch(FEATURES_EPOCH);
        for (SupportedApi supported : apis.all()) {
            response.apiKeys().add(entry(supported));
            String feature = featureOf(supported.api());
            if (feature != null) {
                addFeature(response, context.apiVersion(), feature);
            }
        }
        return response;
    }

    private static @Nullable String featureOf(ApiMessageType api) {
        if (api == ApiMessageType.CONSUMER_GROUP_HEARTBEAT) {
            return "group.version";
        }
        return api == ApiMessageType.STREAMS_GROUP_HEARTBEAT ? "streams.version" : null;
    }

    private static void addFeature(ApiVersionsResponseData response, short version, String feature) {
        // Older clients cannot read a feature that may be off, level 0 (KAFKA-17011).
        if (version >= KNOWS_LEVEL_ZERO) {
            response.supportedFeatures()
                    .add(new SupportedFeatureKey()
                            .setName(feature)
                            .setMinVersion((short) 0)
                            .setMaxVersion(FEATURE_LEVEL));
        }
        response.finalizedFeatures()
                .add(new FinalizedFeatureKey()
                        .setName(feature)
                        .setMinVersionLevel(FEATURE_LEVEL)
                        .setMaxVersionLevel(FEATURE_LEVEL));
    }

    private static boolean isSoftware(String text) {
        return text.length() <= SOFTWARE_LENGTH_MOST && SOFTWARE.matcher(text).matches();
    }

    /** KIP-1242: a client that was looking for another cluster or broker at this address begins anew with its bootstrap servers. */
    private Errors checkBroker(ApiVersionsRequestData request) {
        String clusterId = request.clusterId();
        if ((clusterId == null) != (request.nodeId() == NO_NODE)) {
            return Errors.INVALID_REQUEST;
        }
        if (clusterId == null) {
            return Errors.NONE;
        }
        boolean isMeant = clusterId.equals(identity.get().clusterId())
                && request.nodeId() == identity.get().nodeId().value();
        return isMeant ? Errors.NONE : Errors.REBOOTSTRAP_REQUIRED;
    }

    private static ApiVersion entry(SupportedApi supported) {
        return new ApiVersion()
                .setApiKey(supported.api().apiKey())
                .setMinVersion(supported.versions().oldest())
                .setMaxVersion(supported.versions().newest());
    }

    /** KIP-511: a version that is not served is answered with the versions of this API, so that the client can ask again. */
    @Override
    public ApiVersionsResponseData refused(RequestContext context, ApiVersionsRequestData request, Errors error) {
        ApiVersionsResponseData response = new ApiVersionsResponseData().setErrorCode(error.code());
        if (error == Errors.UNSUPPORTED_VERSION) {
            response.apiKeys().add(entry(new SupportedApi(api(), versions())));
        }
        return response;
    }
}
