package io.wellspring.bench.broker;

/**
 * How a broker is to run in a case.
 *
 * @param durability what an acknowledgement means
 * @param flags those of the JVM
 * @param transport whether there is a listener with TLS too
 */
public record Setup(Durability durability, Flags flags, Transport transport) {
    /** As Kafka is by default, the same heap for all. */
    public static final Setup PAGE_CACHE = new Setup(Durability.PAGE_CACHE, Flags.EQUAL, Transport.PLAIN);

    /** What is acknowledged is on the disk, the same heap for all. */
    public static final Setup DISK = new Setup(Durability.DISK, Flags.EQUAL, Transport.PLAIN);

    /** As Kafka is by default, each with the flags that it is shipped with. */
    public static final Setup SHIPPED = new Setup(Durability.PAGE_CACHE, Flags.SHIPPED, Transport.PLAIN);

    /** As Kafka is by default, the same heap for all, with TLS. */
    public static final Setup TLS = new Setup(Durability.PAGE_CACHE, Flags.EQUAL, Transport.TLS);

    /** Where an acknowledged record is, on each side the same. */
    public enum Durability {
        /** In the page cache: Kafka's default, Wellspring's {@code os}. */
        PAGE_CACHE,
        /** On the disk: Kafka's {@code flush.messages=1}, Wellspring's {@code always}. */
        DISK
    }

    /** What clients may connect over. */
    public enum Transport {
        PLAIN,
        /** Beside the plain listener, which those use who only prepare things. */
        TLS
    }

    /** What the JVM is started with. */
    public enum Flags {
        /** Each its own, but for the heap, which is the same. */
        EQUAL,
        /** What who installs it gets. */
        SHIPPED
    }
}
