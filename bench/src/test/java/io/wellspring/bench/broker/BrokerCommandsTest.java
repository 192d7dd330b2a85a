package io.wellspring.bench.broker;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class BrokerCommandsTest {
    private static final Programs PROGRAMS = new Programs(
            Path.of("/jdk/bin/java"),
            "1g",
            Path.of("/w"),
            new Programs.Extras(List.of("-XX:+UseZGC"), List.of("--x=1")),
            "/k.jar",
            new Programs.Extras(List.of(), List.of("y=2")));
    private static final Path DATA = Path.of("/data");
    private static final Listeners LISTENERS = new Listeners(1, Optional.empty());

    @Test
    void durabilityIsEqualOnBothSides() {
        Wellspring wellspring = new Wellspring(PROGRAMS);
        Kafka kafka = new Kafka(PROGRAMS);
        assertThat(wellspring.command(DATA, LISTENERS, Setup.PAGE_CACHE)).contains("--wellspring.log.flush=os");
        assertThat(kafka.properties(DATA, LISTENERS, 2, Setup.PAGE_CACHE))
                .noneMatch(line -> line.startsWith("log.flush.interval.messages"));
        assertThat(wellspring.command(DATA, LISTENERS, Setup.DISK)).contains("--wellspring.log.flush=always");
        assertThat(kafka.properties(DATA, LISTENERS, 2, Setup.DISK)).contains("log.flush.interval.messages=1");
    }

    @Test
    void filesOfDeletedTopicsGoEquallySoon() {
        assertThat(new Wellspring(PROGRAMS).command(DATA, LISTENERS, Setup.PAGE_CACHE))
                .contains("--wellspring.topics.defaults.[file.delete.delay.ms]=1000");
        assertThat(new Kafka(PROGRAMS).properties(DATA, LISTENERS, 2, Setup.PAGE_CACHE))
                .contains("log.segment.delete.delay.ms=1000");
    }

    @Test
    void bothSetupsStartFromThePreparedDirectory() {
        Wellspring wellspring = new Wellspring(PROGRAMS);
        for (Setup setup : List.of(Setup.PAGE_CACHE, Setup.SHIPPED)) {
            assertThat(wellspring.command(DATA, LISTENERS, setup))
                    .containsSubsequence("/jdk/bin/java", "@/w/jvm.options", "-jar", "/w/wellspring.jar");
        }
    }

    @Test
    void shippedFlagsLeaveTheHeapToTheJvm() {
        Wellspring wellspring = new Wellspring(PROGRAMS);
        assertThat(wellspring.command(DATA, LISTENERS, Setup.PAGE_CACHE)).contains("-Xmx1g", "-Xms1g");
        assertThat(wellspring.command(DATA, LISTENERS, Setup.SHIPPED))
                .noneMatch(argument -> argument.startsWith("-Xm"));
    }

    @Test
    void additionsStandWhereTheyBelong() {
        List<String> command = new Wellspring(PROGRAMS).command(DATA, LISTENERS, Setup.PAGE_CACHE);
        assertThat(command.indexOf("-XX:+UseZGC")).isLessThan(command.indexOf("-jar"));
        assertThat(command).endsWith("--x=1");
        assertThat(new Kafka(PROGRAMS).properties(DATA, LISTENERS, 2, Setup.PAGE_CACHE))
                .endsWith("y=2");
    }
}
