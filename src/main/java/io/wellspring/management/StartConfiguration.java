package io.wellspring.management;

import io.wellspring.log.LogStore;
import io.wellspring.network.KafkaServer;
import io.wellspring.network.KafkaServer.BoundListener;
import io.wellspring.support.Ticker;
import java.net.InetAddress;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.LivenessState;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.MessageSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/** What belongs to the start of the process: settings checked, life shown while logs recover, the ready line. */
@Configuration(proxyBeanMethods = false)
class StartConfiguration {
    @Bean
    static UnknownSettingsCheck unknownSettingsCheck(Environment environment) {
        return new UnknownSettingsCheck(environment);
    }

    @Bean
    static PortsCheck portsCheck(Environment environment) {
        return new PortsCheck(environment);
    }

    /** Under the name that Spring looks for before it makes its own. */
    @Bean
    MessageSource messageSource() {
        return new PlainMessages();
    }

    /**
     * Spring Boot calls the application alive when its context has started, and the context has started when the logs have recovered: an
     * orchestrator would kill a broker for recovering too long. Alive it is as soon as it can be asked.
     */
    @Bean
    ApplicationListener<WebServerInitializedEvent> aliveWhileRecovering() {
        return event -> AvailabilityChangeEvent.publish(event.getApplicationContext(), LivenessState.CORRECT);
    }

    @Bean
    ReadyAnnouncement readyAnnouncement(
            KafkaServer kafka, WebServerApplicationContext server, Environment environment, LogStore logs) {
        return new ReadyAnnouncement(
                () -> kafka.addresses().stream().map(BoundListener::advertised).toList(),
                () -> ReadyAnnouncement.hostAndPort(host(environment), port(server)),
                logs,
                Ticker.sinceJvmStart(),
                System.out);
    }

    private static String host(Environment environment) {
        InetAddress address = environment.getProperty("server.address", InetAddress.class);
        return address == null ? "0.0.0.0" : address.getHostAddress();
    }

    private static int port(WebServerApplicationContext server) {
        var running = server.getWebServer();
        return running == null ? -1 : running.getPort();
    }
}
