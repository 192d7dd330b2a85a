package io.wellspring.coordinator.group;

import io.wellspring.model.NodeId;
import io.wellspring.model.TopicId;
import io.wellspring.topic.Topic;
import io.wellspring.topic.TopicCatalog;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.metadata.PartitionRecord;
import org.apache.kafka.common.metadata.RemoveTopicRecord;
import org.apache.kafka.common.metadata.TopicRecord;
import org.apache.kafka.image.MetadataDelta;
import org.apache.kafka.image.MetadataImage;
import org.apache.kafka.image.MetadataProvenance;

/**
 * The catalog of topics as the library's metadata image, kept up by differences: topics that appeared, grew or went. Threads: one at a time.
 */
final class CatalogFeed {
    private static final int EPOCH = 0;

    private final int nodeId;
    private final Map<TopicId, Topic> published = new HashMap<>();
    private MetadataImage image = MetadataImage.EMPTY;
    private long version;

    CatalogFeed(NodeId node) {
        this.nodeId = node.value();
    }

    /** What takes an image and what led to it: the library's {@code onMetadataUpdate}. */
    @FunctionalInterface
    interface Subscriber {
        void update(MetadataDelta delta, MetadataImage image);
    }

    MetadataImage image() {
        return image;
    }

    /** Tells the subscriber what has changed since the last time, if anything has. */
    void publish(TopicCatalog catalog, Subscriber subscriber) {
        MetadataDelta delta = new MetadataDelta.Builder().setImage(image).build();
        boolean isChanged = removeGone(catalog, delta);
        for (Topic topic : catalog.all()) {
            isChanged |= add(topic, delta);
        }
        if (!isChanged && version > 0) {
            return;
        }
        version++;
        image = delta.apply(new MetadataProvenance(version, EPOCH, version, true));
        subscriber.update(delta, image);
    }

    private boolean removeGone(TopicCatalog catalog, MetadataDelta delta) {
        List<TopicId> gone = published.keySet().stream()
                .filter(id -> catalog.find(id) == null)
                .toList();
        for (TopicId id : gone) {
            published.remove(id);
            delta.replay(new RemoveTopicRecord().setTopicId(LibraryNames.of(id)));
        }
        return !gone.isEmpty();
    }

    private boolean add(Topic topic, MetadataDelta delta) {
        Topic known = published.get(topic.id());
        int before = known == null ? 0 : known.partitionCount();
        if (known != null && topic.partitionCount() == before) {
            return false;
        }
        Uuid id = LibraryNames.of(topic.id());
        if (known == null) {
            delta.replay(new TopicRecord().setName(topic.name()).setTopicId(id));
        }
        for (int index = before; index < topic.partitionCount(); index++) {
            delta.replay(new PartitionRecord()
                    .setTopicId(id)
                    .setPartitionId(index)
                    .setReplicas(List.of(nodeId))
                    .setIsr(List.of(nodeId))
                    .setLeader(nodeId)
                    .setLeaderEpoch(EPOCH)
                    .setPartitionEpoch(EPOCH));
        }
        published.put(topic.id(), topic);
        return true;
    }
}
