package io.wellspring;

import static org.assertj.core.api.Assertions.assertThat;

import io.wellspring.testing.BrokerProcess;
import io.wellspring.testing.BrokerProcess.Start;
import io.wellspring.testing.ExternalProgram;
import io.wellspring.testing.ExternalProgram.Result;
import io.wellspring.testing.JavaClients;
import io.wellspring.testing.ManagementPort;
import io.wellspring.testing.TestKeys;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The broker as {@code bin/prepare} leaves it: the JVM's cache and the beans of the build are in use, and settings work as ever. */
final class PreparedIT {
    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final Path JAVA_HOME = Path.of(System.getProperty("java.home"));
    private static final Path PREPARED = BrokerProcess.jar().resolveSibling("prepared");

    /** What Spring Boot says of a start from prepared beans, if it is asked to. */
    private static final String TOLD = "--spring.main.log-startup-info=true";

    private static final String FROM_PREPARED_BEANS = "Starting AOT-processed WellspringApplication";

    @TempDir
    Path directory;

    @BeforeAll
    static void prepare() throws IOException {
        Result result = prepare(BrokerProcess.jar(), PREPARED);

        assertThat(result.succeeded().strip())
                .isEqualTo("java @" + PREPARED + "/jvm.options -jar " + PREPARED + "/wellspring.jar --property=value");
    }

    private static Result prepare(Path jar, Path target) throws IOException {
        return ExternalProgram.run(
                LIMIT, List.of("env", "JAVA_HOME=" + JAVA_HOME, "bin/prepare", jar.toString(), target.toString()));
    }

    /** The JVM ends at once if it cannot use the cache. */
    private BrokerProcess start(String... arguments) {
        List<String> all = new ArrayList<>(List.of(TOLD));
        all.addAll(List.of(arguments));
        BrokerProcess broker = BrokerProcess.launch(
                Start.in(directory.resolve("data"), all.toArray(String[]::new))
                        .jvm("@" + PREPARED.resolve("jvm.options"), "-XX:AOTMode=on"),
                List.of("-jar", PREPARED.resolve("wellspring.jar").toString()));
        broker.awaitReady();
        return broker;
    }

    @Test
    void servesFromTheCacheAndThePreparedBeansAndEndsWithZero() throws Exception {
        try (BrokerProcess broker = start("--wellspring.topics.default-partitions=2")) {
            String bootstrap = broker.bootstrapServers();
            try (KafkaProducer<byte[], byte[]> producer = JavaClients.producer(bootstrap, Map.of())) {
                assertThat(producer.partitionsFor("made-by-asking")).hasSize(2);
                producer.send(new ProducerRecord<>("made-by-asking", 1, null, "value".getBytes(StandardCharsets.UTF_8)))
                        .get();
            }
            List<String> values = new ArrayList<>();
            try (KafkaConsumer<byte[], byte[]> consumer =
                    JavaClients.consumer(bootstrap, "made-by-asking", 2, Map.of())) {
                JavaClients.readToEnd(
                        consumer, record -> values.add(new String(record.value(), StandardCharsets.UTF_8)));
            }
            assertThat(values).containsExactly("value");
            try (HttpClient client = HttpClient.newHttpClient()) {
                assertThat(get(client, broker.managementUrl(), "/prometheus").statusCode())
                        .isEqualTo(200);
                assertThat(get(client, broker.managementUrl(), "/loggers").statusCode())
                        .isEqualTo(404);
            }
            assertThat(broker.stop()).isZero();
            assertThat(broker.output()).contains(FROM_PREPARED_BEANS);
        }
    }

    /** On the command line and in a file: both change which beans there are. */
    @Test
    void settingsThatAskForOtherBeansGetThem() throws IOException, InterruptedException {
        Path file = Files.writeString(
                directory.resolve("application.yml"), "management.prometheus.metrics.export.enabled: false\n");

        try (BrokerProcess broker = start(
                        "--spring.config.additional-location=" + file.toUri(),
                        "--management.endpoints.web.exposure.include=health,loggers,prometheus",
                        "--management.endpoint.loggers.access=read-only");
                HttpClient client = HttpClient.newHttpClient()) {
            assertThat(get(client, broker.managementUrl(), "/loggers").statusCode())
                    .isEqualTo(200);
            assertThat(get(client, broker.managementUrl(), "/prometheus").statusCode())
                    .isEqualTo(404);
            assertThat(broker.output()).contains("this start takes longer").doesNotContain(FROM_PREPARED_BEANS);
        }
    }

    @Test
    void managementOverTlsNeedsNoOtherBeans() throws IOException, InterruptedException, GeneralSecurityException {
        TestKeys keys = TestKeys.make(directory, "management");

        try (BrokerProcess broker = start(
                        "--server.ssl.bundle=web",
                        "--spring.ssl.bundle.jks.web.keystore.location="
                                + keys.keys().toUri(),
                        "--spring.ssl.bundle.jks.web.keystore.password=" + TestKeys.PASSWORD,
                        "--spring.ssl.bundle.jks.web.keystore.type=PKCS12");
                HttpClient client = HttpClient.newBuilder()
                        .sslContext(trusting(keys.trust()))
                        .build()) {
            String url = broker.managementUrl().replace("http:", "https:");
            assertThat(get(client, url, "/health").statusCode()).isEqualTo(200);
            assertThat(broker.output()).contains(FROM_PREPARED_BEANS);
        }
    }

    @Test
    void preparingRefusesWhatIsNotAJarAndLeavesForeignFilesAlone() throws IOException {
        Path occupant = Files.createDirectory(directory.resolve("foreign"));
        // Named like a part of an installation, as in the repository's own bin.
        Path foreign = Files.writeString(occupant.resolve("jvm.options"), "mine");
        Result occupied = prepare(BrokerProcess.jar(), occupant);
        assertThat(occupied.exitCode()).isEqualTo(2);
        assertThat(occupied.errors()).contains("was not made by bin/prepare and is not empty");
        assertThat(foreign).hasContent("mine");

        Path target = directory.resolve("target");
        Result noJar = prepare(foreign, target);
        assertThat(noJar.exitCode()).isEqualTo(1);
        assertThat(noJar.errors()).contains("could not be extracted");
        assertThat(target).doesNotExist();
    }

    private static SSLContext trusting(Path store) throws IOException, GeneralSecurityException {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        try (InputStream input = Files.newInputStream(store)) {
            trusted.load(input, TestKeys.PASSWORD.toCharArray());
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }

    private static HttpResponse<String> get(HttpClient client, String management, String path)
            throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(URI.create(management + "/actuator" + path))
                        .header(
                                "Authorization",
                                ManagementPort.credentials(ManagementPort.VIEWER, ManagementPort.PASSWORD))
                        .timeout(Duration.ofSeconds(30))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }
}
