package io.wellspring.management;

import io.wellspring.log.LogStore;
import io.wellspring.log.LogStore.DirectoryStatus;
import io.wellspring.model.Endpoint;
import io.wellspring.support.Ticker;
import java.io.PrintStream;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ApplicationListener;

/**
 * Prints the ready line, once, after the network listens: plain, on standard output, for scripts that wait for it.
 *
 * <pre>Wellspring is ready: kafka=127.0.0.1:9092 management=127.0.0.1:8081 data=/var/lib/wellspring in 812 ms</pre>
 *
 * Several listeners or directories are separated by commas; the time counts from the start of the JVM.
 */
final class ReadyAnnouncement implements ApplicationListener<ApplicationReadyEvent> {
    private final Supplier<List<Endpoint>> endpoints;
    private final Supplier<String> management;
    private final LogStore logs;
    private final Ticker sinceJvmStart;
    private final PrintStream output;

    /**
     * @param endpoints where clients reach the broker; asked when it listens
     * @param management {@code host:port} of the management server; asked when it listens
     */
    ReadyAnnouncement(
            Supplier<List<Endpoint>> endpoints,
            Supplier<String> management,
            LogStore logs,
            Ticker sinceJvmStart,
            PrintStream output) {
        this.endpoints = endpoints;
        this.management = management;
        this.logs = logs;
        this.sinceJvmStart = sinceJvmStart;
        this.output = output;
    }

    @Override
    public void onApplicationEvent(ApplicationReadyEvent event) {
        String kafka = endpoints.get().stream()
                .map(endpoint -> hostAndPort(endpoint.host(), endpoint.port()))
                .collect(Collectors.joining(","));
        String data = logs.directories().stream().map(DirectoryStatus::path).collect(Collectors.joining(","));
        output.println("Wellspring is ready: kafka=" + kafka + " management=" + management.get() + " data=" + data
                + " in " + TimeUnit.NANOSECONDS.toMillis(sinceJvmStart.nanos()) + " ms");
        output.flush();
    }

    /** An IPv6 address stands in brackets. */
    static String hostAndPort(String host, int port) {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
}
