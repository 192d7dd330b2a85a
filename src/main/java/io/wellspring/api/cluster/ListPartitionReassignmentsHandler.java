package io.wellspring.api.cluster;

import io.wellspring.api.RequestContext;
import io.wellspring.api.RequestHandler;
import io.wellspring.api.VersionRange;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.ApiMessageType;
import org.apache.kafka.common.message.ListPartitionReassignmentsRequestData;
import org.apache.kafka.common.message.ListPartitionReassignmentsResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.springframework.stereotype.Component;

/**
 * ListPartitionReassignments: a broker that is alone never moves a replica, so none is under way. Unknown topics and partitions are passed
 * over, as Kafka's controller does. Threads: any.
 */
@Component
public final class ListPartitionReassignmentsHandler
        implements RequestHandler<ListPartitionReassignmentsRequestData, ListPartitionReassignmentsResponseData> {
    @Override
    public ApiMessageType api() {
        return ApiMessageType.LIST_PARTITION_REASSIGNMENTS;
    }

    @Override
    public Class<ListPartitionReassignmentsRequestData> requestType() {
        return ListPartitionReassignmentsRequestData.class;
    }

    @Override
    public VersionRange versions() {
        return VersionRange.of(0, 0);
    }

    @Override
    public CompletionStage<ListPartitionReassignmentsResponseData> handle(
            RequestContext context, ListPartitionReassignmentsRequestData request) {
        return CompletableFuture.completedFuture(new ListPartitionReassignmentsResponseData().setErrorMessage(null));
    }

    @Override
    public ListPartitionReassignmentsResponseData refused(
            RequestContext context, ListPartitionReassignmentsRequestData request, Errors error) {
        return new ListPartitionReassignmentsResponseData()
                .setErrorCode(error.code())
                .setErrorMessage(error.message());
    }
}
