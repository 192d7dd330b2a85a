package io.wellspring.topic;

import static org.assertj.core.api.Assertions.assertThat;

import io.wellspring.model.NodeId;
import io.wellspring.model.TopicId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class TopicCommandsTest {
    private static final TopicId ID = new TopicId(1, 2);
    private static final TopicCommands COMMANDS = new TopicCommands(new NodeId(1), new TopicLimits(4, 10, 20));
    private static final TopicCatalog CATALOG = TopicCatalog.EMPTY.apply(List.of(
            new CatalogEvent.TopicCreated("a.b", ID, 3, Map.of("cleanup.policy", "compact")),
            new CatalogEvent.TopicCreated("__consumer_offsets", new TopicId(5, 6), 5, Map.of())));

    @Test
    void topicIsMadeAsItIsWanted() {
        CatalogDecision decision = COMMANDS.create(wanted("t", 7, 1, List.of(), Map.of("retention.ms", "5")))
                .apply(CATALOG);

        assertThat(decision)
                .isEqualTo(accepted(new CatalogEvent.TopicCreated("t", ID, 7, Map.of("retention.ms", "5"))));
    }

    @Test
    void topicWithoutWishesGetsTheDefaults() {
        assertThat(COMMANDS.create(NewTopic.withDefaults("t", ID)).apply(CATALOG))
                .isEqualTo(accepted(new CatalogEvent.TopicCreated("t", ID, 4, Map.of())));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "a b", "a/b", "ä", "a\u0000", "a:b", "a\n"})
    void nameThatKafkaDoesNotTakeIsRefused(String name) {
        assertRefused(
                COMMANDS.create(NewTopic.withDefaults(name, ID)),
                CatalogRefusal.INVALID_TOPIC_NAME,
                "Topic name is invalid: ");
    }

    @Test
    void nameMayHave249CharactersAndNotOneMore() {
        assertThat(COMMANDS.create(NewTopic.withDefaults("x".repeat(249), ID)).apply(CATALOG))
                .isInstanceOf(CatalogDecision.Accepted.class);
        assertRefused(
                COMMANDS.create(NewTopic.withDefaults("x".repeat(250), ID)),
                CatalogRefusal.INVALID_TOPIC_NAME,
                "is longer than the max allowed length 249");
    }

    @Test
    void namesThatDifferInDotsAndUnderscoresCollide() {
        assertRefused(
                COMMANDS.create(NewTopic.withDefaults("a_b", ID)),
                CatalogRefusal.INVALID_TOPIC_NAME,
                "Topic 'a_b' collides with existing topic: a.b");
        assertRefused(
                COMMANDS.create(NewTopic.withDefaults("a.b", ID)),
                CatalogRefusal.TOPIC_EXISTS,
                "Topic 'a.b' already exists.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"__cluster_metadata", "__wellspring_catalog"})
    void reservedNamesAreNotForClients(String name) {
        assertRefused(
                COMMANDS.create(NewTopic.withDefaults(name, ID)), CatalogRefusal.INVALID_REQUEST, "is prohibited.");
    }

    @ParameterizedTest
    @CsvSource({
        "0,1,INVALID_PARTITION_COUNT",
        "-2,1,INVALID_PARTITION_COUNT",
        "1,0,INVALID_REPLICATION_FACTOR",
        "1,-2,INVALID_REPLICATION_FACTOR",
        "1,2,INVALID_REPLICATION_FACTOR",
        "11,1,POLICY",
        "2147483647,1,POLICY"
    })
    void numbersThatCannotBeAreRefused(int partitions, int replicas, CatalogRefusal reason) {
        assertRefused(COMMANDS.create(wanted("t", partitions, replicas, List.of(), Map.of())), reason, "");
    }

    @Test
    void partitionsOfAllTopicsTogetherHaveALimit() {
        // 8 of 20 are there.
        TopicCatalog fuller =
                CATALOG.apply(List.of(new CatalogEvent.TopicCreated("c", new TopicId(8, 8), 3, Map.of())));
        assertThat(COMMANDS.create(wanted("t", 9, 1, List.of(), Map.of())).apply(fuller))
                .isInstanceOf(CatalogDecision.Accepted.class);
        assertThat(COMMANDS.create(wanted("t", 10, 1, List.of(), Map.of())).apply(fuller))
                .isInstanceOf(CatalogDecision.Refused.class);
        assertThat(COMMANDS.addPartitions("a.b", 10, null).apply(fuller)).isInstanceOf(CatalogDecision.Accepted.class);
        assertRefused(COMMANDS.addPartitions("a.b", 11, null), CatalogRefusal.POLICY, "at most 10 partitions");
    }

    @Test
    void assignmentsAreThisBrokerOncePerPartition() {
        List<NewTopic.Assignment> good = List.of(assign(1, 1), assign(0, 1));
        assertThat(COMMANDS.create(wanted("t", -1, -1, good, Map.of())).apply(CATALOG))
                .isEqualTo(accepted(new CatalogEvent.TopicCreated("t", ID, 2, Map.of())));

        assertAssignment(List.of(assign(0, 1), assign(0, 1)), "Found multiple manual partition assignments");
        assertAssignment(List.of(assign(0, 1), assign(2, 1)), "consecutive 0-based");
        assertAssignment(List.of(assign(0)), "empty replica list");
        assertAssignment(List.of(assign(0, 2)), "no such broker is registered");
        assertAssignment(List.of(assign(0, 1, 1)), "more than once");
        assertRefused(
                COMMANDS.create(wanted("t", 2, -1, good, Map.of())), CatalogRefusal.INVALID_REQUEST, "numPartitions");
        assertRefused(
                COMMANDS.create(wanted("t", -1, 1, good, Map.of())),
                CatalogRefusal.INVALID_REQUEST,
                "replication factor");
    }

    @Test
    void settingsOfANewTopicAreChecked() {
        Map<String, @Nullable String> withNull = new HashMap<>();
        withNull.put("retention.ms", null);
        assertSettings(withNull, "Null value not supported for topic configs: retention.ms");
        assertSettings(Map.of("retention.hours", "1"), "Unknown topic config name: retention.hours");
        assertSettings(
                Map.of("retention.ms", "x"),
                "Invalid value x for configuration retention.ms: Not a number of type LONG");
        assertSettings(
                Map.of("min.compaction.lag.ms", "5", "max.compaction.lag.ms", "4"),
                "conflict topic config setting min.compaction.lag.ms (5) > max.compaction.lag.ms (4)");
        assertSettings(
                Map.of("remote.storage.enable", "true"), "Tiered Storage functionality is disabled in the broker.");
    }

    @Test
    void valueMayHave8192CharactersAndNotOneMore() {
        String name = "leader.replication.throttled.replicas";
        String longest = "0:1,".repeat(2047) + "10:1";
        assertThat(longest).hasSize(TopicLimits.SETTING_LENGTH_MOST);
        assertThat(COMMANDS.create(wanted("t", 1, 1, List.of(), Map.of(name, longest)))
                        .apply(CATALOG))
                .isInstanceOf(CatalogDecision.Accepted.class);
        assertSettings(Map.of(name, longest + "0"), "has 8193 characters");
        assertRefused(
                COMMANDS.changeSettings("a.b", List.of(change(name, SettingChange.Operation.APPEND, longest + "0"))),
                CatalogRefusal.INVALID_SETTING,
                "has 8193 characters");
    }

    @Test
    void partitionsOnlyGrow() {
        assertThat(COMMANDS.addPartitions("a.b", 5, null).apply(CATALOG))
                .isEqualTo(accepted(new CatalogEvent.PartitionsAdded("a.b", ID, 5)));
        assertThat(COMMANDS.addPartitions("a.b", 5, List.of(List.of(1), List.of(1)))
                        .apply(CATALOG))
                .isInstanceOf(CatalogDecision.Accepted.class);
        assertRefused(
                COMMANDS.addPartitions("a.b", 3, null),
                CatalogRefusal.INVALID_PARTITION_COUNT,
                "Topic already has 3 partition(s).");
        assertRefused(
                COMMANDS.addPartitions("a.b", 2, null),
                CatalogRefusal.INVALID_PARTITION_COUNT,
                "would not be an increase");
        assertRefused(
                COMMANDS.addPartitions("a.b", 5, List.of(List.of(1))),
                CatalogRefusal.INVALID_REPLICA_ASSIGNMENT,
                "Attempted to add 2 additional partition(s), but only 1 assignment(s)");
        assertRefused(
                COMMANDS.addPartitions("a.b", 4, List.of(List.of(7))),
                CatalogRefusal.INVALID_REPLICA_ASSIGNMENT,
                "no such broker");
        assertRefused(COMMANDS.addPartitions("x", 4, null), CatalogRefusal.UNKNOWN_TOPIC, "");
        assertRefused(COMMANDS.addPartitions("__consumer_offsets", 9, null), CatalogRefusal.INTERNAL_TOPIC, "");
    }

    @Test
    void topicIsDeletedByNameAndById() {
        CatalogDecision deleted = accepted(new CatalogEvent.TopicDeleted("a.b", ID));
        assertThat(COMMANDS.delete("a.b").apply(CATALOG)).isEqualTo(deleted);
        assertThat(COMMANDS.delete(ID).apply(CATALOG)).isEqualTo(deleted);
        assertRefused(COMMANDS.delete("x"), CatalogRefusal.UNKNOWN_TOPIC, "");
        assertRefused(COMMANDS.delete(new TopicId(9, 9)), CatalogRefusal.UNKNOWN_TOPIC_ID, "");
        assertRefused(COMMANDS.delete("__consumer_offsets"), CatalogRefusal.INTERNAL_TOPIC, "cannot be deleted");
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "SET,delete,delete",
                "DELETE,-,-",
                "APPEND,delete,'compact,delete'",
                "SUBTRACT,compact,''",
                "SUBTRACT,'delete, compact',''"
            })
    void listIsChangedAsAsked(SettingChange.Operation operation, @Nullable String value, @Nullable String after) {
        Map<String, @Nullable String> changes = new HashMap<>();
        changes.put("cleanup.policy", after);

        assertThat(COMMANDS.changeSettings("a.b", List.of(change("cleanup.policy", operation, value)))
                        .apply(CATALOG))
                .isEqualTo(accepted(new CatalogEvent.TopicSettingsChanged("a.b", ID, changes)));
    }

    @Test
    void changeThatChangesNothingLeavesNoRecord() {
        for (SettingChange change : List.of(
                change("cleanup.policy", SettingChange.Operation.SET, "compact"),
                change("cleanup.policy", SettingChange.Operation.APPEND, "compact"),
                change("retention.ms", SettingChange.Operation.DELETE, null),
                change("no.such.name", SettingChange.Operation.DELETE, null))) {
            assertThat(COMMANDS.changeSettings("a.b", List.of(change)).apply(CATALOG))
                    .isEqualTo(new CatalogDecision.Accepted(List.of()));
        }
    }

    @Test
    void onlyListsAreAppendedTo() {
        assertRefused(
                COMMANDS.changeSettings("a.b", List.of(change("retention.ms", SettingChange.Operation.APPEND, "1"))),
                CatalogRefusal.INVALID_SETTING,
                "Can't APPEND to key retention.ms because its type is not LIST.");
    }

    @Test
    void replacingTakesBackWhatIsNotNamed() {
        Map<String, @Nullable String> changes = new HashMap<>();
        changes.put("cleanup.policy", null);
        changes.put("flush.ms", "3");

        assertThat(COMMANDS.replaceSettings("a.b", Map.of("flush.ms", "3")).apply(CATALOG))
                .isEqualTo(accepted(new CatalogEvent.TopicSettingsChanged("a.b", ID, changes)));
        assertRefused(COMMANDS.replaceSettings("x", Map.of("flush.ms", "3")), CatalogRefusal.UNKNOWN_TOPIC, "");
    }

    @Test
    void brokersTakeDefaultsOfTopicsAndNothingElse() {
        assertThat(BrokerSettingCommands.change(
                                "1", List.of(change("log.retention.ms", SettingChange.Operation.SET, "9")))
                        .apply(CATALOG))
                .isEqualTo(accepted(new CatalogEvent.BrokerSettingsChanged("1", Map.of("log.retention.ms", "9"))));
        assertRefused(
                BrokerSettingCommands.change(
                        "1", List.of(change("log.retention.hours", SettingChange.Operation.SET, "9"))),
                CatalogRefusal.INVALID_REQUEST,
                "Cannot update these configs dynamically: [log.retention.hours]");
        assertRefused(
                BrokerSettingCommands.replace("", Map.of("log.segment.bytes", "1")),
                CatalogRefusal.INVALID_REQUEST,
                "Invalid value 1 for configuration log.segment.bytes: Value must be at least 1048576");
        assertRefused(
                BrokerSettingCommands.replace(
                        "", Map.of("log.cleaner.max.compaction.lag.ms", "1", "log.cleaner.min.compaction.lag.ms", "2")),
                CatalogRefusal.INVALID_REQUEST,
                "conflict");
    }

    private static void assertAssignment(List<NewTopic.Assignment> assignments, String message) {
        assertRefused(
                COMMANDS.create(wanted("t", -1, -1, assignments, Map.of())),
                CatalogRefusal.INVALID_REPLICA_ASSIGNMENT,
                message);
    }

    private static void assertSettings(Map<String, @Nullable String> settings, String message) {
        assertRefused(COMMANDS.create(wanted("t", 1, 1, List.of(), settings)), CatalogRefusal.INVALID_SETTING, message);
    }

    private static void assertRefused(
            Function<TopicCatalog, CatalogDecision> command, CatalogRefusal reason, String message) {
        assertThat(command.apply(CATALOG)).isInstanceOfSatisfying(CatalogDecision.Refused.class, refused -> {
            assertThat(refused.reason()).isEqualTo(reason);
            assertThat(refused.message()).contains(message);
        });
    }

    private static CatalogDecision accepted(CatalogEvent event) {
        return new CatalogDecision.Accepted(List.of(event));
    }

    private static SettingChange change(String name, SettingChange.Operation operation, @Nullable String value) {
        return new SettingChange(name, operation, value);
    }

    private static NewTopic.Assignment assign(int partition, int... brokers) {
        List<Integer> ids = new ArrayList<>();
        for (int broker : brokers) {
            ids.add(broker);
        }
        return new NewTopic.Assignment(partition, ids);
    }

    private static NewTopic wanted(
            String name,
            int partitions,
            int replicas,
            List<NewTopic.Assignment> assignments,
            Map<String, @Nullable String> settings) {
        return new NewTopic(name, ID, partitions, replicas, assignments, settings);
    }
}
