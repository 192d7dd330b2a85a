package io.wellspring.api.topics;

import static io.wellspring.api.topics.TopicHandlersTest.context;
import static io.wellspring.api.topics.TopicHandlersTest.done;
import static org.assertj.core.api.Assertions.assertThat;

import io.wellspring.api.ApiProperties;
import io.wellspring.coordinator.group.GroupSettingSource;
import io.wellspring.model.BrokerSetting;
import io.wellspring.model.NodeId;
import io.wellspring.model.SettingType;
import io.wellspring.model.TopicId;
import io.wellspring.testing.InMemoryTopics;
import io.wellspring.topic.GroupSettingCommands;
import io.wellspring.topic.NewTopic;
import io.wellspring.topic.Topic;
import io.wellspring.topic.TopicCommands;
import io.wellspring.topic.TopicDefaults;
import io.wellspring.topic.TopicLimits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.message.AlterConfigsRequestData;
import org.apache.kafka.common.message.DescribeConfigsRequestData;
import org.apache.kafka.common.message.DescribeConfigsRequestData.DescribeConfigsResource;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsResourceResult;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsResult;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsSynonym;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterConfigsResource;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterableConfig;
import org.apache.kafka.common.message.IncrementalAlterConfigsResponseData.AlterConfigsResourceResponse;
import org.apache.kafka.common.message.ListConfigResourcesRequestData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.DescribeConfigsResponse.ConfigSource;
import org.apache.kafka.common.requests.DescribeConfigsResponse.ConfigType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.util.unit.DataSize;

final class ConfigHandlersTest {
    private static final byte SET = 0;
    private static final byte DELETE = 1;
    private static final byte APPEND = 2;
    private static final ApiProperties API =
            new ApiProperties(50_000, DataSize.ofMegabytes(55), Duration.ofMinutes(5), 10, 10, Duration.ofMinutes(2));

    private final InMemoryTopics topics =
            new InMemoryTopics(TopicDefaults.of("1", Map.of("log.segment.bytes", "2097152")));
    private final TopicCommands commands = new TopicCommands(new NodeId(1), new TopicLimits(1, 10, 100));
    private final BrokerConfigs brokers = new BrokerConfigs(
            new NodeId(1),
            List.of(() -> List.of(
                    new BrokerSetting("num.io.threads", SettingType.INT, "4", "8", "Threads."),
                    new BrokerSetting("broker.rack", SettingType.STRING, null, null, "Rack."))));
    private final FakeLoggers loggers = new FakeLoggers();
    private final LoggerConfigs loggerConfigs = new LoggerConfigs(loggers);
    private final ConfigChanges changes = new ConfigChanges(
            topics, commands, new GroupSettingCommands(GroupSettingSource.ofDefaults()), brokers, loggerConfigs);

    ConfigHandlersTest() {
        topics.propose(commands.create(NewTopic.withDefaults("a", new TopicId(1, 1))), Duration.ofSeconds(1));
    }

    @Test
    void topicIsDescribedWithSourcesSynonymsTypesAndWords() {
        change(ConfigResource.Type.TOPIC, "a", entry("retention.ms", SET, "9"));
        DescribeConfigsResult result = describe(ConfigResource.Type.TOPIC, "a", true);

        assertThat(result.configs()).hasSize(37).allSatisfy(config -> {
            assertThat(config.readOnly()).isFalse();
            assertThat(config.isSensitive()).isFalse();
            assertThat(config.configType()).isNotZero();
            assertThat(config.documentation()).isNotEmpty();
        });
        assertThat(find(result, "retention.ms").configSource()).isEqualTo(ConfigSource.TOPIC_CONFIG.id());
        assertThat(find(result, "retention.ms").synonyms().stream().map(DescribeConfigsSynonym::name))
                .containsExactly("retention.ms", "log.retention.hours");
        assertThat(find(result, "segment.bytes").configSource()).isEqualTo(ConfigSource.STATIC_BROKER_CONFIG.id());
        assertThat(find(result, "segment.bytes").value()).isEqualTo("2097152");
        assertThat(find(result, "flush.ms").configSource()).isEqualTo(ConfigSource.DEFAULT_CONFIG.id());
    }

    @Test
    void onlyTheAskedKeysAreDescribed() {
        DescribeConfigsRequestData request = new DescribeConfigsRequestData()
                .setResources(List.of(new DescribeConfigsResource()
                        .setResourceType(ConfigResource.Type.TOPIC.id())
                        .setResourceName("a")
                        .setConfigurationKeys(List.of("flush.ms", "flush.ms", "no.such"))));

        assertThat(describe(request).getFirst().configs().stream().map(DescribeConfigsResourceResult::name))
                .containsExactly("flush.ms");
    }

