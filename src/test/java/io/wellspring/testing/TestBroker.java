package io.wellspring.testing;

import io.wellspring.WellspringApplication;
import io.wellspring.network.KafkaServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * The real application inside this JVM, on free ports and with its data in a temporary directory that goes when it is closed.
 * Stop and start it again to see what survives; for what a crash leaves behind take {@link BrokerProcess}.
 */
public final class TestBroker implements AutoCloseable {
    private final Map<String, String> properties = new LinkedHashMap<>();
    private final Path data;
    private final boolean ownsData;
    private @Nullable ConfigurableApplicationContext context;

    private TestBroker(Path data, boolean ownsData, Map<String, String> overrides) {
        this.data = data;
        this.ownsData = ownsData;
        properties.put("wellspring.log.directories", data.toString());
        properties.put("wellspring.network.listeners[0].bind", "127.0.0.1:0");
        properties.put("management.server.port", "0");
        properties.putAll(overrides);
    }

    /** Starts a broker with empty data. */
    public static TestBroker start() {
        return start(Map.of());
    }

    /** Starts a broker with empty data and these settings over the defaults. */
    public static TestBroker start(Map<String, String> overrides) {
        try {
            return started(new TestBroker(Files.createTempDirectory("wellspring"), true, overrides));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts a broker whose data lies there, and stays there when it is closed. */
    public static TestBroker startIn(Path data, Map<String, String> overrides) {
        return started(new TestBroker(data, false, overrides));
    }

    private static TestBroker started(TestBroker broker) {
        try {
            broker.run();
            return broker;
        } catch (Throwable e) {
            broker.close();
            throw e;
        }
    }

    private void run() {
        List<String> arguments = new ArrayList<>(ManagementPort.users());
        properties.forEach((property, value) -> arguments.add("--" + property + "=" + value));
        SpringApplication application = new SpringApplication(WellspringApplication.class);
        // The test ends it; a hook would outlive the test.
        application.setRegisterShutdownHook(false);
        context = application.run(arguments.toArray(new String[0]));
    }

    /** {@code host:port} for clients. */
    public String bootstrapServers() {
        return bean(KafkaServer.class).addresses().stream()
                .map(listener -> listener.advertised().host() + ":"
                        + listener.advertised().port())
                .collect(Collectors.joining(","));
    }

    public String managementUrl() {
        return "http://127.0.0.1:" + context().getEnvironment().getProperty("local.server.port");
    }

    public Path data() {
        return data;
    }

    /** A bean of the running application. */
    public <T> T bean(Class<T> type) {
        return context().getBean(type);
    }

    private ConfigurableApplicationContext context() {
        ConfigurableApplicationContext running = context;
        if (running == null) {
            throw new IllegalStateException("the broker is stopped");
        }
        return running;
    }

    /** Stops the broker in order; the data stays. */
    public void stop() {
        ConfigurableApplicationContext running = context;
        context = null;
        if (running != null) {
            running.close();
        }
    }

    /** Stops in order and starts again on the same data; the ports are new ones. */
    public void restart() {
        stop();
        run();
    }

    @Override
    public void close() {
        stop();
        if (ownsData) {
            deleteData();
        }
    }

    private void deleteData() {
        try (Stream<Path> files = Files.walk(data)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
