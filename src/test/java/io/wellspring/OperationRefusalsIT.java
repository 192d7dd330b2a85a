package io.wellspring;

import static org.assertj.core.api.Assertions.assertThat;

import io.wellspring.testing.JavaClients;
import io.wellspring.testing.ManagementPort;
import io.wellspring.testing.TestBroker;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.apache.kafka.clients.admin.NewTopic;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What operations are refused, and that each is told of. */
final class OperationRefusalsIT {
    private static final JsonMapper JSON = new JsonMapper();

    private static TestBroker broker;

    @BeforeAll
    static void start() {
        broker = TestBroker.start(Map.of());
        JavaClients.createTopics(broker.bootstrapServers(), List.of(new NewTopic("refused", 1, (short) 1)));
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    private static HttpResponse<String> ask(String method, String path, @Nullable String user, @Nullable String body)
            throws Exception {
        return ManagementPort.ask(method, broker.managementUrl() + "/actuator" + path, user, body);
    }

    private static JsonNode get(String path) throws Exception {
        HttpResponse<String> answer = ask("GET", path, ManagementPort.VIEWER, null);
        assertThat(answer.statusCode()).as(path + " " + answer.body()).isEqualTo(200);
        return JSON.readTree(answer.body());
    }

    private static JsonNode act(String method, String path, @Nullable String body) throws Exception {
        HttpResponse<String> answer = ask(method, path, ManagementPort.ADMIN, body);
        assertThat(answer.statusCode()).as(path + " " + answer.body()).isEqualTo(200);
        return JSON.readTree(answer.body());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            GET    | /topics?limit=0                 |                                     | 400 | limit is 0
            GET    | /topics?limit=many              |                                     | 400 |
            GET    | /topics/nowhere                 |                                     | 404 | There is no topic nowhere
            GET    | /partitions/nowhere/0           |                                     | 404 | nowhere-0
            GET    | /partitions?after=nowhere       |                                     | 400 | topic-partition
            GET    | /segments/nowhere/0             |                                     | 404 | nowhere-0
            GET    | /producers/nowhere/0            |                                     | 404 | nowhere-0
            GET    | /connections/987654321          |                                     | 404 | 987654321
            POST   | /topics                         | {"topic":"bad/name"}                | 400 | Topic name is invalid
            POST   | /topics                         | {}                                  | 400 |
            POST   | /topics                         | {"topic":"x","settings":"no=1"} | 400 | no
            POST   | /topics/nowhere                 | {"partitions":3}                    | 404 | There is no topic nowhere
            POST   | /topics/__wellspring_catalog      | {}                                  | 400 | partitions, settings
            DELETE | /topics/nowhere                 |                                     | 404 | There is no topic nowhere
            DELETE | /topics/__wellspring_catalog    |                                     | 400 | cannot be deleted
            DELETE | /connections/987654321          |                                     | 404 | 987654321
            POST   | /partitions/nowhere/0/roll      | {}                                  | 404 | nowhere-0
            POST   | /partitions/refused/0/explode   | {}                                  | 400 |
            POST   | /partitions/refused/0/roll      | {"dryRun":true}                     | 400 | no dry run
            POST   | /partitions/refused/0/roll      | {"beforeOffset":1}                  | 400 | beforeOffset
            POST   | /partitions/refused/0/delete-records | {}                             | 400 | beforeOffset is missing
            POST   | /partitions/refused/0/delete-records | {"beforeOffset":9}             | 400 | has offsets 0 to 0
            """)
    void badInputIsRefusedWithASentence(
            String method, String path, @Nullable String body, int status, @Nullable String sentence) throws Exception {
        HttpResponse<String> answer = ask(method, path, ManagementPort.ADMIN, body);

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.body()).contains(sentence == null ? "" : sentence);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "POST /topics",
                "POST /topics/any",
                "DELETE /topics/any",
                "DELETE /connections/1",
                "POST /partitions/any/0/roll",
                "POST /partitions/any/0/delete-records"
            })
    void onlyAdministratorsOperate(String operation) throws Exception {
        String[] parts = operation.split(" ", 2);

        assertThat(ask(parts[0], parts[1], null, "{}").statusCode()).isEqualTo(401);
        assertThat(ask(parts[0], parts[1], ManagementPort.VIEWER, "{}").statusCode())
                .isEqualTo(403);
    }

    @Test
    void everyOperationIsAudited() throws Exception {
        act("POST", "/topics", "{\"topic\":\"audited\",\"partitions\":1}");
        ask("POST", "/partitions/audited/0/delete-records", ManagementPort.ADMIN, "{\"beforeOffset\":99}");

        JsonNode made = audited("TOPIC_CREATE", "audited");
        assertThat(made.get("principal").asString()).isEqualTo(ManagementPort.ADMIN);
        assertThat(made.get("data").get("partitions").asInt()).isEqualTo(1);
        assertThat(made.get("data").get("outcome").asString()).isEqualTo("done");
        JsonNode refused = audited("PARTITION_DELETE_RECORDS", "audited");
        assertThat(refused.get("data").get("beforeOffset").asLong()).isEqualTo(99);
        assertThat(refused.get("data").get("outcome").asString()).isEqualTo("refused");
        assertThat(refused.get("data").get("detail").asString()).contains("beforeOffset is 99");
    }

    private static JsonNode audited(String type, String topic) throws Exception {
        return StreamSupport.stream(
                        get("/auditevents?type=" + type).get("events").spliterator(), false)
                .filter(event -> event.get("data").get("topic").asString().equals(topic))
                .findFirst()
                .orElseThrow();
    }
}