    @Test
    void brokerIsDescribedWithWhatIsDynamicAndWhatIsNot() {
        change(ConfigResource.Type.BROKER, "1", entry("log.retention.ms", SET, "5"));
        change(ConfigResource.Type.BROKER, "", entry("log.retention.ms", SET, "6"));
        DescribeConfigsResult result = describe(ConfigResource.Type.BROKER, "1", true);

        assertThat(find(result, "log.retention.ms").value()).isEqualTo("5");
        assertThat(find(result, "log.retention.ms").readOnly()).isFalse();
        assertThat(find(result, "log.retention.ms").configSource()).isEqualTo(ConfigSource.DYNAMIC_BROKER_CONFIG.id());
        assertThat(find(result, "log.retention.hours").value()).isEqualTo("168");
        assertThat(find(result, "log.retention.hours").readOnly()).isTrue();
        assertThat(find(result, "log.retention.hours").configType()).isEqualTo(ConfigType.INT.id());
        assertThat(find(result, "log.retention.minutes").configType()).isEqualTo(ConfigType.INT.id());
        assertThat(find(result, "log.retention.ms").configType()).isEqualTo(ConfigType.LONG.id());
        assertThat(find(result, "num.io.threads").configSource()).isEqualTo(ConfigSource.STATIC_BROKER_CONFIG.id());
        assertThat(find(result, "num.io.threads").readOnly()).isTrue();
        assertThat(find(result, "broker.rack").value()).isNull();

        assertThat(describe(ConfigResource.Type.BROKER, "", true).configs().stream()
                        .map(DescribeConfigsResourceResult::value))
                .containsExactly("6");
        assertThat(Objects.requireNonNull(topics.catalog().find("a"))
                        .settings()
                        .logSettings()
                        .retentionMs())
                .isEqualTo(5);
    }

    @Test
    void resourcesThatAreNotHereAreRefusedEachInItsWay() {
        assertThat(error(describe(ConfigResource.Type.TOPIC, "x", false))).isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(error(describe(ConfigResource.Type.TOPIC, "a b", false))).isEqualTo(Errors.INVALID_TOPIC_EXCEPTION);
        assertThat(error(describe(ConfigResource.Type.BROKER, "2", false))).isEqualTo(Errors.INVALID_REQUEST);
        assertThat(error(describe(ConfigResource.Type.BROKER, "one", false))).isEqualTo(Errors.INVALID_REQUEST);
        assertThat(error(describe(ConfigResource.Type.BROKER_LOGGER, "", false)))
                .isEqualTo(Errors.INVALID_REQUEST);
        assertThat(error(describe(ConfigResource.Type.UNKNOWN, "x", false))).isEqualTo(Errors.INVALID_REQUEST);
        assertThat(error(describe(ConfigResource.Type.GROUP, "", false))).isEqualTo(Errors.INVALID_REQUEST);
        assertThat(error(describe(ConfigResource.Type.GROUP, "g", false))).isEqualTo(Errors.NONE);
        assertThat(error(describe(ConfigResource.Type.CLIENT_METRICS, "", false)))
                .isEqualTo(Errors.INVALID_REQUEST);
        assertThat(error(describe(ConfigResource.Type.CLIENT_METRICS, "m", false)))
                .isEqualTo(Errors.NONE);
    }

    @Test
    void answerHoldsSoManySettingsAndNotOneResourceMore() {
        DescribeConfigsResource resource = new DescribeConfigsResource()
                .setResourceType(ConfigResource.Type.TOPIC.id())
                .setResourceName("a")
                .setConfigurationKeys(null);
        int fitting = (DescribeConfigsHandler.SETTINGS_MOST + 36) / 37;
        List<DescribeConfigsResult> results =
                describe(new DescribeConfigsRequestData().setResources(Collections.nCopies(fitting + 1, resource)));

        assertThat(error(results.get(fitting - 1))).isEqualTo(Errors.NONE);
        assertThat(error(results.get(fitting))).isEqualTo(Errors.POLICY_VIOLATION);
    }

    @Test
    void changesOfATopicTakeEffectOrAreRefusedAsAWhole() {
        assertThat(change(
                        ConfigResource.Type.TOPIC,
                        "a",
                        entry("cleanup.policy", APPEND, "compact"),
                        entry("flush.ms", SET, "3")))
                .isEqualTo(Errors.NONE);
        assertThat(overrides()).isEqualTo(Map.of("cleanup.policy", "delete,compact", "flush.ms", "3"));

        assertThat(change(
                        ConfigResource.Type.TOPIC,
                        "a",
                        entry("flush.ms", DELETE, null),
                        entry("retention.ms", SET, "x")))
                .isEqualTo(Errors.INVALID_CONFIG);
        assertThat(overrides()).containsKey("flush.ms");
    }

