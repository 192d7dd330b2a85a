package io.wellspring.bench.broker;

import java.nio.file.Path;
import java.util.List;

/**
 * What the brokers are started from.
 *
 * @param java the JDK's launcher, the same for all
 * @param heap the same for all where heaps are to be equal, such as {@code 1g}
 * @param wellspring the directory that {@code bin/prepare} made of its jar
 * @param wellspringExtras what else Wellspring is started with
 * @param kafkaClassPath of Kafka's broker
 * @param kafka what else Kafka is started with; its arguments are lines for its properties
 */
public record Programs(
        Path java, String heap, Path wellspring, Extras wellspringExtras, String kafkaClassPath, Extras kafka) {
    /**
     * Additions for trying things out.
     *
     * @param flags of the JVM
     * @param arguments of the program
     */
    public record Extras(List<String> flags, List<String> arguments) {
        /** Nothing more. */
        public static final Extras NONE = new Extras(List.of(), List.of());
    }
}
