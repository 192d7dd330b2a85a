package io.wellspring.management.access;

import io.wellspring.support.StartRefusedException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Who may ask and operate over HTTP.
 *
 * @param users nobody but them sees more than liveness and readiness, and the meters if those are open
 * @param openMetrics whether {@code /actuator/prometheus} is for everybody who reaches the port
 */
@ConfigurationProperties("wellspring.management")
public record ManagementProperties(
        @DefaultValue List<User> users,
        @DefaultValue("true") boolean openMetrics) {
    /** A colon ends the name in the header that brings it (RFC 7617). */
    private static final Pattern NAME = Pattern.compile("[^:\\p{Cntrl}]{1,255}");

    private static final String PREFIX = "wellspring.management.users[";

    public ManagementProperties {
        users = List.copyOf(users);
        Set<String> names = new HashSet<>();
        for (int i = 0; i < users.size(); i++) {
            users.get(i).require(PREFIX + i + "].");
            if (!names.add(users.get(i).name())) {
                throw new StartRefusedException(
                        PREFIX + i + "].name is " + users.get(i).name() + ", which another user is called.",
                        "Give each user a name of its own.");
            }
        }
    }

    /** What a user may do. */
    public enum Role {
        /** See everything. */
        VIEWER,
        /** See and change everything. */
        ADMIN
    }

    /**
     * @param password as Spring Security writes it, {@code {bcrypt}$2a$…}; without braces it is the password itself
     */
    public record User(
            @Nullable String name,
            @Nullable String password,
            @DefaultValue("VIEWER") Role role) {
        private void require(String prefix) {
            if (name == null || !NAME.matcher(name).matches()) {
                throw new StartRefusedException(
                        prefix + "name is " + (name == null ? "missing" : "'" + name + "'") + ".",
                        "Set it to 1 to 255 characters without a colon.");
            }
            if (password == null || password.isEmpty()) {
                throw new StartRefusedException(
                        prefix + "password is missing.",
                        "Set it to what `htpasswd -nbBC 10 USER PASSWORD` prints after the colon, with {bcrypt} before it.");
            }
        }

        /** Nobody's log shall have the password. */
        @Override
        public String toString() {
            return name + " role=" + role;
        }
    }
}
