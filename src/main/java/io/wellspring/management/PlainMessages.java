package io.wellspring.management;

import java.text.MessageFormat;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.context.MessageSource;
import org.springframework.context.MessageSourceResolvable;
import org.springframework.context.NoSuchMessageException;

/**
 * The message source of an application that has no translations: every message is its default. It is what Spring would make, but Spring's makes a set of all
 * locales that the JDK knows first, which is a twentieth of the start's time (docs/decisions/0002-prepared-start.md). Threads: any.
 */
final class PlainMessages implements MessageSource {
    @Override
    public @Nullable String getMessage(
            String code, Object @Nullable [] arguments, @Nullable String defaultMessage, @Nullable Locale locale) {
        return defaultMessage == null ? null : formatted(defaultMessage, arguments, locale);
    }

    @Override
    public String getMessage(String code, Object @Nullable [] arguments, @Nullable Locale locale) {
        throw missing(code, locale);
    }

    @Override
    public String getMessage(MessageSourceResolvable resolvable, @Nullable Locale locale) {
        String defaultMessage = resolvable.getDefaultMessage();
        if (defaultMessage != null) {
            return formatted(defaultMessage, resolvable.getArguments(), locale);
        }
        String[] codes = resolvable.getCodes();
        throw missing(codes == null || codes.length == 0 ? "" : codes[codes.length - 1], locale);
    }

    private static NoSuchMessageException missing(String code, @Nullable Locale locale) {
        return locale == null ? new NoSuchMessageException(code) : new NoSuchMessageException(code, locale);
    }

    /** A text without arguments is taken as it is, as Spring does, so that braces in it mean nothing. */
    private static String formatted(String text, Object @Nullable [] arguments, @Nullable Locale locale) {
        if (arguments == null || arguments.length == 0) {
            return text;
        }
        return new MessageFormat(text, locale == null ? Locale.ROOT : locale).format(arguments);
    }
}
