package io.wellspring.bench.broker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Wellspring as {@code bin/prepare} leaves it: the flags that it is shipped with, and the JVM's cache of its classes. */
public final class Wellspring implements Broker {
    private final Programs programs;

    public Wellspring(Programs programs) {
        this.programs = programs;
    }

    @Override
    public String name() {
        return "Wellspring";
    }

    @Override
    public boolean isWhole() {
        return true;
    }

    @Override
    public void format(Path data) {
        // It makes its directory at the first start.
    }

    @Override
    public RunningBroker launch(Path data, Setup setup) throws IOException {
        Listeners listeners = Listeners.choose(data, setup);
        return RunningBroker.launch(this, command(data, listeners, setup), data, listeners);
    }

    List<String> command(Path data, Listeners listeners, Setup setup) {
        List<String> command = new ArrayList<>();
        command.add(programs.java().toString());
        command.add("@" + programs.wellspring().resolve("jvm.options"));
        switch (setup.flags()) {
            case EQUAL -> {
                command.add("-Xms" + programs.heap());
                command.add("-Xmx" + programs.heap());
            }
            case SHIPPED -> {
                // Nothing more.
            }
        }
        command.addAll(programs.wellspringExtras().flags());
        command.add("-jar");
        command.add(programs.wellspring().resolve("wellspring.jar").toString());
        command.add("--wellspring.log.directories=" + data);
        command.add("--wellspring.network.listeners[0].bind=127.0.0.1:" + listeners.port());
        listeners.tls().ifPresent(tls -> addTls(command, tls));
        // All load comes from one address.
        command.add("--wellspring.network.max-connections-per-address=10000");
        command.add("--management.server.port=0");
        command.add("--wellspring.topics.defaults.[file.delete.delay.ms]=" + FILE_DELETE_DELAY_MS);
        command.add("--wellspring.log.flush="
                + switch (setup.durability()) {
                    case PAGE_CACHE -> "os";
                    case DISK -> "always";
                });
        command.addAll(programs.wellspringExtras().arguments());
        return command;
    }

    private static void addTls(List<String> command, Listeners.Tls tls) {
        command.addAll(List.of(
                "--wellspring.network.listeners[1].name=TLS",
                "--wellspring.network.listeners[1].bind=127.0.0.1:" + tls.port(),
                "--wellspring.network.listeners[1].protocol=SSL",
                "--wellspring.network.listeners[1].ssl-bundle=bench",
                "--spring.ssl.bundle.jks.bench.keystore.location="
                        + tls.keys().store().toUri(),
                "--spring.ssl.bundle.jks.bench.keystore.password=" + Keys.PASSWORD,
                "--spring.ssl.bundle.jks.bench.keystore.type=" + Keys.TYPE));
    }

    @Override
    public List<Path> files() throws IOException {
        try (Stream<Path> files = Files.walk(programs.wellspring())) {
            return files.filter(Files::isRegularFile).toList();
        }
    }
}
