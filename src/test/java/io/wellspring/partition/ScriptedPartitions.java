package io.wellspring.partition;

import io.wellspring.model.TopicPartition;
import io.wellspring.testing.ScriptedEngine;
import java.nio.file.Path;
import java.util.Map;

/** Real partitions over real logs, with an engine that does what a test says, for tests of other rooms. Threads: the test's. */
public final class ScriptedPartitions implements AutoCloseable {
    private final PartitionRig rig;

    public ScriptedPartitions(Path directory) {
        rig = new PartitionRig(PartitionRig.Plan.in(directory), ScriptedEngine::new);
    }

    /** Makes the partition. */
    public Partition open(TopicPartition id, Map<String, String> settings) {
        return rig.open(id, settings);
    }

    /** As if its topic had been deleted. */
    public void remove(TopicPartition id) {
        rig.partitions.remove(rig.serving(id));
    }

    public Partitions all() {
        return rig.partitions;
    }

    public ScriptedEngine engine() {
        return (ScriptedEngine) rig.engine;
    }

    @Override
    public void close() {
        rig.close();
    }
}
