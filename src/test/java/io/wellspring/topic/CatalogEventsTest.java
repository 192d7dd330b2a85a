package io.wellspring.topic;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wellspring.model.TopicId;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The golden records: what is stored once must be read for ever. */
final class CatalogEventsTest {
    private static final TopicId ID = new TopicId(1, 2);
    private static final String ID_TEXT = "AAAAAAAAAAEAAAAAAAAAAg";

    static Stream<Arguments> goldenRecords() {
        Map<String, @Nullable String> changes = new HashMap<>();
        changes.put("retention.ms", null);
        changes.put("cleanup.policy", "compact");
        return Stream.of(
                Arguments.of(
                        new CatalogEvent.TopicCreated("orders", ID, 3, Map.of("retention.ms", "1", "flush.ms", "2")),
                        "{\"type\":\"topic-created\",\"version\":1,\"topic\":\"orders\",\"topicId\":\"" + ID_TEXT
                                + "\",\"partitionCount\":3,\"settings\":{\"flush.ms\":\"2\",\"retention.ms\":\"1\"}}"),
                Arguments.of(
                        new CatalogEvent.TopicDeleted("orders", ID),
                        "{\"type\":\"topic-deleted\",\"version\":1,\"topic\":\"orders\",\"topicId\":\"" + ID_TEXT
                                + "\"}"),
                Arguments.of(
                        new CatalogEvent.PartitionsAdded("orders", ID, 6),
                        "{\"type\":\"partitions-added\",\"version\":1,\"topic\":\"orders\",\"topicId\":\"" + ID_TEXT
                                + "\",\"partitionCount\":6}"),
                Arguments.of(
                        new CatalogEvent.TopicSettingsChanged("orders", ID, changes),
                        "{\"type\":\"topic-settings-changed\",\"version\":1,\"topic\":\"orders\",\"topicId\":\""
                                + ID_TEXT + "\",\"changes\":{\"cleanup.policy\":\"compact\",\"retention.ms\":null}}"),
                Arguments.of(
                        new CatalogEvent.BrokerSettingsChanged("", changes),
                        "{\"type\":\"broker-settings-changed\",\"version\":1,\"nodeId\":\"\","
                                + "\"changes\":{\"cleanup.policy\":\"compact\",\"retention.ms\":null}}"),
                Arguments.of(
                        new CatalogEvent.GroupSettingsChanged("readers", changes),
                        "{\"type\":\"group-settings-changed\",\"version\":1,\"groupId\":\"readers\","
                                + "\"changes\":{\"cleanup.policy\":\"compact\",\"retention.ms\":null}}"),
                Arguments.of(
                        new CatalogEvent.ProducerIdsReserved(9_007_199_254_740_993L),
                        "{\"type\":\"producer-ids-reserved\",\"version\":1,\"nextProducerId\":9007199254740993}"));
    }

    @ParameterizedTest
    @MethodSource("goldenRecords")
    void eventIsWrittenAndReadAsEver(CatalogEvent event, String json) {
        assertThat(new String(CatalogEvents.encode(event), UTF_8)).isEqualTo(json);
        assertThat(CatalogEvents.decode(json.getBytes(UTF_8))).isEqualTo(event);
    }

    @Test
    void fieldOfANewerVersionIsPassedOver() {
        String json = "{\"by\":{\"user\":\"x\"},\"type\":\"producer-ids-reserved\",\"version\":1,\"nextProducerId\":7}";

        assertThat(CatalogEvents.decode(json.getBytes(UTF_8))).isEqualTo(new CatalogEvent.ProducerIdsReserved(7));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "{",
                "{}",
                "{\"type\":\"topic-renamed\",\"version\":1}",
                "{\"type\":\"producer-ids-reserved\",\"version\":2,\"nextProducerId\":7}",
                "{\"type\":\"producer-ids-reserved\",\"nextProducerId\":7}",
                "{\"type\":\"producer-ids-reserved\",\"version\":1}",
                "{\"type\":\"producer-ids-reserved\",\"version\":1,\"nextProducerId\":\"x\"}",
                "{\"type\":\"topic-deleted\",\"version\":1,\"topic\":\"a\",\"topicId\":\"short\"}",
                "{\"type\":\"topic-deleted\",\"version\":1,\"topic\":null,\"topicId\":\"AAAAAAAAAAEAAAAAAAAAAg\"}",
                "{\"type\":\"partitions-added\",\"version\":1,\"topic\":\"a\",\"topicId\":\"AAAAAAAAAAEAAAAAAAAAAg\","
                        + "\"partitionCount\":0}",
                "{\"type\":\"topic-created\",\"version\":1,\"topic\":\"a\",\"topicId\":\"AAAAAAAAAAEAAAAAAAAAAg\","
                        + "\"partitionCount\":1,\"settings\":[]}"
            })
    void whatIsNoKnownEventIsRefused(String json) {
        assertThatThrownBy(() -> CatalogEvents.decode(json.getBytes(UTF_8)))
                .isInstanceOf(UnreadableCatalogEventException.class)
                .hasMessageContaining("record of the catalog");
    }
}
