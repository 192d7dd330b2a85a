package io.wellspring.management;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.function.ToDoubleFunction;

/**
 * Every meter of the broker: its name, what it is counted in, and what it says. The only place where names are written; dashboards and alerts
 * are made from it. Bytes have a unit, times are in seconds, what is merely counted has none: its name says it. In Prometheus the dots are
 * underscores and counters end in {@code _total}.
 */
enum MeterCatalog {
    REQUESTS("wellspring.requests", "", "Time from a request's arrival to its answer, waiting included, by API"),
    REQUESTS_ERRORS("wellspring.requests.errors", "", "Errors in answers, by API and Kafka's name of the error"),
    REQUESTS_FAILED("wellspring.requests.failed", "", "Requests that ran into a bug or a broken disk, by API"),
    REQUESTS_REFUSED("wellspring.requests.refused", "", "Requests that could not be read and closed their connection"),

    FETCH_SESSIONS("wellspring.fetch.sessions", "", "Incremental fetch sessions"),
    FETCH_SESSION_PARTITIONS("wellspring.fetch.sessions.partitions", "", "Partitions that fetch sessions remember"),
    FETCH_SESSIONS_EVICTED("wellspring.fetch.sessions.evicted", "", "Fetch sessions that made room for others"),

    CONNECTIONS("wellspring.network.connections", "", "Open client connections, by listener"),
    CONNECTIONS_OPENED("wellspring.network.connections.opened", "", "Connections let in, by listener"),
    CONNECTIONS_REFUSED("wellspring.network.connections.refused", "", "Connections not let in, by reason"),
    CONNECTIONS_DROPPED("wellspring.network.connections.dropped", "", "Connections closed by the broker, by reason"),
    NETWORK_RECEIVED("wellspring.network.received", "bytes", "Bytes of request frames, by listener"),
    NETWORK_SENT("wellspring.network.sent", "bytes", "Bytes of responses, by listener"),
    NETWORK_IN_FLIGHT("wellspring.network.in.flight", "bytes", "Bytes of requests that are being worked on"),

    TOPIC_RECORDS("wellspring.topic.records", "", "Records committed, by topic"),
    TOPIC_BYTES("wellspring.topic", "bytes", "Bytes of batches committed, by topic"),
    TOPIC_FETCHED("wellspring.topic.fetched", "bytes", "Bytes of batches in answers to fetches, by topic"),
    APPENDS_REFUSED("wellspring.appends.refused", "", "Appends that were refused, by reason"),
    APPEND_WAIT("wellspring.appends.wait", "", "Time from an append's joining the queue to its outcome"),
    QUEUE_APPENDS("wellspring.shard.queue.appends", "", "Appends that wait in a shard's queue"),
    QUEUE_BYTES("wellspring.shard.queue", "bytes", "Bytes that wait in a shard's queue"),
    GROUP_COMMIT("wellspring.shard.commit", "", "Time from taking a group of appends off the queue to its commit"),
    GROUP_APPENDS("wellspring.shard.commit.appends", "", "Appends that one group commit made durable together"),
    GROUP_BYTES("wellspring.shard.commit.size", "bytes", "Bytes that one group commit wrote"),
    GROUP_FLUSH("wellspring.shard.flush", "", "Time of one round of fsyncs"),

    GROUP_LAG("wellspring.group.lag", "", "Records that a group has not read, by group and topic"),
    GROUP_LAG_TIME("wellspring.group.lag.time", "seconds", "Age of the oldest of them, by group and topic"),
    GROUP_LAG_LEFT_OUT("wellspring.group.lag.left.out", "", "Pairs of group and topic that are not shown: too many"),
    GROUPS("wellspring.groups.present", "", "Groups, by type and state"),
    GROUP_OFFSETS("wellspring.groups.offsets", "", "Committed offsets"),
    GROUP_OFFSET_CHANGES(
            "wellspring.groups.offset.changes", "", "Offsets committed, expired and deleted since the start"),
    GROUP_REBALANCES("wellspring.groups.rebalances", "", "Rebalances since the start, by type of group"),
    GROUP_QUEUE("wellspring.groups.queue", "", "Operations on groups that wait for a thread"),
    GROUP_QUEUE_WAIT("wellspring.groups.queue.wait", "", "Time that they wait"),
    GROUP_OPERATION("wellspring.groups.operation", "", "Time of one operation on a group"),
    GROUP_WRITE("wellspring.groups.write", "", "Time from handing records of groups to the log to their being written"),
    GROUP_COMMIT_WAIT(
            "wellspring.groups.commit.wait", "", "Time that operations on groups wait for their records' commit"),
    GROUP_LOAD("wellspring.groups.load", "", "Time of replaying the groups of one partition"),
    GROUP_PARTITIONS("wellspring.groups.partitions", "", "Partitions of groups, by state"),

