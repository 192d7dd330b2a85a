package io.wellspring.management.access;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;
import org.springframework.security.crypto.password.PasswordEncoder;

/** Passwords that are kept as they are, as in a mounted secret. How long a comparison takes tells nothing of them. Threads: any. */
final class PlainPasswords implements PasswordEncoder {
    @Override
    public String encode(@Nullable CharSequence password) {
        return String.valueOf(password);
    }

    @Override
    public boolean matches(@Nullable CharSequence given, @Nullable String kept) {
        return given != null
                && kept != null
                && MessageDigest.isEqual(
                        given.toString().getBytes(StandardCharsets.UTF_8), kept.getBytes(StandardCharsets.UTF_8));
    }
}
