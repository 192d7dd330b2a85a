package io.wellspring.topic;

import static org.assertj.core.api.Assertions.assertThat;

import io.wellspring.model.SettingType;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.TopicConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

final class TopicSettingTest {
    private static final Path TABLE = Path.of("docs/topic-settings.md");

    /** In Kafka's class of names but no setting of topics any more (removed with message formats 0 and 1). */
    private static final String REMOVED = "message.downconversion.enable";

    @Test
    void namesAreThoseOfKafkaAndNoOthers() throws IllegalAccessException {
        Set<String> kafkas = new TreeSet<>();
        for (Field field : TopicConfig.class.getFields()) {
            if (Modifier.isStatic(field.getModifiers()) && field.getName().endsWith("_CONFIG")) {
                kafkas.add(String.valueOf(field.get(null)));
            }
        }
        kafkas.remove(REMOVED);
        // Kafka keeps these two in a class of its server.
        kafkas.add("follower.replication.throttled.replicas");
        kafkas.add("leader.replication.throttled.replicas");

        Set<String> ours = new TreeSet<>(Arrays.stream(TopicSetting.values())
                .map(TopicSetting::settingName)
                .toList());
        assertThat(ours).hasSize(37).isEqualTo(kafkas);
    }

    @ParameterizedTest
    @EnumSource
    void everySettingTakesItsDefaultAndSaysWhatItDoes(TopicSetting setting) {
        assertThat(setting.problemWith(setting.defaultValue())).isNull();
        assertThat(setting.documentation()).endsWith(".");
        assertThat(TopicSetting.find(setting.settingName())).isSameAs(setting);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
            cleanup.policy                          | delete              | compact,delete     | archive
            compression.gzip.level                  | -1                  | 9                  | 0
            compression.lz4.level                   | 9                   | 17                 | 18
            compression.type                        | producer            | uncompressed       | none
            compression.zstd.level                  | 3                   | -131072            | 23
            delete.retention.ms                     | 86400000            | 0                  | -1
            errors.deadletterqueue.group.enable     | false               | TRUE               | yes
            file.delete.delay.ms                    | 60000               | 0                  | -1
            flush.messages                          | 9223372036854775807 | 1                  | 0
            flush.ms                                | 9223372036854775807 | 0                  | -1
            follower.replication.throttled.replicas | ''                  | 0:1,1:2            | 0-1
            index.interval.bytes                    | 4096                | 0                  | -1
            leader.replication.throttled.replicas   | ''                  | *                  | *,0:1
            local.retention.bytes                   | -2                  | -1                 | -3
            local.retention.ms                      | -2                  | 1000               | -3
            max.compaction.lag.ms                   | 9223372036854775807 | 1                  | 0
            max.decompressed.message.bytes          | 2147483639          | 1                  | 2147483640
            max.message.bytes                       | 1048588             | 0                  | 2147483648
            message.timestamp.after.max.ms          | 3600000             | 0                  | -1
            message.timestamp.before.max.ms         | 9223372036854775807 | 0                  | 9223372036854775808
            message.timestamp.type                  | CreateTime          | LogAppendTime      | logappendtime
            min.cleanable.dirty.ratio               | 0.5                 | 1                  | 1.01
            min.compaction.lag.ms                   | 0                   | 1                  | -1
            min.insync.replicas                     | 1                   | 2                  | 0
            preallocate                             | false               | true               | 1
            remote.copy.lag.bytes                   | -1                  | 0                  | -2
            remote.copy.lag.ms                      | 0                   | -1                 | -2
            remote.log.copy.disable                 | false               | true               | no
            remote.log.delete.on.disable            | false               | true               | no
            remote.storage.enable                   | false               | true               | no
            retention.bytes                         | -1                  | -9                 | 1GB
            retention.ms                            | 604800000           | -1                 | -2
            segment.bytes                           | 1073741824          | 1048576            | 1048575
            segment.index.bytes                     | 10485760            | 4                  | 3
            segment.jitter.ms                       | 0                   | 9223372036854775807| -1
            segment.ms                              | 604800000           | 1                  | 0
            unclean.leader.election.enable          | false               | true               | ''
            """)
    void everySettingHasKafkasDefaultAndRange(String name, String defaultValue, String good, String bad) {
        TopicSetting setting = TopicSetting.valueOf(name.replace('.', '_').toUpperCase(java.util.Locale.ROOT));

        assertThat(setting.settingName()).isEqualTo(name);
        assertThat(setting.defaultValue()).isEqualTo(defaultValue);
        assertThat(setting.problemWith(good)).isNull();
        assertThat(setting.problemWith(bad)).startsWith("Invalid value ").contains(" for configuration " + name + ": ");
    }

    @Test
    void cleanupPolicyMayBeEmptyButNamesNothingTwice() {
        assertThat(TopicSetting.CLEANUP_POLICY.problemWith("")).isNull();
        assertThat(TopicSetting.CLEANUP_POLICY.problemWith("delete,delete"))
                .isEqualTo("Configuration 'cleanup.policy' values must not be duplicated.");
        assertThat(TopicSetting.CLEANUP_POLICY.problemWith("delete,"))
                .isEqualTo("Configuration 'cleanup.policy' values must not be empty.");
    }

    @Test
    void ratioThatIsNoNumberIsRefused() {
        assertThat(TopicSetting.MIN_CLEANABLE_DIRTY_RATIO.problemWith("NaN")).isNotNull();
    }

    @Test
    void textIsReadAsKafkaReadsIt() {
        List<String> texts = List.of(
                "",
                " ",
                "1",
                " 1 ",
                "+1",
                "-1",
                "1.5",
                "1e3",
                "0x10",
                "1L",
                "99999999999",
                "99999999999999999999",
                "true",
                " True ",
                "FALSE",
                "yes",
                "a,b",
                " a , b ",
                "a,,b",
                ",",
                "NaN",
                "2147483648",
                "32768");
        for (SettingType type : SettingType.values()) {
            if (type == SettingType.CLASS || type == SettingType.PASSWORD) {
                continue;
            }
            for (String text : texts) {
                assertThat(read(type, text)).as("'%s' as %s", text, type).isEqualTo(readByKafka(type, text));
            }
        }
    }

    private static Object read(SettingType type, String text) {
        try {
            return type.parse(text);
        } catch (IllegalArgumentException e) {
            return "refused: " + e.getMessage();
        }
    }

    private static Object readByKafka(SettingType type, String text) {
        try {
            return ConfigDef.parseType("x", text, ConfigDef.Type.valueOf(type.name()));
        } catch (ConfigException e) {
            return "refused: " + String.valueOf(e.getMessage()).replaceFirst("(?s).* for configuration x: ", "");
        }
    }

    @Test
    void tableInTheDocumentationIsTheTableInTheCode() throws IOException {
        List<String> expected = new ArrayList<>();
        for (TopicSetting setting : TopicSetting.values()) {
            String synonyms = setting.synonyms().isEmpty()
                    ? "-"
                    : setting.synonyms().stream()
                            .map(synonym -> "`" + synonym.name() + "`")
                            .collect(Collectors.joining(", "));
            expected.add("| `" + setting.settingName() + "` | "
                    + setting.type().name().toLowerCase(java.util.Locale.ROOT) + " | `" + setting.defaultValue()
                    + "` | "
                    + synonyms + " |");
        }
        List<String> rows = Files.readAllLines(TABLE).stream()
                .filter(line -> line.startsWith("| `"))
                .toList();

        assertThat(rows).hasSameSizeAs(expected);
        for (int i = 0; i < rows.size(); i++) {
            assertThat(rows.get(i)).startsWith(expected.get(i));
            assertThat(rows.get(i).substring(expected.get(i).length()))
                    .as("what becomes of %s", expected.get(i))
                    .matches(" (yes|no effect|refused)(: .+)? \\|");
        }
    }
}
