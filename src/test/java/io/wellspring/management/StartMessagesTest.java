package io.wellspring.management;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wellspring.support.StartRefusedException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.BeanCreationException;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.util.unit.DataSize;

final class StartMessagesTest {
    private final StandardEnvironment environment = new StandardEnvironment();

    @ConfigurationProperties("wellspring.room")
    record Room(Colour colour, DataSize size, Duration time, int count) {}

    enum Colour {
        LIGHT_BLUE,
        RED
    }

    @Test
    void aRefusalSaysItsProblemAndRemedyHoweverDeepItIsWrapped() {
        Exception wrapped = new BeanCreationException(
                "logStore", "failed", new StartRefusedException("./data is locked.", "Stop the other broker."));

        assertThat(printed(new StartRefusedAnalyzer().analyze(wrapped)))
                .isEqualTo("Wellspring does not start: ./data is locked.%nWhat to do: Stop the other broker.%n"
                        .formatted());
    }

    @Test
    void aValueThatCannotBeReadIsNamedWithItsSettingAndWhatItMayBe() {
        assertThat(bindingMessage("colour", "green"))
                .contains("wellspring.room.colour is 'green'")
                .contains("Set it to one of: light-blue, red.");
        assertThat(bindingMessage("size", "12XB")).contains("'12XB'").contains("which is not a size.");
        assertThat(bindingMessage("time", "soon")).contains("which is not a duration.");
        assertThat(bindingMessage("count", "many")).contains("which is not a whole number.");
    }

    private String bindingMessage(String name, String value) {
        set(Map.of("wellspring.room." + name, value));
        try {
            Binder.get(environment).bind("wellspring.room", Room.class);
        } catch (BindException e) {
            return printed(new SettingValueAnalyzer().analyze(e));
        }
        throw new AssertionError(value + " was bound");
    }

    private static String printed(@Nullable FailureAnalysis analysis) {
        assertThat(analysis).isNotNull();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        if (analysis != null) {
            new StandardErrorReporter(new PrintStream(bytes, true, StandardCharsets.UTF_8)).report(analysis);
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Test
    void aMistypedSettingRefusesTheStartWithTheNameThatWasMeant() {
        DefaultListableBeanFactory beans = new DefaultListableBeanFactory();
        // Named as Spring Boot names it.
        beans.registerBeanDefinition("wellspring.room-" + Room.class.getName(), new RootBeanDefinition(Room.class));
        UnknownSettingsCheck check = new UnknownSettingsCheck(environment);

        set(Map.of("wellspring.room.colour", "red", "wellspringish.room", "x", "spring.application.name", "x"));
        check.postProcessBeanFactory(beans);

        set(Map.of("wellspring.room.color", "red"));
        assertThatThrownBy(() -> check.postProcessBeanFactory(beans))
                .isInstanceOfSatisfying(StartRefusedException.class, refusal -> {
                    assertThat(refusal).hasMessageContaining("wellspring.room.color");
                    assertThat(refusal.remedy()).contains("Did you mean wellspring.room.colour?");
                });
    }

    @Test
    void aListenersPortThatIsTakenRefusesTheStart() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            set(Map.of("wellspring.network.listeners[0].bind", "127.0.0.1:" + taken.getLocalPort()));

            assertThatThrownBy(
                            () -> new PortsCheck(environment).postProcessBeanFactory(new DefaultListableBeanFactory()))
                    .isInstanceOf(StartRefusedException.class)
                    .hasMessageContaining("wellspring.network.listeners[0].bind is 127.0.0.1:" + taken.getLocalPort());
        }
    }

    @Test
    void theManagementPortBecomesThePortOfTheOneServer() {
        set(Map.of("management.server.port", "0", "management.server.address", "127.0.0.1"));

        new OneWebServerPostProcessor().postProcessEnvironment(environment, new SpringApplication());

        assertThat(environment.getProperty("server.port")).isEqualTo("0");
        assertThat(environment.getProperty("server.address")).isEqualTo("127.0.0.1");
        assertThat(environment.getProperty("management.server.port", Integer.class))
                .isNull();
    }

    @Test
    void aManagementPortThatIsNoneRefusesTheStart() {
        for (String port : new String[] {"-1", "65536", "abc", ""}) {
            set(Map.of("management.server.port", port));

            assertThatThrownBy(() -> new OneWebServerPostProcessor()
                            .postProcessEnvironment(environment, new SpringApplication()))
                    .isInstanceOf(StartRefusedException.class)
                    .hasMessageContaining("management.server.port is '" + port + "'");
        }
    }

    private void set(Map<String, Object> properties) {
        environment.getPropertySources().remove("test");
        environment.getPropertySources().addFirst(new MapPropertySource("test", properties));
    }
}
