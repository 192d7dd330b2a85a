package io.wellspring.api.topics;

import io.wellspring.model.SettingOrigin;
import io.wellspring.model.SettingSource;
import io.wellspring.model.SettingType;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsResourceResult;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsSynonym;
import org.jspecify.annotations.Nullable;

/** Collects the settings of one resource, with what the client asked of each. Threads: one. */
final class DescribedConfigs {
    /**
     * What the client asks.
     *
     * @param keys the settings it wants; empty: all
     * @param synonyms whether it wants to know everything that gives a setting a value
     * @param documentation whether it wants to know what each setting does
     */
    record Wanted(Set<String> keys, boolean synonyms, boolean documentation) {
        boolean includes(String name) {
            return keys.isEmpty() || keys.contains(name);
        }
    }

    /**
     * One setting.
     *
     * @param value null: not set
     * @param origins what gives it a value, the strongest first; empty: its default
     */
    record Config(
            String name,
            @Nullable String value,
            SettingType type,
            boolean readOnly,
            List<SettingOrigin> origins,
            String documentation) {}

    private final Wanted wanted;
    private final List<DescribeConfigsResourceResult> results = new ArrayList<>();

    DescribedConfigs(Wanted wanted) {
        this.wanted = wanted;
    }

    void add(Config config) {
        if (!wanted.includes(config.name())) {
            return;
        }
        SettingSource source = config.origins().isEmpty()
                ? SettingSource.DEFAULT
                : config.origins().getFirst().source();
        results.add(new DescribeConfigsResourceResult()
                .setName(config.name())
                .setValue(config.value())
                .setReadOnly(config.readOnly())
                .setConfigSource(ConfigIds.of(source))
                .setIsSensitive(false)
                .setConfigType(ConfigIds.of(config.type()))
                .setSynonyms(wanted.synonyms() ? synonyms(config.origins()) : List.of())
                .setDocumentation(wanted.documentation() ? config.documentation() : null));
    }

    List<DescribeConfigsResourceResult> results() {
        return results;
    }

    private static List<DescribeConfigsSynonym> synonyms(List<SettingOrigin> origins) {
        List<DescribeConfigsSynonym> synonyms = new ArrayList<>(origins.size());
        for (SettingOrigin origin : origins) {
            synonyms.add(new DescribeConfigsSynonym()
                    .setName(origin.name())
                    .setValue(origin.value())
                    .setSource(ConfigIds.of(origin.source())));
        }
        return synonyms;
    }
}
