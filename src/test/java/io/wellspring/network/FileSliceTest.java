package io.wellspring.network;

import static io.wellspring.network.NetworkFixture.LIMITS;
import static io.wellspring.network.NetworkFixture.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.wellspring.batch.FileSlice;
import io.wellspring.network.NetworkFixture.Client;
import io.wellspring.protocol.EncodedResponse;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import reactor.netty.tcp.SslProvider;

/** Slices of files on their way out: the right bytes, and given back exactly once however it ends. */
@Timeout(60)
class FileSliceTest {
    private static final int FILE_BYTES = 24 << 20;
    private static final char[] PASSWORD = "changeit".toCharArray();

    @TempDir
    private Path directory;

    private final AtomicInteger lent = new AtomicInteger();

    @Test
    void slicesArriveWholeAndInPlace() throws Exception {
        byte[] content = writeFile();
        try (FileChannel file = FileChannel.open(directory.resolve("log"), StandardOpenOption.READ);
                NetworkFixture fixture = new NetworkFixture(LIMITS);
                Client client = fixture.connect()) {
            assertSlicesArrive(content, file, fixture, client);
        }
    }

    @Test
    void slicesArriveThroughTls() throws Exception {
        byte[] content = writeFile();
        KeyStore keys = keyStore();
        try (FileChannel file = FileChannel.open(directory.resolve("log"), StandardOpenOption.READ);
                NetworkFixture fixture = new NetworkFixture(LIMITS, tls(keys));
                Client client = new Client(clientContext(keys)
                        .getSocketFactory()
                        .createSocket(InetAddress.getLoopbackAddress(), fixture.port()))) {
            assertSlicesArrive(content, file, fixture, client);
        }
    }

    @Test
    void aPeerThatGoesInTheMiddleOfAResponseLeavesNothingBehind() throws Exception {
        writeFile();
        try (FileChannel file = FileChannel.open(directory.resolve("log"), StandardOpenOption.READ);
                NetworkFixture fixture = new NetworkFixture(LIMITS)) {
            for (int round = 0; round < 20; round++) {
                try (Client client = fixture.connect()) {
                    client.send(request(0, round, 10), request(0, 1000 + round, 10));
                    assertThat(fixture.processor.begun.poll(10, TimeUnit.SECONDS))
                            .isEqualTo(round);
                    assertThat(fixture.processor.begun.poll(10, TimeUnit.SECONDS))
                            .isEqualTo(1000 + round);
                    fixture.processor.answer(
                            round,
                            ScriptedProcessor.slices(round, List.of(slice(file, 0, 16 << 20), slice(file, 9, 5))));
                    client.socket().getInputStream().readNBytes(round * 300_000);
                    client.socket().setSoLinger(true, 0); // reset instead of a polite end
                }
                // The answer that comes when nobody is there any more.
                fixture.processor.answer(
                        1000 + round, ScriptedProcessor.slices(1000 + round, List.of(slice(file, 5, 1000))));
            }
            Awaitility.await().untilAsserted(() -> assertThat(lent).hasValue(0));
            fixture.awaitNothingInFlight();
        }
    }

    @Test
    void aSlowReaderOfSlicesDoesNotHoldOthersOfItsLoop() throws Exception {
        writeFile();
        try (FileChannel file = FileChannel.open(directory.resolve("log"), StandardOpenOption.READ);
                NetworkFixture fixture = new NetworkFixture(LIMITS);
                Client slow = fixture.connect();
                Client quick = fixture.connect();
                Client alsoQuick = fixture.connect()) {
            slow.send(request(1, 1, 0));
            fixture.processor.answer(1, ScriptedProcessor.slices(1, List.of(slice(file, 0, FILE_BYTES))));
            for (int id = 10; id < 100; id += 2) {
                quick.send(request(1, id, 0));
                fixture.processor.answer(id, ScriptedProcessor.bytes(id, 10));
                assertThat(quick.correlationId()).isEqualTo(id);
                alsoQuick.send(request(1, id + 1, 0));
                fixture.processor.answer(id + 1, ScriptedProcessor.bytes(id + 1, 10));
                assertThat(alsoQuick.correlationId()).isEqualTo(id + 1);
            }
            assertThat(slow.correlationId()).isEqualTo(1);
            Awaitility.await().untilAsserted(() -> assertThat(lent).hasValue(0));
        }
    }

