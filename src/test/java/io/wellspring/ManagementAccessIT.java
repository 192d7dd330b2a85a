package io.wellspring;

import static org.assertj.core.api.Assertions.assertThat;

import io.wellspring.testing.BrokerProcess;
import io.wellspring.testing.ManagementPort;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may see and do what over HTTP. */
class ManagementAccessIT {
    /** Of {@code pass:word}, with the prefix that {@code htpasswd} writes. */
    private static final String BCRYPT = "{bcrypt}$2y$04$abcdefghijklmnopqrstuu7govE5p0NSk1WUEk5C2Qm3hpPC6VJ66";

    @TempDir
    static Path directory;

    private static BrokerProcess broker;

    @BeforeAll
    static void start() {
        broker = BrokerProcess.start(directory.resolve("data"));
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    private static HttpResponse<String> ask(String method, String path, @Nullable String user)
            throws IOException, InterruptedException {
        return ManagementPort.ask(method, broker.managementUrl() + "/actuator" + path, user, null);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/health/liveness", "/health/readiness", "/prometheus"})
    void everybodySeesWhatProbesAndScrapesNeed(String path) throws Exception {
        assertThat(ask("GET", path, null).statusCode()).isEqualTo(200);
        assertThat(ask("HEAD", path, null).statusCode()).isEqualTo(200);
    }

    /** What is there and what is not look the same to who may not know. */
    @ParameterizedTest
    @ValueSource(
            strings = {"", "/health", "/info", "/groups", "/groups/any", "/env", "/heapdump", "/shutdown", "/nothing"})
    void theRestAsksWhoIsThere(String path) throws Exception {
        for (String method : List.of("GET", "POST", "DELETE")) {
            HttpResponse<String> answer = ask(method, path, null);
            assertThat(answer.statusCode()).as(method).isEqualTo(401);
            assertThat(answer.headers().firstValue("WWW-Authenticate"))
                    .hasValueSatisfying(scheme -> assertThat(scheme).startsWith("Basic "));
            assertThat(answer.body()).isEmpty();
        }
    }

    @Test
    void viewersSeeAndChangeNothing() throws Exception {
        assertThat(ask("GET", "/groups", ManagementPort.VIEWER).statusCode()).isEqualTo(200);
        assertThat(ask("GET", "/health", ManagementPort.VIEWER).body()).contains("\"logDirectories\"");
        for (String method : List.of("POST", "PUT", "PATCH", "DELETE")) {
            assertThat(ask(method, "/groups/any", ManagementPort.VIEWER).statusCode())
                    .as(method)
                    .isEqualTo(403);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/env", "/heapdump", "/shutdown", "/beans", "/threaddump"})
    void whatIsClosedIsClosedToAdministratorsToo(String path) throws Exception {
        assertThat(ask("GET", path, ManagementPort.ADMIN).statusCode()).isEqualTo(404);
        assertThat(ask("POST", path, ManagementPort.ADMIN).statusCode()).isEqualTo(404);
    }

    @Test
    void nothingIsRememberedBetweenRequests() throws Exception {
        HttpResponse<String> known = ask("GET", "/groups", ManagementPort.ADMIN);
        assertThat(known.statusCode()).isEqualTo(200);
        assertThat(known.headers().map()).doesNotContainKey("set-cookie");
        assertThat(ask("GET", "/groups", null).statusCode()).isEqualTo(401);
    }

    @Test
    void wrongCredentialsAreRefused() throws Exception {
        for (String credentials : List.of(
                ManagementPort.credentials(ManagementPort.ADMIN, "wrong"),
                ManagementPort.credentials(ManagementPort.ADMIN, ""),
                ManagementPort.credentials("nobody", ManagementPort.PASSWORD),
                "Basic %%%",
                "Bearer token")) {
            assertThat(send(broker, "GET", "/actuator/groups", "Authorization", credentials)
                            .statusCode())
                    .as(credentials)
                    .isEqualTo(401);
        }
    }

    /** A person's browser adds what the person typed once to whatever a page of another site makes it send. */
    @Test
    void whatAnotherSitesPageSendsIsRefused() throws Exception {
        String admin = ManagementPort.credentials(ManagementPort.ADMIN, ManagementPort.PASSWORD);
        for (List<String> header : List.of(
                List.of("Sec-Fetch-Site", "cross-site"),
                List.of("Sec-Fetch-Site", "same-site"),
                List.of("Origin", "https://elsewhere.example"),
                List.of("Origin", "null"))) {
            assertThat(send(
                                    broker,
                                    "POST",
                                    "/actuator/groups/any",
                                    "Authorization",
                                    admin,
                                    header.get(0),
                                    header.get(1))
                            .statusCode())
                    .as("%s", header)
                    .isEqualTo(403);
        }
        assertThat(send(broker, "POST", "/actuator/groups/any", "Authorization", admin, "Sec-Fetch-Site", "same-origin")
                        .statusCode())
                .isNotIn(401, 403);
    }

    @Test
    void metersCanBeClosedAndPasswordsKeptAsBcrypt() throws Exception {
        try (BrokerProcess other = BrokerProcess.start(
                directory.resolve("other"),
                "--wellspring.management.open-metrics=false",
                "--wellspring.management.users[0].name=keeper",
                "--wellspring.management.users[0].password=" + BCRYPT)) {
            String keeper = ManagementPort.credentials("keeper", "pass:word");
            assertThat(send(other, "GET", "/actuator/prometheus").statusCode()).isEqualTo(401);
            assertThat(send(other, "GET", "/actuator/prometheus", "Authorization", keeper)
                            .statusCode())
                    .isEqualTo(200);
            assertThat(send(other, "GET", "/actuator/health/liveness").statusCode())
                    .isEqualTo(200);
            assertThat(send(
                                    other,
                                    "GET",
                                    "/actuator/groups",
                                    "Authorization",
                                    ManagementPort.credentials("keeper", BCRYPT))
                            .statusCode())
                    .as("what is kept is not the password")
                    .isEqualTo(401);
            assertThat(other.output()).doesNotContain("$2y$", "pass:word");
        }
    }

    @Test
    void withoutUsersNobodySeesMoreThanHealthAndMeters() throws Exception {
        try (BrokerProcess other = BrokerProcess.start(directory.resolve("nobody"), "--wellspring.management.users=")) {
            assertThat(send(other, "GET", "/actuator/health/readiness").statusCode())
                    .isEqualTo(200);
            assertThat(send(
                                    other,
                                    "GET",
                                    "/actuator/groups",
                                    "Authorization",
                                    ManagementPort.credentials(ManagementPort.ADMIN, ManagementPort.PASSWORD))
                            .statusCode())
                    .isEqualTo(401);
        }
    }

    private static HttpResponse<String> send(BrokerProcess asked, String method, String path, String... headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(asked.managementUrl() + path))
                .method(method, HttpRequest.BodyPublishers.noBody());
        if (headers.length > 0) {
            request.headers(headers);
        }
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        }
    }
}
