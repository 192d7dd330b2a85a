package io.wellspring.management;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.boot.json.JsonParserFactory;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.io.FileSystemResource;

/** The settings file at the root lists every setting once, with the default that the code has. */
final class SettingsFileTest {
    private static final Path METADATA = Path.of("target/classes/META-INF/spring-configuration-metadata.json");

    @Test
    void listsEverySettingWithItsDefault() throws IOException {
        Map<String, String> file = settingsOfFile();
        List<String> problems = new ArrayList<>();

        for (Setting setting : settingsOfCode()) {
            Set<String> here = file.keySet().stream()
                    .filter(name -> name.equals(setting.name())
                            || name.startsWith(setting.name() + "[")
                            || name.startsWith(setting.name() + "."))
                    .collect(Collectors.toSet());
            if (here.isEmpty()) {
                problems.add(setting.name() + " is missing");
            } else if (!setting.isOpen() && !Objects.equals(file.get(setting.name()), setting.defaultValue())) {
                problems.add(setting.name() + " is " + file.get(setting.name()) + ", its default is "
                        + setting.defaultValue());
            }
        }

        assertThat(problems).isEmpty();
    }

    @Test
    void listsNoSettingThatTheCodeDoesNotHave() throws IOException {
        Set<String> unknown = new TreeSet<>(settingsOfFile().keySet());

        for (Setting setting : settingsOfCode()) {
            unknown.removeIf(name -> name.equals(setting.name())
                    || (setting.isOpen()
                            && (name.startsWith(setting.name() + "[") || name.startsWith(setting.name() + "."))));
        }

        assertThat(unknown).isEmpty();
    }

    /** @param isOpen a list or a map: its elements are not settings of the code's own */
    private record Setting(String name, String defaultValue, boolean isOpen) {}

    private static List<Setting> settingsOfCode() throws IOException {
        Map<String, Object> metadata = JsonParserFactory.getJsonParser().parseMap(Files.readString(METADATA));
        List<Setting> settings = new ArrayList<>();
        if (metadata.get("properties") instanceof List<?> properties) {
            for (Object property : properties) {
                if (property instanceof Map<?, ?> description
                        && String.valueOf(description.get("name")).startsWith("wellspring.")) {
                    settings.add(setting(description));
                }
            }
        }
        assertThat(settings).as(METADATA + " names the settings").isNotEmpty();
        return settings;
    }

    private static Setting setting(Map<?, ?> description) {
        String type = String.valueOf(description.get("type"));
        boolean isOpen = type.startsWith("java.util.");
        return new Setting(String.valueOf(description.get("name")), text(description.get("defaultValue")), isOpen);
    }

    private static Map<String, String> settingsOfFile() throws IOException {
        Map<String, String> settings = new TreeMap<>();
        for (PropertySource<?> source :
                new YamlPropertySourceLoader().load("file", new FileSystemResource("application.yml"))) {
            if (source instanceof EnumerablePropertySource<?> names) {
                for (String name : names.getPropertyNames()) {
                    if (name.startsWith("wellspring.")) {
                        settings.put(name, text(source.getProperty(name)));
                    }
                }
            }
        }
        return settings;
    }

    private static String text(@Nullable Object value) {
        return value == null ? "" : value.toString();
    }
}
