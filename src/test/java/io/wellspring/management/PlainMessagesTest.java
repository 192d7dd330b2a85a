package io.wellspring.management;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.context.MessageSource;
import org.springframework.context.NoSuchMessageException;
import org.springframework.context.support.DefaultMessageSourceResolvable;
import org.springframework.context.support.StaticMessageSource;

/** Held against a message source of Spring's own that knows no message. */
final class PlainMessagesTest {
    private final MessageSource ours = new PlainMessages();
    private final MessageSource springs = new StaticMessageSource();

    @ParameterizedTest
    @CsvSource(
            nullValues = "none",
            value = {"none,none", "text,none", "{0} is {1},none", "{0} is {1},1234.5", "it''s {0},12", "no braces,12"})
    void saysWhatSpringWouldSay(@Nullable String text, @Nullable Double argument) {
        Object @Nullable [] arguments = argument == null ? null : new Object[] {argument, "b"};
        assertThat(ours.getMessage("code", arguments, text, Locale.GERMANY))
                .isEqualTo(springs.getMessage("code", arguments, text, Locale.GERMANY));
        DefaultMessageSourceResolvable resolvable =
                new DefaultMessageSourceResolvable(new String[] {"first", "second"}, arguments, text);
        if (text != null) {
            assertThat(ours.getMessage(resolvable, Locale.US)).isEqualTo(springs.getMessage(resolvable, Locale.US));
        }
    }

    @Test
    void aMessageWithoutDefaultIsMissing() {
        assertThatThrownBy(() -> ours.getMessage("code", null, Locale.US))
                .isInstanceOf(NoSuchMessageException.class)
                .hasMessageContaining("code");
        assertThatThrownBy(
                        () -> ours.getMessage(new DefaultMessageSourceResolvable(new String[] {"a", "b"}), Locale.US))
                .isInstanceOf(NoSuchMessageException.class)
                .hasMessageContaining("'b'");
    }
}