    @Test
    void aQuickReaderOfSlicesDoesNotHoldOthersOfItsLoop() throws Exception {
        writeFile();
        try (FileChannel file = FileChannel.open(directory.resolve("log"), StandardOpenOption.READ);
                NetworkFixture fixture = new NetworkFixture(LIMITS);
                Client reader = fixture.connect();
                Client other = fixture.connect();
                Client another = fixture.connect()) {
            CountDownLatch othersSent = new CountDownLatch(1);
            Queue<Long> sentBefore = new ConcurrentLinkedQueue<>();
            fixture.processor.answerWith(frame -> {
                int id = frame.getInt(4);
                if (id == 1) {
                    await(othersSent);
                    return CompletableFuture.completedStage(
                            ScriptedProcessor.slices(1, List.of(slice(file, 0, FILE_BYTES))));
                }
                sentBefore.add(fixture.metrics.sent.get());
                return CompletableFuture.completedStage(ScriptedProcessor.bytes(id, 10));
            });
            Thread reading = Thread.startVirtualThread(() -> drain(reader));
            reader.send(request(1, 1, 0));
            // One of them is on the reader's loop, which does not come to it before it has begun to answer the reader.
            other.send(request(1, 2, 0));
            another.send(request(1, 3, 0));
            othersSent.countDown();
            assertThat(other.correlationId()).isEqualTo(2);
            assertThat(another.correlationId()).isEqualTo(3);
            assertThat(reading.join(Duration.ofSeconds(20))).isTrue();
            assertThat(sentBefore).hasSize(2).allMatch(bytes -> bytes <= 1 << 20);
            Awaitility.await().untilAsserted(() -> assertThat(lent).hasValue(0));
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void drain(Client client) {
        byte[] room = new byte[1 << 20];
        try {
            InputStream input = client.socket().getInputStream();
            for (int left = FILE_BYTES; left > 0; ) {
                left -= Math.max(input.read(room), 1);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aFileThatEndsTooSoonClosesTheConnectionAndGivesTheSliceBack() throws Exception {
        writeFile();
        try (FileChannel file = FileChannel.open(directory.resolve("log"), StandardOpenOption.READ);
                NetworkFixture fixture = new NetworkFixture(LIMITS);
                Client client = fixture.connect()) {
            client.send(request(1, 1, 0));
            fixture.processor.answer(1, ScriptedProcessor.slices(1, List.of(slice(file, FILE_BYTES - 10, 100))));

            client.socket().getInputStream().readAllBytes();
            assertThat(client.isClosedByServer()).isTrue();
            Awaitility.await().untilAsserted(() -> assertThat(lent).hasValue(0));
        }
    }

    @Test
    void aDiskThatFailsUnderMappedMemoryClosesTheConnectionAndGivesTheSliceBack() throws Exception {
        try (FileChannel file = new UnreadableChannel();
                NetworkFixture fixture = new NetworkFixture(LIMITS);
                Client client = fixture.connect()) {
            client.send(request(1, 1, 0));
            fixture.processor.answer(1, ScriptedProcessor.slices(1, List.of(slice(file, 0, 100))));

            client.socket().getInputStream().readAllBytes();
            assertThat(client.isClosedByServer()).isTrue();
            Awaitility.await().untilAsserted(() -> assertThat(lent).hasValue(0));
            fixture.awaitNothingInFlight();
        }
    }

    private void assertSlicesArrive(byte[] content, FileChannel file, NetworkFixture fixture, Client client)
            throws Exception {
        List<FileSlice> slices = List.of(
                slice(file, 0, 1),
                slice(file, 77, 3_000_000),
                slice(file, 5, 0),
                slice(file, 1 << 20, FILE_BYTES >> 1));
        ByteBuffer expected = ByteBuffer.allocate(4 + (FILE_BYTES >> 1) + 3_000_001 + 4);
        expected.putInt(9);
        for (FileSlice slice : slices) {
            expected.put(content, (int) slice.position(), slice.sizeBytes()).put((byte) 7);
        }
        EncodedResponse response = ScriptedProcessor.slices(9, slices);
        client.send(request(1, 9, 0));
        fixture.processor.answer(9, response);

        assertThat(client.response()).isEqualTo(expected.array());
        Awaitility.await().untilAsserted(() -> assertThat(lent).hasValue(0));
        Awaitility.await().untilAsserted(() -> assertThat(fixture.metrics.sent).hasValue(response.sizeBytes()));
        fixture.awaitNothingInFlight();
    }

    private FileSlice slice(FileChannel file, long position, int sizeBytes) {
        lent.incrementAndGet();
        return new FileSlice(file, position, sizeBytes, lent::decrementAndGet);
    }

    private byte[] writeFile() throws Exception {
        byte[] content = new byte[FILE_BYTES];
        new Random(3).nextBytes(content);
        Files.write(directory.resolve("log"), content);
        return content;
    }

    private KeyStore keyStore() throws Exception {
        Path file = directory.resolve("keys.p12");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "test"));
        command.addAll(List.of("-keyalg", "EC", "-dname", "CN=localhost", "-validity", "2", "-storetype", "PKCS12"));
        command.addAll(List.of("-keystore", file.toString(), "-storepass", new String(PASSWORD)));
        Process keytool = new ProcessBuilder(command).redirectErrorStream(true).start();
        assertThat(keytool.waitFor()).isZero();
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream input = new FileInputStream(file.toFile())) {
            store.load(input, PASSWORD);
        }
        return store;
    }

    private static Supplier<SslProvider> tls(KeyStore keys) throws Exception {
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(keys, PASSWORD);
        SslContext context = SslContextBuilder.forServer(factory).build();
        SslProvider provider = SslProvider.builder().sslContext(context).build();
        return () -> provider;
    }

    private static SSLContext clientContext(KeyStore keys) throws Exception {
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("server", keys.getCertificate("test"));
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }
}