    LOG_WRITTEN("wellspring.log.written", "bytes", "Bytes written to logs"),
    LOG_RECORDS("wellspring.log.records", "", "Records written to logs"),
    LOG_FSYNC("wellspring.log.fsync", "", "Time of one fsync"),
    LOG_ROLLS("wellspring.log.segments.rolled", "", "Segments begun"),
    LOG_RETIRED("wellspring.log.segments.retired", "", "Segments taken out by retention"),
    LOG_RETIRED_BYTES("wellspring.log.retired", "bytes", "Bytes taken out by retention"),
    LOG_TRUNCATIONS("wellspring.log.truncations", "", "Logs cut back to an offset"),
    LOG_INDEXES_REBUILT("wellspring.log.indexes.rebuilt", "", "Segments whose indexes were made anew"),
    LOG_TAILS_CUT("wellspring.log.recovery.tails", "", "Torn tails that recovery cut"),
    LOG_TAIL_BYTES("wellspring.log.recovery.cut", "bytes", "Bytes of torn tails that recovery cut"),
    LOG_COMPACTION("wellspring.log.compaction", "", "Time of one log's compaction"),
    LOG_COMPACTION_READ("wellspring.log.compaction.read", "bytes", "Bytes of batches that compaction looked at"),
    LOG_COMPACTION_WRITTEN("wellspring.log.compaction.written", "bytes", "Bytes of those that compaction kept"),
    LOG_COMPACTIONS_FAILED("wellspring.log.compaction.failed", "", "Compactions that failed and were put off"),
    LOG_OFFLINE("wellspring.log.offline", "", "Logs that went offline since the start"),

    DIRECTORY_SIZE("wellspring.directory.logs.size", "bytes", "Bytes of the segments in a log directory"),
    DIRECTORY_LOGS("wellspring.directory.logs", "", "Logs in a log directory"),
    DIRECTORY_USABLE("wellspring.directory.usable", "bytes", "Free bytes of a log directory's volume"),
    DIRECTORY_TOTAL("wellspring.directory.total", "bytes", "Size of a log directory's volume"),
    DIRECTORY_ONLINE("wellspring.directory.online", "", "1 if the log directory works, 0 if it failed"),

    PARTITIONS("wellspring.partitions", "", "Partitions of this broker"),
    PARTITIONS_OFFLINE("wellspring.partitions.offline", "", "Partitions that serve nothing");

    /** Bounds of the buckets of times: enough for a percentile, few enough for one histogram per API. */
    private static final Duration[] TIMES = {
        Duration.ofNanos(500_000),
        Duration.ofMillis(1),
        Duration.ofMillis(2),
        Duration.ofMillis(5),
        Duration.ofMillis(10),
        Duration.ofMillis(25),
        Duration.ofMillis(50),
        Duration.ofMillis(100),
        Duration.ofMillis(250),
        Duration.ofMillis(500),
        Duration.ofSeconds(1),
        Duration.ofSeconds(5),
        Duration.ofSeconds(30)
    };

    private final String meter;
    private final String unit;
    private final String description;

    MeterCatalog(String meter, String unit, String description) {
        this.meter = meter;
        this.unit = unit;
        this.description = description;
    }

    /** The meter's name, in Micrometer's form. */
    String meter() {
        return meter;
    }

    String description() {
        return description;
    }

    Counter counter(MeterRegistry registry, String... tags) {
        return Counter.builder(meter)
                .description(description)
                .baseUnit(unit.isEmpty() ? null : unit)
                .tags(tags)
                .register(registry);
    }

    Timer timer(MeterRegistry registry, String... tags) {
        return Timer.builder(meter)
                .description(description)
                .serviceLevelObjectives(TIMES)
                .tags(tags)
                .register(registry);
    }

    DistributionSummary summary(MeterRegistry registry, double... bounds) {
        return DistributionSummary.builder(meter)
                .description(description)
                .baseUnit(unit.isEmpty() ? null : unit)
                .serviceLevelObjectives(bounds)
                .register(registry);
    }

    /** Gauges whose tags come and go: each registration of rows replaces the last. */
    MultiGauge gauges(MeterRegistry registry) {
        return MultiGauge.builder(meter)
                .description(description)
                .baseUnit(unit.isEmpty() ? null : unit)
                .register(registry);
    }

    /** A count that somebody else keeps; asked whenever somebody looks. It does not keep the source alive. */
    <T> void counter(MeterRegistry registry, T source, ToDoubleFunction<T> value, String... tags) {
        FunctionCounter.builder(meter, source, value)
                .description(description)
                .baseUnit(unit.isEmpty() ? null : unit)
                .tags(tags)
                .register(registry);
    }

    /** A gauge that asks the source whenever somebody looks; it keeps the source alive. */
    <T> void gauge(MeterRegistry registry, T source, ToDoubleFunction<T> value, String... tags) {
        Gauge.builder(meter, source, value)
                .description(description)
                .baseUnit(unit.isEmpty() ? null : unit)
                .tags(tags)
                .strongReference(true)
                .register(registry);
    }
}
