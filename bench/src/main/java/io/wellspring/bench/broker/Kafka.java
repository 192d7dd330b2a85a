package io.wellspring.bench.broker;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Apache Kafka, one node that is broker and controller, with the flags and settings of its own start script and of the {@code server.properties} in
 * its distribution.
 */
public final class Kafka implements Broker {
    private static final String CLUSTER_ID = "d2VsbHNwcmluZy1iZW5jaA";
    private static final String MAIN_CLASS = "kafka.Kafka";

    /** What its start script gives the JVM, the heap apart. */
    private static final List<String> SHIPPED_FLAGS = List.of(
            "-server",
            "-XX:+UseG1GC",
            "-XX:MaxGCPauseMillis=20",
            "-XX:InitiatingHeapOccupancyPercent=35",
            "-XX:+ExplicitGCInvokesConcurrent",
            "-Djava.awt.headless=true");

    private static final String SHIPPED_HEAP = "1G";

    private final Programs programs;

    public Kafka(Programs programs) {
        this.programs = programs;
    }

    @Override
    public String name() {
        return "Kafka";
    }

    @Override
    public boolean isWhole() {
        return true;
    }

    @Override
    public void format(Path data) throws IOException {
        Path properties = write(data, new Listeners(1, Optional.empty()), 2, Setup.PAGE_CACHE);
        List<String> command = java("256m");
        command.addAll(List.of("kafka.tools.StorageTool", "format", "-t", CLUSTER_ID, "-c", properties.toString()));
        Commands.run(command);
    }

    @Override
    public RunningBroker launch(Path data, Setup setup) throws IOException {
        Listeners listeners = Listeners.choose(data, setup);
        Path properties = write(data, listeners, Ports.free(), setup);
        List<String> command = java(
                switch (setup.flags()) {
                    case EQUAL -> programs.heap();
                    case SHIPPED -> SHIPPED_HEAP;
                });
        command.add(MAIN_CLASS);
        command.add(properties.toString());
        return RunningBroker.launch(this, command, data, listeners);
    }

    private List<String> java(String heap) {
        List<String> command = new ArrayList<>();
        command.add(programs.java().toString());
        command.add("-Xms" + heap);
        command.add("-Xmx" + heap);
        command.addAll(SHIPPED_FLAGS);
        command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow"));
        command.addAll(programs.kafka().flags());
        command.addAll(List.of("-cp", programs.kafkaClassPath()));
        return command;
    }

    private Path write(Path data, Listeners listeners, int controllerPort, Setup setup) throws IOException {
        Path properties = data.resolveSibling(data.getFileName() + ".properties");
        return Files.write(properties, properties(data, listeners, controllerPort, setup));
    }

    List<String> properties(Path data, Listeners listeners, int controllerPort, Setup setup) {
        List<String> lines = new ArrayList<>(List.of(
                "process.roles=broker,controller",
                "node.id=1",
                "controller.quorum.voters=1@127.0.0.1:" + controllerPort,
                "listeners=PLAINTEXT://127.0.0.1:" + listeners.port()
                        + listeners
                                .tls()
                                .map(tls -> ",SSL://127.0.0.1:" + tls.port())
                                .orElse("")
                        + ",CONTROLLER://127.0.0.1:" + controllerPort,
                "controller.listener.names=CONTROLLER",
                "offsets.topic.replication.factor=1",
                "transaction.state.log.replication.factor=1",
                "transaction.state.log.min.isr=1",
                "log.dirs=" + data,
                "log.segment.delete.delay.ms=" + FILE_DELETE_DELAY_MS,
                // As in the server.properties of the distribution.
                "num.network.threads=3",
                "num.io.threads=8",
                "socket.send.buffer.bytes=102400",
                "socket.receive.buffer.bytes=102400"));
        switch (setup.durability()) {
            case PAGE_CACHE -> {
                // Its default.
            }
            case DISK -> lines.add("log.flush.interval.messages=1");
        }
        listeners.tls().ifPresent(tls -> addTls(lines, tls));
        lines.addAll(programs.kafka().arguments());
        return lines;
    }

    private static void addTls(List<String> lines, Listeners.Tls tls) {
        lines.addAll(List.of(
                "listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,SSL:SSL",
                "ssl.keystore.location=" + tls.keys().store(),
                "ssl.keystore.password=" + Keys.PASSWORD,
                "ssl.keystore.type=" + Keys.TYPE));
    }

    @Override
    public List<Path> files() {
        return Arrays.stream(programs.kafkaClassPath().split(File.pathSeparator))
                .map(Path::of)
                .toList();
    }
}
