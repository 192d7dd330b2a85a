package io.wellspring.bench.broker;

import io.wellspring.bench.floor.FloorServer;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Not a broker: a process that does the least for the same bytes. It shows how far the others are from what the machine allows. */
public final class Floor implements Broker {
    private final Programs programs;

    public Floor(Programs programs) {
        this.programs = programs;
    }

    @Override
    public String name() {
        return "floor";
    }

    @Override
    public boolean isWhole() {
        return false;
    }

    @Override
    public void format(Path data) {
        // It makes its files as frames come.
    }

    @Override
    public RunningBroker launch(Path data, Setup setup) throws IOException {
        Listeners listeners = Listeners.choose(data, setup);
        boolean isSynced = switch (setup.durability()) {
            case PAGE_CACHE -> false;
            case DISK -> true;
        };
        List<String> command = List.of(
                programs.java().toString(),
                "-Xmx64m",
                "-XX:+UseSerialGC",
                "-cp",
                ownClassPath(),
                FloorServer.class.getName(),
                Integer.toString(listeners.port()),
                data.toString(),
                Boolean.toString(isSynced));
        return RunningBroker.launch(this, command, data, listeners);
    }

    /** The instrument's own; the floor runs in another directory. */
    private static String ownClassPath() {
        return Pattern.compile(File.pathSeparator)
                .splitAsStream(System.getProperty("java.class.path"))
                .map(entry -> Path.of(entry).toAbsolutePath().toString())
                .collect(Collectors.joining(File.pathSeparator));
    }

    @Override
    public List<Path> files() {
        return List.of();
    }
}
