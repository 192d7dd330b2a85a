package io.wellspring.management.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SettingTextsTest {
    @Test
    void valuesMayHaveCommasAndEqualsSigns() {
        Map<String, @Nullable String> expected = new TreeMap<>();
        expected.put("a", "1,2");
        expected.put("b", "x=y");
        expected.put("c", null);
        expected.put("d", "");

        assertThat(SettingTexts.parse("a=1,2; b = x=y\nc;\n d= ;")).isEqualTo(expected);
        assertThat(SettingTexts.parse(" ")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"=1", "a=1;a=2", "a;a"})
    void whatCannotBeMeantIsRefused(String text) {
        assertThatThrownBy(() -> SettingTexts.parse(text)).hasMessageContaining("write each setting once");
    }
}