    @Test
    void requestsThatAreWrongInThemselvesAreRefused() {
        assertThat(change(ConfigResource.Type.TOPIC, "", entry("flush.ms", SET, "3")))
                .isEqualTo(Errors.INVALID_REQUEST);
        assertThat(change(ConfigResource.Type.TOPIC, "a", entry("flush.ms", SET, null)))
                .isEqualTo(Errors.INVALID_REQUEST);
        assertThat(change(ConfigResource.Type.TOPIC, "a", entry("flush.ms", (byte) 4, "1")))
                .isEqualTo(Errors.INVALID_REQUEST);
        assertThat(change(ConfigResource.Type.TOPIC, "a", entry("flush.ms", SET, "1"), entry("flush.ms", DELETE, null)))
                .isEqualTo(Errors.INVALID_REQUEST);
        assertThat(change(ConfigResource.Type.TOPIC, "x", entry("flush.ms", SET, "1")))
                .isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(change(ConfigResource.Type.BROKER, "2", entry("log.retention.ms", SET, "1")))
                .isEqualTo(Errors.INVALID_REQUEST);
        assertThat(change(ConfigResource.Type.BROKER, "1", entry("num.io.threads", SET, "1")))
                .isEqualTo(Errors.INVALID_REQUEST);
        assertThat(change(ConfigResource.Type.GROUP, "g", entry("x", SET, "1"))).isEqualTo(Errors.INVALID_CONFIG);
        assertThat(overrides()).isEmpty();
    }

    @Test
    void resourceThatStandsTwiceIsNotChanged() {
        IncrementalAlterConfigsRequestData request = new IncrementalAlterConfigsRequestData();
        request.resources().add(resource(ConfigResource.Type.TOPIC, "a", entry("flush.ms", SET, "1")));
        request.resources().add(resource(ConfigResource.Type.TOPIC, "a", entry("flush.ms", SET, "2")));

        assertThat(
                        done(new IncrementalAlterConfigsHandler(changes, API).handle(context(1), request))
                                .responses()
                                .stream()
                                .map(AlterConfigsResourceResponse::errorCode))
                .containsExactly(Errors.INVALID_REQUEST.code(), Errors.INVALID_REQUEST.code());
        assertThat(overrides()).isEmpty();
    }

    @Test
    void validationAloneChangesNothing() {
        IncrementalAlterConfigsRequestData request = new IncrementalAlterConfigsRequestData().setValidateOnly(true);
        request.resources().add(resource(ConfigResource.Type.TOPIC, "a", entry("flush.ms", SET, "1")));
        request.resources().add(resource(ConfigResource.Type.BROKER_LOGGER, "1", entry("io.wellspring", SET, "DEBUG")));

        assertThat(done(new IncrementalAlterConfigsHandler(changes, API).handle(context(1), request))
                        .responses())
                .allSatisfy(response -> assertThat(response.errorCode()).isZero());
        assertThat(overrides()).isEmpty();
        assertThat(loggers.levels).containsEntry("io.wellspring", "INFO");
    }

    @Test
    void oldAlterReplacesEverything() {
        change(ConfigResource.Type.TOPIC, "a", entry("flush.ms", SET, "1"));
        AlterConfigsRequestData request = new AlterConfigsRequestData();
        AlterConfigsRequestData.AlterConfigsResource resource = new AlterConfigsRequestData.AlterConfigsResource()
                .setResourceType(ConfigResource.Type.TOPIC.id())
                .setResourceName("a");
        resource.configs()
                .add(new AlterConfigsRequestData.AlterableConfig()
                        .setName("retention.ms")
                        .setValue("2"));
        request.resources().add(resource);
        request.resources()
                .add(new AlterConfigsRequestData.AlterConfigsResource()
                        .setResourceType(ConfigResource.Type.BROKER_LOGGER.id())
                        .setResourceName("1"));

        assertThat(done(new AlterConfigsHandler(changes, API).handle(context(2), request)).responses().stream()
                        .map(response -> Errors.forCode(response.errorCode())))
                .containsExactly(Errors.NONE, Errors.INVALID_REQUEST);
        assertThat(overrides()).isEqualTo(Map.of("retention.ms", "2"));
    }

