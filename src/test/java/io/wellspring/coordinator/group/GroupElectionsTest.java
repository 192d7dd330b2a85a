package io.wellspring.coordinator.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.wellspring.model.TopicPartition;
import io.wellspring.partition.ScriptedPartitions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class GroupElectionsTest {
    @TempDir
    Path directory = Path.of("");

    private final List<String> heard = new ArrayList<>();
    private ScriptedPartitions partitions;
    private GroupElections elections;

    @BeforeEach
    void open() {
        partitions = new ScriptedPartitions(directory);
        elections = new GroupElections(partitions.all(), new GroupElections.Coordinator() {
            @Override
            public void onElection(int partition, int leaderEpoch) {
                heard.add("elected " + partition + " in " + leaderEpoch);
            }

            @Override
            public void onResignation(int partition, OptionalInt leaderEpoch) {
                heard.add("resigned " + partition);
            }
        });
    }

    @AfterEach
    void close() {
        partitions.close();
    }

    @Test
    void partitionsThatAreThereAreElectedOnceWhileTheTopicIsBeingMade() {
        elections.reconcile(0);
        assertThat(heard).isEmpty();

        make(1);
        elections.reconcile(3);
        elections.reconcile(3);
        assertThat(heard).containsExactly("elected 1 in 0");

        make(0);
        make(2);
        elections.reconcile(3);
        assertThat(heard).containsExactly("elected 1 in 0", "elected 0 in 0", "elected 2 in 0");
    }

    @Test
    void lossOfLeadershipIsToldOnceAndTheNextEpochElectsAgain() {
        make(0);
        elections.reconcile(1);

        partitions.engine().loseLeadership();
        elections.reconcile(1);
        elections.reconcile(1);
        partitions.engine().lead(5);
        elections.reconcile(1);

        assertThat(heard).containsExactly("elected 0 in 0", "resigned 0", "elected 0 in 5");
    }

    /** Between two looks the partition was led by another broker: what is in memory is no more what is in the log. */
    @Test
    void newEpochIsAnElectionEvenIfNobodySawTheLoss() {
        make(0);
        elections.reconcile(1);

        partitions.engine().loseLeadership();
        partitions.engine().lead(2);
        elections.reconcile(1);

        assertThat(heard).containsExactly("elected 0 in 0", "elected 0 in 2");
    }

    @Test
    void topicThatWentResignsItsPartitions() {
        make(0);
        make(1);
        elections.reconcile(2);
        partitions.remove(new TopicPartition(OffsetsTopic.NAME, 1));

        elections.reconcile(2);
        elections.reconcile(0);

        assertThat(heard).containsExactly("elected 0 in 0", "elected 1 in 0", "resigned 1");
    }

    private void make(int index) {
        partitions.open(new TopicPartition(OffsetsTopic.NAME, index), Map.of("cleanup.policy", "compact"));
    }
}
