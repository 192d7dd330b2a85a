package io.wellspring.bench.broker;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** One of those that are compared: knows how to start it, holds nothing of a running one. */
public sealed interface Broker permits Wellspring, Kafka, Floor {
    /**
     * How long a broker keeps the files of a deleted topic, all brokers the same: less than the minute that is usual, so that they go between two measurements.
     * Not zero: Kafka would look for such files without rest.
     */
    int FILE_DELETE_DELAY_MS = 1000;

    /** The word for it in tables. */
    String name();

    /** Whether it is a broker that clients can talk to, or only takes the frames it is made for. */
    boolean isWhole();

    /** Makes an empty directory ready for a first start; this is never measured. */
    void format(Path data) throws IOException;

    /** Starts a process on a formatted directory and does not wait. */
    RunningBroker launch(Path data, Setup setup) throws IOException;

    /** What a start reads besides its data: to be dropped from the page cache where a start is to be cold. */
    List<Path> files() throws IOException;
}
