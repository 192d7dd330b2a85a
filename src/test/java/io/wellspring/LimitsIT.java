package io.wellspring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.wellspring.testing.BrokerProcess;
import io.wellspring.testing.ExternalProgram;
import io.wellspring.testing.JavaClients;
import io.wellspring.testing.NeedsPackage;
import io.wellspring.testing.Scrape;
import io.wellspring.testing.WireClient;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.ApiMessageType;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What clients do to a broker that has too little, and what it is left with: a process of its own, with the limits of the system. */
final class LimitsIT {
    private static final Duration LIMIT = Duration.ofMinutes(1);
    private static final int MEBIBYTE = 1 << 20;

    /** File descriptors left to the broker, and connections that want one. */
    private static final int SPARE = 10;

    private static final int CROWD = 60;

    @TempDir
    Path directory;

    @Test
    @NeedsPackage(value = "util-linux", provides = "prlimit")
    void withoutFileDescriptorsTheBrokerServesOnAndLaterAcceptsAgain() throws Exception {
        List<Socket> crowd = new ArrayList<>();
        try (BrokerProcess broker =
                        BrokerProcess.start(directory.resolve("data"), "--wellspring.log.disk-check-interval=50ms");
                WireClient old = new WireClient(broker.bootstrapServers())) {
            assertThat(isAnswered(old)).isTrue();
            assertThat(health(broker)).contains("UP");
            limitDescriptors(broker, openDescriptors(broker) + SPARE);

            for (int i = 0; i < CROWD; i++) {
                crowd.add(connect(broker.bootstrapServers()));
            }
            await().atMost(LIMIT)
                    .untilAsserted(() -> assertThat(broker.output()).contains("connections cannot be accepted"));
            crowd.add(connect(URI.create(broker.managementUrl()).getAuthority()));
            assertThat(isAnswered(old)).as("the connection that was there").isTrue();
            // The disk is asked for its room many times meanwhile, and has not failed for that.
            await().during(Duration.ofSeconds(1))
                    .atMost(LIMIT)
                    .until(() -> !broker.output().contains(" ERROR "));

            for (Socket socket : crowd) {
                socket.close();
            }
            try (WireClient fresh = new WireClient(broker.bootstrapServers())) {
                assertThat(isAnswered(fresh))
                        .as("a connection that comes later")
                        .isTrue();
            }
            assertThat(health(broker)).contains("UP");
            assertThat(broker.stop()).isZero();
        } finally {
            for (Socket socket : crowd) {
                socket.close();
            }
        }
    }

    private static long openDescriptors(BrokerProcess broker) throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc", Long.toString(broker.pid()), "fd"))) {
            return open.count();
        }
    }

    private static void limitDescriptors(BrokerProcess broker, long count) throws IOException {
        ExternalProgram.run(
                        LIMIT,
                        List.of("prlimit", "--pid", Long.toString(broker.pid()), "--nofile=" + count + ":" + count))
                .succeeded();
    }

    private static Socket connect(String address) throws IOException {
        int port = Integer.parseInt(address, address.lastIndexOf(':') + 1, address.length(), 10);
        return new Socket(InetAddress.getLoopbackAddress(), port);
    }

    private static boolean isAnswered(WireClient client) throws IOException {
        return client.call(ApiMessageType.API_VERSIONS, 0, new ApiVersionsRequestData(), new ApiVersionsResponseData())
                        .errorCode()
                == 0;
    }

    private static String health(BrokerProcess broker) throws IOException, InterruptedException {
        return Scrape.get(broker.managementUrl() + "/actuator/health/readiness");
    }

    @Test
    void batchesThatGrowWhenTheyAreReadAreRefusedWithinTheMemoryThereIs() throws Exception {
        // 128 MiB of nothing, for a broker that has no such room.
        SimpleRecord[] records = new SimpleRecord[128 * 16];
        Arrays.fill(records, new SimpleRecord(1_700_000_000_000L, new byte[MEBIBYTE / 16]));
        Map<String, Compression> codecs = Map.of(
                "gzip", Compression.gzip().build(),
                "snappy", Compression.snappy().build(),
                "lz4", Compression.lz4().build(),
                "zstd", Compression.zstd().build());
        try (BrokerProcess broker = BrokerProcess.start(
                BrokerProcess.Start.in(directory.resolve("data")).jvm("-Xmx96m", "-XX:+ExitOnOutOfMemoryError"))) {
            JavaClients.createTopics(
                    broker.bootstrapServers(),
                    List.of(
                            new NewTopic("bombed", 1, (short) 1)
                                    .configs(Map.of("max.message.bytes", Integer.toString(12 * MEBIBYTE))),
                            // Here the broker compresses anew what it reads.
                            new NewTopic("rewritten", 1, (short) 1)
                                    .configs(Map.of(
                                            "max.message.bytes",
                                            Integer.toString(12 * MEBIBYTE),
                                            "compression.type",
                                            "uncompressed"))));
            for (Map.Entry<String, Compression> codec : codecs.entrySet()) {
                MemoryRecords bomb = MemoryRecords.withRecords(codec.getValue(), records);
                assertThat(bomb.sizeInBytes()).as(codec.getKey()).isLessThan(12 * MEBIBYTE);
                for (String topic : new String[] {"bombed", "rewritten"}) {
                    assertThat(produce(broker, topic, bomb))
                            .as("%s to %s", codec.getKey(), topic)
                            .isEqualTo(Errors.MESSAGE_TOO_LARGE);
                }
            }
            MemoryRecords honest = MemoryRecords.withRecords(
                    Compression.zstd().build(), new SimpleRecord(1_700_000_000_000L, new byte[1000]));
            assertThat(produce(broker, "bombed", honest)).isEqualTo(Errors.NONE);
            assertThat(produce(broker, "rewritten", honest)).isEqualTo(Errors.NONE);
            assertThat(broker.output()).doesNotContain("OutOfMemory", " ERROR ");
        }
    }

    private static Errors produce(BrokerProcess broker, String topic, MemoryRecords records) throws IOException {
        ProduceRequestData request =
                new ProduceRequestData().setAcks((short) -1).setTimeoutMs(30_000);
        request.topicData()
                .add(new TopicProduceData()
                        .setName(topic)
                        .setPartitionData(
                                List.of(new PartitionProduceData().setIndex(0).setRecords(records))));
        try (WireClient client = new WireClient(broker.bootstrapServers())) {
            return Errors.forCode(client.call(ApiMessageType.PRODUCE, 9, request, new ProduceResponseData())
                    .responses()
                    .iterator()
                    .next()
                    .partitionResponses()
                    .getFirst()
                    .errorCode());
        } catch (EOFException e) {
            throw new AssertionError(broker.output() + broker.errors(), e);
        }
    }
}
