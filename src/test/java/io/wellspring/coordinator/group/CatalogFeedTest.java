package io.wellspring.coordinator.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.wellspring.model.NodeId;
import io.wellspring.model.TopicId;
import io.wellspring.topic.CatalogEvent;
import io.wellspring.topic.TopicCatalog;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.image.MetadataDelta;
import org.apache.kafka.image.MetadataImage;
import org.junit.jupiter.api.Test;

final class CatalogFeedTest {
    private final CatalogFeed feed = new CatalogFeed(new NodeId(7));
    private final List<MetadataDelta> deltas = new ArrayList<>();
    private final TopicId orders = TopicId.random();

    @Test
    void theFirstImageIsToldEvenIfItIsEmptyAndNothingTwice() {
        publish(TopicCatalog.EMPTY);
        publish(TopicCatalog.EMPTY);

        assertThat(deltas).hasSize(1);
        assertThat(feed.image().topics().topicsByName().isEmpty()).isTrue();
    }

    @Test
    void topicsAppearWithTheirPartitionsAndGrow() {
        TopicCatalog catalog = TopicCatalog.EMPTY.apply(List.of(created("orders", orders, 2)));
        publish(catalog);
        publish(catalog.apply(List.of(new CatalogEvent.PartitionsAdded("orders", orders, 5))));

        assertThat(feed.image().topics().getTopic("orders").partitions().keySet())
                .containsExactlyInAnyOrder(0, 1, 2, 3, 4);
        assertThat(feed.image().topics().getTopic("orders").partitions().values())
                .allMatch(partition -> partition.leader == 7);
        assertThat(feed.image().topics().getTopic("orders").id()).isEqualTo(LibraryNames.of(orders));
        assertThat(deltas).hasSize(2);
    }

    @Test
    void topicThatWasDeletedAndMadeAgainBetweenTwoLooksIsAnotherTopic() {
        TopicCatalog before = TopicCatalog.EMPTY.apply(List.of(created("orders", orders, 3)));
        publish(before);
        TopicId again = TopicId.random();
        publish(before.apply(List.of(new CatalogEvent.TopicDeleted("orders", orders), created("orders", again, 1))));

        MetadataImage image = feed.image();
        assertThat(image.topics().getTopic("orders").id()).isEqualTo(LibraryNames.of(again));
        assertThat(image.topics().getTopic("orders").partitions()).hasSize(1);
        assertThat(image.topics().getTopic(LibraryNames.of(orders))).isNull();
        assertThat(deltas.getLast().topicsDelta().deletedTopicIds()).containsExactly(LibraryNames.of(orders));
    }

    @Test
    void versionsOfTheImageOnlyGrow() {
        publish(TopicCatalog.EMPTY);
        long first = feed.image().offset();
        publish(TopicCatalog.EMPTY.apply(List.of(created("orders", orders, 1))));

        assertThat(feed.image().offset()).isGreaterThan(first);
    }

    private void publish(TopicCatalog catalog) {
        feed.publish(catalog, (delta, image) -> deltas.add(delta));
    }

    private static CatalogEvent created(String name, TopicId id, int partitionCount) {
        return new CatalogEvent.TopicCreated(name, id, partitionCount, Map.of());
    }
}
