package io.wellspring.log;

/** When an append is made durable ({@code wellspring.log.flush}). */
public enum FlushPolicy {
    /** Acknowledged means fsynced: nothing acknowledged is lost in a power cut. */
    ALWAYS,

    /** The operating system writes back when it likes, as Kafka does: a killed process loses nothing, a power cut the last seconds. */
    OS,

    /** As {@link #OS}, and every {@code wellspring.log.flush-interval} everything is forced: a power cut loses at most that. */
    INTERVAL
}
