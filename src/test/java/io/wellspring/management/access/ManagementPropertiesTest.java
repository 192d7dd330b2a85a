package io.wellspring.management.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wellspring.management.access.ManagementProperties.Role;
import io.wellspring.management.access.ManagementProperties.User;
import io.wellspring.support.StartRefusedException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ManagementPropertiesTest {
    private static User user(@Nullable String name, @Nullable String password) {
        return new User(name, password, Role.VIEWER);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a:b", "line\nbreak"})
    void namesThatNoHeaderCanBringAreRefused(String name) {
        assertThatThrownBy(() -> new ManagementProperties(List.of(user("a", "x"), user(name, "x")), true))
                .isInstanceOf(StartRefusedException.class)
                .hasMessageContaining("wellspring.management.users[1].name is '" + name + "'");
    }

    @Test
    void whatIsMissingIsNamed() {
        assertThatThrownBy(() -> new ManagementProperties(List.of(user(null, "x")), true))
                .isInstanceOf(StartRefusedException.class)
                .hasMessageContaining("wellspring.management.users[0].name is missing");
        for (User without : List.of(user("a", null), user("a", ""))) {
            assertThatThrownBy(() -> new ManagementProperties(List.of(without), true))
                    .isInstanceOf(StartRefusedException.class)
                    .hasMessageContaining("wellspring.management.users[0].password is missing");
        }
    }

    @Test
    void twoUsersOfOneNameAreRefused() {
        assertThatThrownBy(() -> new ManagementProperties(List.of(user("a", "x"), user("a", "y")), true))
                .isInstanceOf(StartRefusedException.class)
                .hasMessageContaining("wellspring.management.users[1].name is a");
    }

    @Test
    void passwordsAreNotPrinted() {
        assertThat(new ManagementProperties(List.of(user("a", "hidden")), true).toString())
                .contains("a role=VIEWER")
                .doesNotContain("hidden");
    }
}
