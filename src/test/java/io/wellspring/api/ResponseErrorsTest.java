package io.wellspring.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.ClassPathScanningCandidateComponentProvider;
import org.springframework.core.ResolvableType;
import org.springframework.core.type.filter.AssignableTypeFilter;

final class ResponseErrorsTest {
    @Test
    void everyHandlersResponseIsLookedInto() throws Exception {
        var handlers = new ClassPathScanningCandidateComponentProvider(false);
        handlers.addIncludeFilter(new AssignableTypeFilter(RequestHandler.class));
        List<String> found = new ArrayList<>();
        for (var handler : handlers.findCandidateComponents("io.wellspring.api")) {
            String name = String.valueOf(handler.getBeanClassName());
            if (name.endsWith("Handler")) {
                Class<?> response = ResolvableType.forClass(Class.forName(name))
                        .as(RequestHandler.class)
                        .getGeneric(1)
                        .toClass();
                ApiMessage empty =
                        (ApiMessage) response.getDeclaredConstructor().newInstance();
                assertThat(ResponseErrors.isKnown(empty)).as(name).isTrue();
                found.add(name);
            }
        }
        assertThat(found).hasSizeGreaterThan(20);
    }

    @Test
    void errorsAreToldAsOftenAsTheyStandThere() {
        ProduceResponseData produce = new ProduceResponseData();
        var topic = new ProduceResponseData.TopicProduceResponse();
        for (Errors error : new Errors[] {Errors.NONE, Errors.CORRUPT_MESSAGE, Errors.CORRUPT_MESSAGE}) {
            topic.partitionResponses()
                    .add(new ProduceResponseData.PartitionProduceResponse().setErrorCode(error.code()));
        }
        produce.responses().add(topic);
        FetchResponseData fetch = new FetchResponseData().setErrorCode(Errors.INVALID_FETCH_SESSION_EPOCH.code());
        fetch.responses()
                .add(new FetchResponseData.FetchableTopicResponse()
                        .setPartitions(List.of(
                                new FetchResponseData.PartitionData().setErrorCode(Errors.OFFSET_OUT_OF_RANGE.code()),
                                new FetchResponseData.PartitionData())));
        MetadataResponseData metadata = new MetadataResponseData();
        metadata.topics()
                .add(new MetadataResponseData.MetadataResponseTopic()
                        .setName("a")
                        .setErrorCode(Errors.UNKNOWN_TOPIC_OR_PARTITION.code()));
        metadata.topics()
                .add(new MetadataResponseData.MetadataResponseTopic()
                        .setName("b")
                        .setErrorCode(Errors.UNKNOWN_TOPIC_OR_PARTITION.code()));

        assertThat(errors(produce)).containsExactly(Errors.CORRUPT_MESSAGE, Errors.CORRUPT_MESSAGE);
        assertThat(errors(fetch)).containsExactly(Errors.INVALID_FETCH_SESSION_EPOCH, Errors.OFFSET_OUT_OF_RANGE);
        assertThat(errors(metadata))
                .containsExactly(Errors.UNKNOWN_TOPIC_OR_PARTITION, Errors.UNKNOWN_TOPIC_OR_PARTITION);
    }

    private static List<Errors> errors(ApiMessage response) {
        List<Errors> errors = new ArrayList<>();
        ResponseErrors.each(response, errors::add);
        return errors;
    }
}
