package io.wellspring.api.cluster;

import io.wellspring.api.AuthorizedOperations;
import io.wellspring.api.RequestContext;
import io.wellspring.api.RequestHandler;
import io.wellspring.api.VersionRange;
import io.wellspring.model.BrokerIdentity;
import io.wellspring.model.Endpoint;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.kafka.common.message.ApiMessageType;
import org.apache.kafka.common.message.DescribeClusterRequestData;
import org.apache.kafka.common.message.DescribeClusterResponseData;
import org.apache.kafka.common.message.DescribeClusterResponseData.DescribeClusterBroker;
import org.apache.kafka.common.protocol.Errors;
import org.springframework.stereotype.Component;

/**
 * DescribeCluster: this broker, at the address of the listener that was asked. Controllers have no endpoints of their own, so asking a broker
 * for them is refused as Kafka does (KIP-919). Threads: any.
 */
@Component
public final class DescribeClusterHandler
        implements RequestHandler<DescribeClusterRequestData, DescribeClusterResponseData> {
    private static final byte BROKERS = 1;
    private static final byte CONTROLLERS = 2;

    private final Supplier<BrokerIdentity> identity;

    public DescribeClusterHandler(Supplier<BrokerIdentity> identity) {
        this.identity = identity;
    }

    @Override
    public ApiMessageType api() {
        return ApiMessageType.DESCRIBE_CLUSTER;
    }

    @Override
    public Class<DescribeClusterRequestData> requestType() {
        return DescribeClusterRequestData.class;
    }

    @Override
    public VersionRange versions() {
        return VersionRange.of(0, 2);
    }

    @Override
    public CompletionStage<DescribeClusterResponseData> handle(
            RequestContext context, DescribeClusterRequestData request) {
        return CompletableFuture.completedFuture(answer(context, request));
    }

    private DescribeClusterResponseData answer(RequestContext context, DescribeClusterRequestData request) {
        return switch (request.endpointType()) {
            case BROKERS -> describe(context, request);
            case CONTROLLERS ->
                refused(context, request, Errors.MISMATCHED_ENDPOINT_TYPE)
                        .setErrorMessage("The request was sent to an endpoint of the wrong type.");
            default ->
                refused(context, request, Errors.UNSUPPORTED_ENDPOINT_TYPE)
                        .setErrorMessage("Unsupported endpoint type " + request.endpointType());
        };
    }

    private DescribeClusterResponseData describe(RequestContext context, DescribeClusterRequestData request) {
        Endpoint endpoint = context.connection().endpoint();
        DescribeClusterResponseData response = new DescribeClusterResponseData()
                .setEndpointType(BROKERS)
                .setClusterId(identity.get().clusterId())
                .setControllerId(identity.get().nodeId().value());
        response.brokers()
                .add(new DescribeClusterBroker()
                        .setBrokerId(identity.get().nodeId().value())
                        .setHost(endpoint.host())
                        .setPort(endpoint.port()));
        if (request.includeClusterAuthorizedOperations()) {
            response.setClusterAuthorizedOperations(AuthorizedOperations.ALL_ON_CLUSTER);
        }
        return response;
    }

    @Override
    public DescribeClusterResponseData refused(
            RequestContext context, DescribeClusterRequestData request, Errors error) {
        return new DescribeClusterResponseData().setErrorCode(error.code()).setErrorMessage(error.message());
    }
}
