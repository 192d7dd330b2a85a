package io.wellspring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.wellspring.network.KafkaServer;
import io.wellspring.testing.JavaClients;
import io.wellspring.testing.Scrape;
import io.wellspring.testing.TestBroker;
import io.wellspring.testing.TestKeys;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Listeners with a certificate from a Spring SSL bundle, and Kafka's own client at the other end. */
final class TlsIT {
    private static final int PLAIN = 0;
    private static final int TLS = 1;
    private static final int MUTUAL = 2;

    @TempDir
    static Path directory;

    private static TestKeys server;
    private static TestKeys client;
    private static TestBroker broker;

    @BeforeAll
    static void start() throws Exception {
        server = TestKeys.make(directory, "server");
        client = TestKeys.make(directory, "client");
        Map<String, String> settings = new HashMap<>();
        String bundle = "spring.ssl.bundle.jks.broker.";
        settings.put(bundle + "keystore.location", server.keys().toUri().toString());
        settings.put(bundle + "keystore.password", TestKeys.PASSWORD);
        settings.put(bundle + "keystore.type", "PKCS12");
        settings.put(bundle + "truststore.location", client.trust().toUri().toString());
        settings.put(bundle + "truststore.password", TestKeys.PASSWORD);
        settings.put(bundle + "truststore.type", "PKCS12");
        String listener = "wellspring.network.listeners";
        settings.put(listener + "[1].name", "TLS");
        settings.put(listener + "[2].name", "MUTUAL");
        for (int i = TLS; i <= MUTUAL; i++) {
            settings.put(listener + "[" + i + "].bind", "127.0.0.1:0");
            settings.put(listener + "[" + i + "].protocol", "SSL");
            settings.put(listener + "[" + i + "].ssl-bundle", "broker");
        }
        settings.put(listener + "[2].client-auth", "required");
        settings.put("wellspring.network.handshake-timeout", "1s");
        broker = TestBroker.start(settings);
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    @Test
    void aClientProducesAndConsumesThroughTls() {
        exchange(address(TLS), "through-tls", server.trustedByClient());
    }

    @Test
    void aClientThatShowsItsCertificateIsLetIn() {
        Map<String, String> settings = new HashMap<>(server.trustedByClient());
        settings.putAll(client.shownByClient());
        exchange(address(MUTUAL), "with-certificate", settings);
    }

    private static void exchange(String bootstrap, String topic, Map<String, String> settings) {
        Map<String, Object> adminSettings = new HashMap<>(settings);
        adminSettings.put("bootstrap.servers", bootstrap);
        try (Admin admin = Admin.create(adminSettings)) {
            admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1))).all().get(60, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
        List<String> sent = new ArrayList<>();
        try (var producer = JavaClients.producer(bootstrap, settings)) {
            for (int i = 0; i < 1000; i++) {
                // Together more than one chunk of what TLS copies.
                String value = i + "-".repeat(200);
                var _ = producer.send(new ProducerRecord<>(topic, value.getBytes(StandardCharsets.UTF_8)));
                sent.add(value);
            }
            producer.flush();
        }
        List<String> read = new ArrayList<>();
        try (var consumer = JavaClients.consumer(bootstrap, topic, 1, settings)) {
            JavaClients.readToEnd(consumer, record -> read.add(new String(record.value(), StandardCharsets.UTF_8)));
        }
        assertThat(read).isEqualTo(sent);
    }

    @Test
    void aClientWithoutACertificateIsNotLetInWhereOneIsRequired() {
        Map<String, Object> settings = new HashMap<>(server.trustedByClient());
        settings.put("bootstrap.servers", address(MUTUAL));
        try (Admin admin = Admin.create(settings)) {
            assertThatThrownBy(() -> admin.describeCluster().nodes().get(60, TimeUnit.SECONDS))
                    .hasCauseInstanceOf(SslAuthenticationException.class);
        }
    }

    @Test
    void aClientThatDoesNotTrustTheCertificateGoesAway() {
        Map<String, Object> settings = new HashMap<>(client.trustedByClient());
        settings.put("bootstrap.servers", address(TLS));
        try (Admin admin = Admin.create(settings)) {
            assertThatThrownBy(() -> admin.describeCluster().nodes().get(60, TimeUnit.SECONDS))
                    .hasCauseInstanceOf(SslAuthenticationException.class);
        }
    }

    @Test
    void whoSpeaksWithoutTlsOrDoesNotSpeakIsClosed() throws Exception {
        try (Socket plain = connect(TLS);
                Socket silent = connect(TLS)) {
            plain.getOutputStream().write(new byte[] {0, 0, 0, 14, 0, 18, 0, 0, 0, 0, 0, 1, 0, 4, 'a', 'b', 'c', 'd'});

            assertThat(isClosed(plain)).isTrue();
            assertThat(isClosed(silent)).isTrue();
        }
        await().untilAsserted(() -> assertThat(Scrape.of(broker.managementUrl())
                        .sum("wellspring_network_connections_dropped_total", "listener=\"TLS\"", "reason=\"tls\""))
                .isGreaterThanOrEqualTo(2));
    }

    private static String address(int listener) {
        KafkaServer.BoundListener bound =
                broker.bean(KafkaServer.class).addresses().get(listener);
        return bound.advertised().host() + ":" + bound.advertised().port();
    }

    private static Socket connect(int listener) throws IOException {
        int port = broker.bean(KafkaServer.class)
                .addresses()
                .get(listener)
                .address()
                .getPort();
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(60_000);
        return socket;
    }

    /** Reads to the end of the stream; a TLS alert may come before it. */
    private static boolean isClosed(Socket socket) throws IOException {
        try {
            socket.getInputStream().readAllBytes();
            return true;
        } catch (SocketException reset) {
            return true;
        }
    }

    @Test
    void theOtherListenerStaysPlain() {
        exchange(address(PLAIN), "plain", Map.of());
    }
}
