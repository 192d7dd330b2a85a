package io.wellspring.api;

import io.wellspring.support.StartRefusedException;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Limits of requests.
 *
 * @param maxPartitionsPerRequest a request that names more partitions, or more topics or resources with settings, is refused
 * @param fetchMaxBytes the largest fetch answer, whatever the client allows (Kafka's {@code fetch.max.bytes})
 * @param fetchMaxWait the longest that a fetch waits for data, whatever the client allows
 * @param fetchSessionSlots incremental fetch sessions kept at a time (Kafka's {@code max.incremental.fetch.session.cache.slots})
 * @param fetchSessionPartitions partitions remembered by all fetch sessions together
 * @param fetchSessionMinAge a session that is younger and in use makes no room for others
 */
@ConfigurationProperties("wellspring.api")
public record ApiProperties(
        @DefaultValue("50000") int maxPartitionsPerRequest,
        @DefaultValue("55MB") DataSize fetchMaxBytes,
        @DefaultValue("5m") Duration fetchMaxWait,
        @DefaultValue("1000") int fetchSessionSlots,
        @DefaultValue("500000") int fetchSessionPartitions,
        @DefaultValue("2m") Duration fetchSessionMinAge) {
    /** Kafka refuses less than this, too. */
    private static final long SMALLEST_FETCH_BYTES = 1024;

    public ApiProperties {
        require(
                maxPartitionsPerRequest > 0,
                "max-partitions-per-request",
                maxPartitionsPerRequest,
                "Set it to 1 or more.");
        require(
                fetchMaxBytes.toBytes() >= SMALLEST_FETCH_BYTES && fetchMaxBytes.toBytes() <= Integer.MAX_VALUE,
                "fetch-max-bytes",
                fetchMaxBytes,
                "Set it to 1KB to 2047MB.");
        require(
                !fetchMaxWait.isNegative() && fetchMaxWait.compareTo(Duration.ofDays(1)) <= 0,
                "fetch-max-wait",
                fetchMaxWait,
                "Set it to 0s to 1d.");
        require(fetchSessionSlots >= 0, "fetch-session-slots", fetchSessionSlots, "Set it to 0 (no sessions) or more.");
        require(
                fetchSessionPartitions >= 0,
                "fetch-session-partitions",
                fetchSessionPartitions,
                "Set it to 0 or more.");
        require(!fetchSessionMinAge.isNegative(), "fetch-session-min-age", fetchSessionMinAge, "Set it to 0s or more.");
    }

    private static void require(boolean holds, String property, Object value, String remedy) {
        if (!holds) {
            throw new StartRefusedException(
                    "wellspring.api." + property + " is " + value + ", which is out of range.", remedy);
        }
    }
}