    @Test
    void levelsOfLoggersAreSeenAndSet() {
        assertThat(change(ConfigResource.Type.BROKER_LOGGER, "1", entry("io.wellspring", SET, "DEBUG")))
                .isEqualTo(Errors.NONE);
        assertThat(find(describe(ConfigResource.Type.BROKER_LOGGER, "1", false), "io.wellspring")
                        .value())
                .isEqualTo("DEBUG");
        assertThat(change(ConfigResource.Type.BROKER_LOGGER, "1", entry("io.wellspring", DELETE, null)))
                .isEqualTo(Errors.NONE);

        assertThat(change(ConfigResource.Type.BROKER_LOGGER, "1", entry("no.such", SET, "DEBUG")))
                .isEqualTo(Errors.INVALID_CONFIG);
        assertThat(change(ConfigResource.Type.BROKER_LOGGER, "1", entry("io.wellspring", SET, "LOUD")))
                .isEqualTo(Errors.INVALID_CONFIG);
        assertThat(change(ConfigResource.Type.BROKER_LOGGER, "1", entry("root", DELETE, null)))
                .isEqualTo(Errors.INVALID_REQUEST);
        assertThat(change(ConfigResource.Type.BROKER_LOGGER, "1", entry("root", APPEND, "INFO")))
                .isEqualTo(Errors.INVALID_REQUEST);
    }

    @Test
    void resourcesAreListedByKind() {
        ListConfigResourcesHandler handler = new ListConfigResourcesHandler(topics, brokers);

        assertThat(done(handler.handle(context(1), new ListConfigResourcesRequestData())).configResources().stream()
                        .map(resource ->
                                ConfigResource.Type.forId(resource.resourceType()) + " " + resource.resourceName()))
                .containsExactly("TOPIC a", "BROKER 1", "BROKER_LOGGER 1");
        assertThat(done(handler.handle(context(0), new ListConfigResourcesRequestData()))
                        .configResources())
                .isEmpty();
        assertThat(done(handler.handle(
                                context(1), new ListConfigResourcesRequestData().setResourceTypes(List.of((byte) 99))))
                        .errorCode())
                .isEqualTo(Errors.UNSUPPORTED_VERSION.code());
    }

    private Map<String, String> overrides() {
        Topic topic = Objects.requireNonNull(topics.catalog().find("a"));
        return topic.settings().overrides();
    }

    private Errors change(ConfigResource.Type type, String name, AlterableConfig... entries) {
        IncrementalAlterConfigsRequestData request = new IncrementalAlterConfigsRequestData();
        request.resources().add(resource(type, name, entries));
        return Errors.forCode(done(new IncrementalAlterConfigsHandler(changes, API).handle(context(1), request))
                .responses()
                .getFirst()
                .errorCode());
    }

    private static AlterConfigsResource resource(ConfigResource.Type type, String name, AlterableConfig... entries) {
        AlterConfigsResource resource =
                new AlterConfigsResource().setResourceType(type.id()).setResourceName(name);
        for (AlterableConfig entry : entries) {
            resource.configs().add(entry);
        }
        return resource;
    }

    private static AlterableConfig entry(String name, byte operation, @Nullable String value) {
        return new AlterableConfig().setName(name).setConfigOperation(operation).setValue(value);
    }

    private DescribeConfigsResult describe(ConfigResource.Type type, String name, boolean everything) {
        return describe(new DescribeConfigsRequestData()
                        .setResources(List.of(new DescribeConfigsResource()
                                .setResourceType(type.id())
                                .setResourceName(name)
                                .setConfigurationKeys(null)))
                        .setIncludeSynonyms(everything)
                        .setIncludeDocumentation(everything))
                .getFirst();
    }

    private List<DescribeConfigsResult> describe(DescribeConfigsRequestData request) {
        return done(new DescribeConfigsHandler(topics, brokers, loggerConfigs, GroupSettingSource.ofDefaults(), API)
                        .handle(context(4), request))
                .results();
    }

    private static DescribeConfigsResourceResult find(DescribeConfigsResult result, String name) {
        List<DescribeConfigsResourceResult> found = new ArrayList<>(result.configs());
        found.removeIf(config -> !config.name().equals(name));
        assertThat(found).as(name).hasSize(1);
        return found.getFirst();
    }

    private static Errors error(DescribeConfigsResult result) {
        return Errors.forCode(result.errorCode());
    }

    private static final class FakeLoggers implements LoggerLevels {
        private final Map<String, String> levels = new TreeMap<>(Map.of("root", "INFO", "io.wellspring", "INFO"));

        @Override
        public Map<String, String> levels() {
            return levels;
        }

        @Override
        public boolean exists(String logger) {
            return levels.containsKey(logger);
        }

        @Override
        public void set(String logger, @Nullable String level) {
            levels.put(logger, level == null ? "INFO" : level);
        }
    }
}
