package io.wellspring.api;

import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.common.message.AlterConfigsResponseData;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.message.CreatePartitionsResponseData;
import org.apache.kafka.common.message.CreateTopicsResponseData;
import org.apache.kafka.common.message.DeleteRecordsResponseData;
import org.apache.kafka.common.message.DeleteTopicsResponseData;
import org.apache.kafka.common.message.DescribeClusterResponseData;
import org.apache.kafka.common.message.DescribeConfigsResponseData;
import org.apache.kafka.common.message.DescribeLogDirsResponseData;
import org.apache.kafka.common.message.DescribeProducersResponseData;
import org.apache.kafka.common.message.DescribeTopicPartitionsResponseData;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.GetTelemetrySubscriptionsResponseData;
import org.apache.kafka.common.message.IncrementalAlterConfigsResponseData;
import org.apache.kafka.common.message.InitProducerIdResponseData;
import org.apache.kafka.common.message.ListConfigResourcesResponseData;
import org.apache.kafka.common.message.ListOffsetsResponseData;
import org.apache.kafka.common.message.ListPartitionReassignmentsResponseData;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.OffsetForLeaderEpochResponseData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AlterConfigsResponse;
import org.apache.kafka.common.requests.ApiVersionsResponse;
import org.apache.kafka.common.requests.CreatePartitionsResponse;
import org.apache.kafka.common.requests.CreateTopicsResponse;
import org.apache.kafka.common.requests.DeleteRecordsResponse;
import org.apache.kafka.common.requests.DeleteTopicsResponse;
import org.apache.kafka.common.requests.DescribeClusterResponse;
import org.apache.kafka.common.requests.DescribeConfigsResponse;
import org.apache.kafka.common.requests.DescribeLogDirsResponse;
import org.apache.kafka.common.requests.DescribeProducersResponse;
import org.apache.kafka.common.requests.DescribeTopicPartitionsResponse;
import org.apache.kafka.common.requests.GetTelemetrySubscriptionsResponse;
import org.apache.kafka.common.requests.IncrementalAlterConfigsResponse;
import org.apache.kafka.common.requests.InitProducerIdResponse;
import org.apache.kafka.common.requests.ListConfigResourcesResponse;
import org.apache.kafka.common.requests.ListOffsetsResponse;
import org.apache.kafka.common.requests.ListPartitionReassignmentsResponse;
import org.apache.kafka.common.requests.MetadataResponse;
import org.apache.kafka.common.requests.OffsetsForLeaderEpochResponse;
import org.jspecify.annotations.Nullable;

/**
 * The errors that a response carries, wherever its API puts them. Where requests are many, nothing is allocated while all is
 * well; for the others Kafka's own classes know where to look. Threads: any.
 */
final class ResponseErrors {
    private static final short VERSION_OF_NO_MATTER = 0;

    private ResponseErrors() {}

    /** Calls the consumer for each error, as often as it stands there. */
    static void each(ApiMessage response, Consumer<Errors> consumer) {
        switch (response) {
            case ProduceResponseData produce -> eachOf(produce, consumer);
            case FetchResponseData fetch -> eachOf(fetch, consumer);
            default -> {
                if (GroupResponseErrors.each(response, code -> tell(code, consumer))) {
                    return;
                }
                Map<Errors, Integer> counts = counts(response);
                if (counts != null) {
                    counts.forEach((error, count) -> tell(error, count, consumer));
                }
            }
        }
    }

    private static void tell(Errors error, int count, Consumer<Errors> consumer) {
        if (error != Errors.NONE) {
            for (int i = 0; i < count; i++) {
                consumer.accept(error);
            }
        }
    }

    private static void eachOf(ProduceResponseData response, Consumer<Errors> consumer) {
        for (ProduceResponseData.TopicProduceResponse topic : response.responses()) {
            for (ProduceResponseData.PartitionProduceResponse partition : topic.partitionResponses()) {
                tell(partition.errorCode(), consumer);
            }
        }
    }

    private static void eachOf(FetchResponseData response, Consumer<Errors> consumer) {
        tell(response.errorCode(), consumer);
        for (FetchResponseData.FetchableTopicResponse topic : response.responses()) {
            for (FetchResponseData.PartitionData partition : topic.partitions()) {
                tell(partition.errorCode(), consumer);
            }
        }
    }

    private static void tell(short code, Consumer<Errors> consumer) {
        if (code != Errors.NONE.code()) {
            consumer.accept(Errors.forCode(code));
        }
    }

    /** True if it knows where such a response has its errors. */
    static boolean isKnown(ApiMessage response) {
        return response instanceof ProduceResponseData
                || response instanceof FetchResponseData
                || GroupResponseErrors.each(response, code -> {})
                || counts(response) != null;
    }

    private static @Nullable Map<Errors, Integer> counts(ApiMessage response) {
        return switch (response) {
            case AlterConfigsResponseData data -> new AlterConfigsResponse(data).errorCounts();
            case ApiVersionsResponseData data -> new ApiVersionsResponse(data).errorCounts();
            case CreatePartitionsResponseData data -> new CreatePartitionsResponse(data).errorCounts();
            case CreateTopicsResponseData data -> new CreateTopicsResponse(data).errorCounts();
            case DeleteRecordsResponseData data -> new DeleteRecordsResponse(data).errorCounts();
            case DeleteTopicsResponseData data -> new DeleteTopicsResponse(data).errorCounts();
            case DescribeClusterResponseData data -> new DescribeClusterResponse(data).errorCounts();
            case DescribeConfigsResponseData data -> new DescribeConfigsResponse(data).errorCounts();
            case DescribeLogDirsResponseData data -> new DescribeLogDirsResponse(data).errorCounts();
            case DescribeProducersResponseData data -> new DescribeProducersResponse(data).errorCounts();
            case DescribeTopicPartitionsResponseData data -> new DescribeTopicPartitionsResponse(data).errorCounts();
            case GetTelemetrySubscriptionsResponseData data ->
                new GetTelemetrySubscriptionsResponse(data).errorCounts();
            case IncrementalAlterConfigsResponseData data -> new IncrementalAlterConfigsResponse(data).errorCounts();
            case InitProducerIdResponseData data -> new InitProducerIdResponse(data).errorCounts();
            case ListConfigResourcesResponseData data -> new ListConfigResourcesResponse(data).errorCounts();
            case ListOffsetsResponseData data -> new ListOffsetsResponse(data).errorCounts();
            case ListPartitionReassignmentsResponseData data ->
                new ListPartitionReassignmentsResponse(data).errorCounts();
            case MetadataResponseData data -> new MetadataResponse(data, VERSION_OF_NO_MATTER).errorCounts();
            case OffsetForLeaderEpochResponseData data -> new OffsetsForLeaderEpochResponse(data).errorCounts();
            default -> null;
        };
    }
}
