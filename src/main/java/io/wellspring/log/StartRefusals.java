package io.wellspring.log;

import io.wellspring.model.BrokerIdentity;
import io.wellspring.model.NodeId;
import io.wellspring.support.StartRefusedException;
import java.io.IOException;
import java.nio.file.Path;

/** The sentences with which a log directory is refused; nothing was written into it then. */
final class StartRefusals {
    private static final String PROPERTY = "wellspring.log.directories: ";

    private StartRefusals() {}

    static StartRefusedException notADirectory(Path path) {
        return new StartRefusedException(
                PROPERTY + path + " is not a directory", "Name a directory, or a path that is free.");
    }

    static StartRefusedException notWritable(Path path) {
        return new StartRefusedException(
                PROPERTY + path + " cannot be written: it is read-only or belongs to somebody else",
                "Give the user of this process the right to write there, or mount the volume for writing.");
    }

    static StartRefusedException foreign(Path path, String name) {
        return new StartRefusedException(
                PROPERTY + path + " is not empty and is not a data directory of ours: it has '" + name + "' and no "
                        + DirectoryIdentity.FILE_NAME,
                "Name an empty directory or one of this broker.");
    }

    static StartRefusedException locked(Path path) {
        return new StartRefusedException(
                PROPERTY + path + " is in use: another process holds " + LogDirectory.LOCK_FILE,
                "Stop the other broker, or name another directory.");
    }

    static StartRefusedException changedMeanwhile(Path path) {
        return new StartRefusedException(
                PROPERTY + path + " was changed by another process while this one started",
                "Start one broker at a time.");
    }

    static StartRefusedException otherNode(Path path, BrokerIdentity found, NodeId wanted) {
        return new StartRefusedException(
                PROPERTY + path + " belongs to broker node.id=" + found.nodeId() + ", but wellspring.node.id=" + wanted,
                "Set wellspring.node.id=" + found.nodeId() + ", or name another directory.");
    }

    static StartRefusedException otherCluster(Path path, String found, Path other, String wanted) {
        return new StartRefusedException(
                PROPERTY + path + " belongs to cluster.id=" + found + ", but " + other + " to cluster.id=" + wanted,
                "Name only directories of one cluster.");
    }

    static StartRefusedException twice(String partition, Path one, Path other) {
        return new StartRefusedException(
                "Partition " + partition + " is in two log directories: " + one + " and " + other,
                "Find out which one is current and move the other away.");
    }

    static StartRefusedException failed(Path path, IOException failure) {
        return new StartRefusedException(
                PROPERTY + path + " cannot be used: " + failure,
                "Check the disk and the rights; a disk that is gone must be taken out of the list, with its partitions.",
                failure);
    }
}
