package io.wellspring.api.groups;

import io.wellspring.api.ApiProperties;
import io.wellspring.api.RequestContext;
import io.wellspring.api.RequestHandler;
import io.wellspring.api.VersionRange;
import io.wellspring.coordinator.group.Groups;
import io.wellspring.model.BrokerIdentity;
import io.wellspring.model.Endpoint;
import io.wellspring.model.TopicPartition;
import io.wellspring.partition.Partition;
import io.wellspring.partition.Partitions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.kafka.common.message.ApiMessageType;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.FindCoordinatorResponseData;
import org.apache.kafka.common.message.FindCoordinatorResponseData.Coordinator;
import org.apache.kafka.common.protocol.Errors;
import org.springframework.stereotype.Component;

/**
 * FindCoordinator: which broker coordinates a group. The first question of this kind makes the topic of groups, and is answered when that is
 * there. Transactions and share groups are not coordinated here: UNSUPPORTED_VERSION ends the client's attempt at once, where an
 * error about coordinators would let it try until its time is up. Threads: any.
 */
@Component
final class FindCoordinatorHandler implements RequestHandler<FindCoordinatorRequestData, FindCoordinatorResponseData> {
    private static final short NAMES_SEVERAL = 4;
    private static final byte GROUP = 0;
    private static final int NO_NODE = -1;

    private final Groups groups;
    private final Partitions partitions;
    private final Supplier<BrokerIdentity> identity;
    private final int mostKeys;

    FindCoordinatorHandler(
            Groups groups, Partitions partitions, Supplier<BrokerIdentity> identity, ApiProperties properties) {
        this.groups = groups;
        this.partitions = partitions;
        this.identity = identity;
        this.mostKeys = properties.maxPartitionsPerRequest();
    }

    @Override
    public ApiMessageType api() {
        return ApiMessageType.FIND_COORDINATOR;
    }

    @Override
    public Class<FindCoordinatorRequestData> requestType() {
        return FindCoordinatorRequestData.class;
    }

    @Override
    public VersionRange versions() {
        return VersionRange.of(0, 6);
    }

    @Override
    public CompletionStage<FindCoordinatorResponseData> handle(
            RequestContext context, FindCoordinatorRequestData request) {
        if (request.coordinatorKeys().size() > mostKeys) {
            return CompletableFuture.completedFuture(refused(context, request, Errors.INVALID_REQUEST));
        }
        if (request.keyType() != GROUP) {
            Errors error = request.keyType() == 1 || request.keyType() == 2
                    ? Errors.UNSUPPORTED_VERSION
                    : Errors.INVALID_REQUEST;
            return CompletableFuture.completedFuture(refused(context, request, error));
        }
        return GroupCalls.answer(
                groups.ready()
                        .thenApply(isReady -> isReady
                                ? answer(context, request)
                                : refused(context, request, Errors.COORDINATOR_NOT_AVAILABLE)),
                this,
                context,
                request);
    }

    private FindCoordinatorResponseData answer(RequestContext context, FindCoordinatorRequestData request) {
        List<Coordinator> found = new ArrayList<>();
        for (String key : keys(context, request)) {
            found.add(coordinatorOf(context.connection().endpoint(), key));
        }
        return response(context, found);
    }

    private Coordinator coordinatorOf(Endpoint endpoint, String groupId) {
        Partition partition = partitions.find(new TopicPartition(groups.topic(), groups.partitionFor(groupId)));
        if (partition == null || !partition.isLeader() || partition.offlineReason() != null) {
            return refusedKey(groupId, Errors.COORDINATOR_NOT_AVAILABLE);
        }
        return new Coordinator()
                .setKey(groupId)
                .setNodeId(identity.get().nodeId().value())
                .setHost(endpoint.host())
                .setPort(endpoint.port());
    }

    private static List<String> keys(RequestContext context, FindCoordinatorRequestData request) {
        return context.apiVersion() >= NAMES_SEVERAL ? request.coordinatorKeys() : List.of(request.key());
    }

    private static Coordinator refusedKey(String key, Errors error) {
        return new Coordinator()
                .setKey(key)
                .setNodeId(NO_NODE)
                .setHost("")
                .setPort(-1)
                .setErrorCode(error.code())
                .setErrorMessage(error.message());
    }

    private static FindCoordinatorResponseData response(RequestContext context, List<Coordinator> found) {
        FindCoordinatorResponseData response = new FindCoordinatorResponseData();
        if (context.apiVersion() >= NAMES_SEVERAL) {
            return response.setCoordinators(found);
        }
        Coordinator only = found.getFirst();
        return response.setErrorCode(only.errorCode())
                .setErrorMessage(only.errorCode() == Errors.NONE.code() ? Errors.NONE.name() : only.errorMessage())
                .setNodeId(only.nodeId())
                .setHost(only.host())
                .setPort(only.port());
    }

    @Override
    public FindCoordinatorResponseData refused(
            RequestContext context, FindCoordinatorRequestData request, Errors error) {
        return response(
                context,
                keys(context, request).stream()
                        .map(key -> refusedKey(key, error))
                        .toList());
    }
}
