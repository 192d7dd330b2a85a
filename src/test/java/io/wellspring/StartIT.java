package io.wellspring;

import static org.assertj.core.api.Assertions.assertThat;

import io.wellspring.testing.BrokerProcess;
import io.wellspring.testing.BrokerProcess.Start;
import io.wellspring.testing.ManagementPort;
import io.wellspring.testing.ReadyLine;
import io.wellspring.testing.TestDisk;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How the process starts and ends, as scripts and supervisors see it. */
final class StartIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    /** Taken away. */
    private static final String PRIVILEGE = "-dac_override,-dac_read_search";

    @TempDir
    Path directory;

    @Test
    void printsOneReadyLineAndEndsWithZeroOnSigterm() {
        Path data = directory.resolve("data");
        try (BrokerProcess broker = BrokerProcess.start(Start.in(data).packaged())) {
            ReadyLine ready = broker.ready();
            assertThat(ready.kafka()).matches("127\\.0\\.0\\.1:[1-9]\\d*");
            assertThat(ready.management()).matches("127\\.0\\.0\\.1:[1-9]\\d*");
            assertThat(ready.data()).isEqualTo(data.toString());
            assertThat(ready.startMs()).isPositive();

            assertThat(broker.stop()).isZero();
            assertThat(broker.output()
                            .lines()
                            .filter(line -> ReadyLine.parse(line).isPresent()))
                    .hasSize(1);
        }
    }

    @Test
    void aSecondSigtermDoesNoHarm() {
        try (BrokerProcess broker = BrokerProcess.start(directory.resolve("data"))) {
            broker.terminate();
            broker.terminate();

            assertThat(broker.awaitExit(LIMIT)).isZero();
        }
    }

    @Test
    void startsAgainOnTheDataOfAnOrderlyStopAndOfAKill() {
        Path data = directory.resolve("data");
        try (BrokerProcess first = BrokerProcess.start(data)) {
            assertThat(first.stop()).isZero();
        }
        try (BrokerProcess second = BrokerProcess.start(data)) {
            second.kill();
        }
        try (BrokerProcess third = BrokerProcess.start(data)) {
            assertThat(third.stop()).isZero();
        }
    }

    @Test
    void managementAnswersHealthInformationAndMetersAndNothingElse() throws IOException, InterruptedException {
        try (BrokerProcess broker = BrokerProcess.start(directory.resolve("data"))) {
            assertThat(get(broker, "/actuator/health/liveness").body()).isEqualTo("{\"status\":\"UP\"}");
            assertThat(get(broker, "/actuator/health/readiness").body()).isEqualTo("{\"status\":\"UP\"}");
            assertThat(get(broker, "/actuator/health").body()).contains("\"partitions\"", "\"logDirectories\"");
            assertThat(get(broker, "/actuator/info").statusCode()).isEqualTo(200);
            assertThat(get(broker, "/actuator/prometheus").body())
                    .contains(
                            "wellspring_log_fsync_seconds_bucket",
                            "wellspring_directory_usable_bytes",
                            "wellspring_partitions_offline",
                            "jvm_memory_used_bytes",
                            "process_cpu_usage");
            for (String closed :
                    new String[] {"", "/env", "/beans", "/heapdump", "/threaddump", "/shutdown", "/loggers"}) {
                assertThat(get(broker, "/actuator" + closed).statusCode())
                        .as(closed)
                        .isEqualTo(404);
            }
        }
    }

    private static HttpResponse<String> get(BrokerProcess broker, String path)
            throws IOException, InterruptedException {
        return ManagementPort.get(broker.managementUrl() + path);
    }

    @Test
    void aMistypedSettingIsRefusedWithTheNameThatWasMeant() {
        refused(start("--wellspring.log.flsh=os"), "wellspring.log.flsh", "Did you mean wellspring.log.flush?");
    }

    @Test
    void aWrongValueIsRefusedWithWhatItMayBe() {
        refused(start("--wellspring.log.flush=sometimes"), "wellspring.log.flush is 'sometimes'", "always");
        refused(start("--wellspring.api.fetch-max-bytes=1XB"), "wellspring.api.fetch-max-bytes is '1XB'", "64MB");
        refused(start("--management.server.port=-1"), "management.server.port is '-1'", "8081");
    }

    @Test
    void aTakenPortIsRefused() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = Integer.toString(taken.getLocalPort());

            refused(start("--wellspring.network.listeners[0].bind=127.0.0.1:" + port), port, "choose another address");
            refused(start("--management.server.port=" + port), "management port " + port, "management.server.port");
        }
    }

    private Start start(String argument) {
        return Start.in(directory.resolve("data"), argument);
    }

    /** Ends with 1 and one message that says these words, without a stack trace; the data directory was not made. */
    private void refused(Start start, String... words) {
        refusedLeaving(start, words);
        assertThat(directory.resolve("data")).doesNotExist();
    }

    private static void refusedLeaving(Start start, String... words) {
        try (BrokerProcess broker = BrokerProcess.launch(start)) {
            assertThat(broker.awaitExit(LIMIT)).isEqualTo(1);
            assertThat(broker.errors()).contains("Wellspring does not start: ").contains(words);
            assertThat(broker.errors() + broker.output()).doesNotContain("\tat ", "APPLICATION FAILED");
        }
    }

    @Test
    void aDirectoryThatIsInUseIsRefused() {
        Path data = directory.resolve("data");
        try (BrokerProcess owner = BrokerProcess.start(data)) {
            refusedLeaving(Start.in(data), data.toString());

            assertThat(owner.stop()).isZero();
        }
    }

    @Test
    void aDirectoryOfAnotherBrokerIsRefusedAndLeftAlone() throws IOException {
        Path data = Files.createDirectory(directory.resolve("data"));
        Path identity = data.resolve("meta.properties");
        String foreign = "version=1\ncluster.id=MNnrvQQ7Tc2CpSRZRcoV7w\nnode.id=1\n";
        Files.writeString(identity, foreign);

        refusedLeaving(Start.in(data), data.toString());

        assertThat(Files.readString(identity)).isEqualTo(foreign);
    }

    @Test
    void aDirectoryThatCannotBeMadeIsRefused() {
        // Nobody, root included, can make a directory there.
        refusedLeaving(Start.in(Path.of("/proc/wellspring")), "/proc/wellspring");
    }

    @Test
    void listsComeFromEnvironmentVariablesToo() {
        Path first = directory.resolve("first");
        Path second = directory.resolve("second");
        Start start = Start.with()
                .environment(Map.of(
                        "WELLSPRING_NETWORK_LISTENERS_0_NAME", "INSIDE",
                        "WELLSPRING_NETWORK_LISTENERS_0_BIND", "127.0.0.1:0",
                        "WELLSPRING_NETWORK_LISTENERS_1_NAME", "OUTSIDE",
                        "WELLSPRING_NETWORK_LISTENERS_1_BIND", "127.0.0.2:0",
                        "WELLSPRING_NETWORK_LISTENERS_1_ADVERTISED", "localhost",
                        "WELLSPRING_NETWORK_MAXCONNECTIONSPERADDRESS", "7",
                        "WELLSPRING_LOG_DIRECTORIES_0", first.toString(),
                        "WELLSPRING_LOG_DIRECTORIES_1", second.toString(),
                        "MANAGEMENT_SERVER_PORT", "0"));
        try (BrokerProcess broker = BrokerProcess.start(start)) {
            assertThat(broker.ready().kafka()).matches("127\\.0\\.0\\.1:[1-9]\\d*,localhost:[1-9]\\d*");
            assertThat(broker.ready().data()).isEqualTo(first + "," + second);
            assertThat(broker.output()).contains("listener=INSIDE", "listener=OUTSIDE");
            assertThat(broker.stop()).isZero();
        }
    }

    @Test
    void aReadOnlyDiskIsRefused() throws IOException {
        try (TestDisk disk = TestDisk.inMemory(directory.resolve("disk"), 4L << 20)) {
            Path used = Files.createDirectory(disk.directory().resolve("used"));
            Files.writeString(
                    used.resolve("meta.properties"), "version=1\ncluster.id=MNnrvQQ7Tc2CpSRZRcoV7w\nnode.id=1\n");
            disk.makeReadOnly();

            refusedLeaving(Start.in(used), used.toString(), "cannot be written: it is read-only");
            Path unused = disk.directory().resolve("unused");
            refusedLeaving(Start.in(unused), disk.directory().toString(), "cannot be written: it is read-only");
            assertThat(unused).doesNotExist();
            assertThat(used).isDirectoryNotContaining("glob:**/.*");
        }
    }

    @Test
    void aDirectoryWithoutTheRightToWriteIsRefusedAndLeftAlone() throws IOException {
        Path data = Files.createDirectory(directory.resolve("data"));
        Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("r-xr-xr-x"));

        refusedLeaving(withoutPrivilege(Start.in(data)), data.toString(), "belongs to somebody else");
        assertThat(data).isEmptyDirectory();

        Path inside = data.resolve("not-made");
        refusedLeaving(withoutPrivilege(Start.in(inside)), data.toString(), "belongs to somebody else");
        assertThat(data).isEmptyDirectory();
    }

    /** Root may write everywhere: then the broker runs without that privilege. */
    private static Start withoutPrivilege(Start start) {
        return "root".equals(System.getProperty("user.name"))
                ? start.wrappedIn("setpriv", "--bounding-set=" + PRIVILEGE, "--inh-caps=" + PRIVILEGE)
                : start;
    }

    @Test
    void environmentVariablesAreSettingsToo() {
        Start start = Start.in(directory.resolve("data"))
                .environment(Map.of("WELLSPRING_NODE_ID", "7", "MANAGEMENT_SERVER_PORT", "0"));
        try (BrokerProcess broker = BrokerProcess.start(start)) {
            assertThat(broker.stop()).isZero();
            assertThat(directory.resolve("data").resolve("meta.properties"))
                    .content()
                    .contains("node.id=7");
        }
    }
}
