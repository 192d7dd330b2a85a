package io.wellspring.coordinator.group;

import io.wellspring.model.TopicPartition;
import io.wellspring.partition.Partition;
import io.wellspring.partition.Partitions;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.OptionalInt;

/**
 * Which partitions of the offsets topic this broker coordinates: those it leads and whose log works. Compares what is with what the library was
 * told last, so that it may be asked at any time and as often as one likes. Threads: one at a time.
 */
final class GroupElections {
    private final Partitions partitions;
    private final Coordinator coordinator;

    /** Partition to the leader epoch that the library was told. */
    private final Map<Integer, Integer> elected = new HashMap<>();

    /** What hears of elections: the library. */
    interface Coordinator {
        void onElection(int partition, int leaderEpoch);

        void onResignation(int partition, OptionalInt leaderEpoch);
    }

    GroupElections(Partitions partitions, Coordinator coordinator) {
        this.partitions = partitions;
        this.coordinator = coordinator;
    }

    /** @param partitionCount of the offsets topic, 0: it is not there yet */
    void reconcile(int partitionCount) {
        for (int index = 0; index < partitionCount; index++) {
            Partition partition = partitions.find(new TopicPartition(OffsetsTopic.NAME, index));
            if (partition != null && isLed(partition)) {
                int epoch = partition.leaderEpoch();
                Integer told = elected.get(index);
                if (told == null || told != epoch) {
                    coordinator.onElection(index, epoch);
                    elected.put(index, epoch);
                }
            }
        }
        Iterator<Integer> each = elected.keySet().iterator();
        while (each.hasNext()) {
            int index = each.next();
            Partition partition = partitions.find(new TopicPartition(OffsetsTopic.NAME, index));
            if (partition == null || !isLed(partition)) {
                each.remove();
                coordinator.onResignation(index, OptionalInt.empty());
            }
        }
    }

    /** The library could not load it, and would not try again by itself: at the next {@link #reconcile} it is as new. */
    void giveUp(int partition) {
        if (elected.remove(partition) != null) {
            coordinator.onResignation(partition, OptionalInt.empty());
        }
    }

    private static boolean isLed(Partition partition) {
        return partition.isLeader() && partition.offlineReason() == null;
    }
}
