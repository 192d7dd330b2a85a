package io.wellspring.api.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import io.wellspring.api.ConnectionContext.ClientSoftware;
import io.wellspring.api.RequestContext;
import io.wellspring.api.SupportedApis.SupportedApi;
import io.wellspring.api.VersionRange;
import java.util.List;
import org.apache.kafka.common.message.ApiMessageType;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ApiVersionsHandlerTest {
    private final ApiVersionsHandler handler = new ApiVersionsHandler(
            () -> List.of(
                    new SupportedApi(ApiMessageType.PRODUCE, VersionRange.of(0, 13)),
                    new SupportedApi(ApiMessageType.API_VERSIONS, VersionRange.of(0, 5))),
            () -> Requests.IDENTITY);

    @Test
    void claimsWhatHasAHandlerAndFinalizesNoFeature() {
        ApiVersionsResponseData response = handle(Requests.version(4), named("apache-kafka-java", "4.4.0"));

        assertThat(response.errorCode()).isZero();
        assertThat(response.apiKeys()).hasSize(2);
        assertThat(response.apiKeys().find((short) 0).maxVersion()).isEqualTo((short) 13);
        assertThat(response.supportedFeatures()).isEmpty();
        assertThat(response.finalizedFeatures()).isEmpty();
        assertThat(response.finalizedFeaturesEpoch()).isZero();
    }

    @Test
    void featuresStandOpenWhereTheirApisAreServed() {
        ApiVersionsHandler groups = new ApiVersionsHandler(
                () -> List.of(
                        new SupportedApi(ApiMessageType.CONSUMER_GROUP_HEARTBEAT, VersionRange.of(0, 1)),
                        new SupportedApi(ApiMessageType.STREAMS_GROUP_HEARTBEAT, VersionRange.of(0, 1))),
                () -> Requests.IDENTITY);
        ApiVersionsRequestData request = named("apache-kafka-java", "4.4.0");

        ApiVersionsResponseData newer = groups.handle(Requests.version(4), request)
                .toCompletableFuture()
                .join();
        ApiVersionsResponseData older = groups.handle(Requests.version(3), request)
                .toCompletableFuture()
                .join();

        assertThat(newer.finalizedFeatures().find("group.version").maxVersionLevel())
                .isEqualTo((short) 1);
        assertThat(newer.finalizedFeatures().find("streams.version").maxVersionLevel())
                .isEqualTo((short) 1);
        assertThat(newer.supportedFeatures().find("group.version").minVersion()).isZero();
        assertThat(older.finalizedFeatures()).hasSize(2);
        assertThat(older.supportedFeatures())
                .as("level 0 is not for versions below 4")
                .isEmpty();
    }

    @Test
    void remembersTheSoftwareOfTheConnection() {
        RequestContext context = Requests.version(3);

        handle(context, named("librdkafka", "2.3.0-RC1"));

        assertThat(context.connection().software()).isEqualTo(new ClientSoftware("librdkafka", "2.3.0-RC1"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-java", "java-", "ja va", "java\n", "jäva", "."})
    void refusesNamesThatKafkaRefuses(String name) {
        RequestContext context = Requests.version(3);

        ApiVersionsResponseData response = handle(context, named(name, "1"));

        assertThat(response.errorCode()).isEqualTo(Errors.INVALID_REQUEST.code());
        assertThat(response.apiKeys()).isEmpty();
        assertThat(context.connection().software()).isEqualTo(ClientSoftware.UNKNOWN);
    }

    @Test
    void refusesANameThatIsLongerThanTheLimitOnly() {
        assertThat(handle(Requests.version(3), named("a".repeat(256), "1")).errorCode())
                .isZero();
        assertThat(handle(Requests.version(3), named("a".repeat(257), "1")).errorCode())
                .isEqualTo(Errors.INVALID_REQUEST.code());
    }

    @Test
    void sendsAClientBackToItsBootstrapServersIfItMeantAnother() {
        assertThat(meaning("cluster-A", 1).errorCode()).isZero();
        assertThat(meaning("cluster-B", 1).errorCode()).isEqualTo(Errors.REBOOTSTRAP_REQUIRED.code());
        assertThat(meaning("cluster-A", 2).errorCode()).isEqualTo(Errors.REBOOTSTRAP_REQUIRED.code());
        assertThat(meaning(null, 1).errorCode()).isEqualTo(Errors.INVALID_REQUEST.code());
        assertThat(meaning("cluster-A", -1).errorCode()).isEqualTo(Errors.INVALID_REQUEST.code());
        assertThat(meaning(null, -1).errorCode()).isZero();
    }

    private ApiVersionsResponseData meaning(@Nullable String clusterId, int nodeId) {
        return handle(
                Requests.version(5), named("java", "1").setClusterId(clusterId).setNodeId(nodeId));
    }

    @Test
    void answersAnUnknownVersionWithItsOwnVersions() {
        ApiVersionsResponseData response =
                handler.refused(Requests.version(0), new ApiVersionsRequestData(), Errors.UNSUPPORTED_VERSION);

        assertThat(response.errorCode()).isEqualTo(Errors.UNSUPPORTED_VERSION.code());
        assertThat(response.apiKeys()).hasSize(1);
        assertThat(response.apiKeys().find((short) 18).maxVersion()).isEqualTo((short) 5);
    }

    private static ApiVersionsRequestData named(String name, String version) {
        return new ApiVersionsRequestData().setClientSoftwareName(name).setClientSoftwareVersion(version);
    }

    private ApiVersionsResponseData handle(RequestContext context, ApiVersionsRequestData request) {
        return handler.handle(context, request).toCompletableFuture().join();
    }
}
