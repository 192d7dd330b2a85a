package io.wellspring.management;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;

final class KnownSettingsTest {
    private final KnownSettings known = new KnownSettings();

    KnownSettingsTest() {
        known.add("wellspring.net", Net.class);
    }

    record Net(List<Door> doors, Map<String, Integer> limits, Duration idleTimeout, List<String> names) {}

    record Door(String bind, boolean isOpen) {}

    @Test
    void knowsComponentsOfRecordsListsAndMaps() {
        assertThat(known.names())
                .containsExactly(
                        "wellspring.net.doors",
                        "wellspring.net.doors[*]",
                        "wellspring.net.doors[*].bind",
                        "wellspring.net.doors[*].is-open",
                        "wellspring.net.idle-timeout",
                        "wellspring.net.limits",
                        "wellspring.net.names",
                        "wellspring.net.names[*]");
        assertThat(knows("wellspring.net.doors[3].bind")).isTrue();
        assertThat(knows("wellspring.net.names[0]")).isTrue();
        assertThat(knows("wellspring.net.limits.anything")).isTrue();
        assertThat(knows("wellspring.net.limits[10.0.0.1]")).isTrue();
        assertThat(knows("wellspring.net.limits")).isTrue();
    }

    @Test
    void takesTheSpellingsThatBindingTakes() {
        assertThat(knows("wellspring.net.idletimeout")).isTrue();
        assertThat(known.contains(ConfigurationPropertyName.adapt("wellspring.net.idleTimeout", '.')))
                .isTrue();
    }

    @Test
    void findsTheNameThatWasMeant() {
        assertThat(knows("wellspring.net.idle-timout")).isFalse();
        assertThat(nearest("wellspring.net.idle-timout")).isEqualTo("wellspring.net.idle-timeout");
        assertThat(nearest("wellspring.network.doors[0].bind")).isEqualTo("wellspring.net.doors[0].bind");
        assertThat(nearest("wellspring.something.else.altogether")).isNull();
    }

    private boolean knows(String name) {
        return known.contains(ConfigurationPropertyName.of(name));
    }

    private @Nullable String nearest(String name) {
        return known.nearest(ConfigurationPropertyName.of(name));
    }
}
