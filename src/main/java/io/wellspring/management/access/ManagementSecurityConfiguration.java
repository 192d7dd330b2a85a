package io.wellspring.management.access;

import io.wellspring.management.access.ManagementProperties.Role;
import io.wellspring.management.access.ManagementProperties.User;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpMethod;
import org.springframework.security.authentication.ReactiveAuthenticationManager;
import org.springframework.security.authentication.UserDetailsRepositoryReactiveAuthenticationManager;
import org.springframework.security.config.annotation.web.reactive.EnableWebFluxSecurity;
import org.springframework.security.config.web.server.ServerHttpSecurity;
import org.springframework.security.config.web.server.ServerHttpSecurity.AuthorizeExchangeSpec;
import org.springframework.security.config.web.server.ServerHttpSecurity.CsrfSpec;
import org.springframework.security.config.web.server.ServerHttpSecurity.FormLoginSpec;
import org.springframework.security.config.web.server.ServerHttpSecurity.LogoutSpec;
import org.springframework.security.config.web.server.ServerHttpSecurity.RequestCacheSpec;
import org.springframework.security.core.userdetails.ReactiveUserDetailsService;
import org.springframework.security.core.userdetails.UserDetails;
import org.springframework.security.crypto.factory.PasswordEncoderFactories;
import org.springframework.security.crypto.password.DelegatingPasswordEncoder;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.security.web.server.SecurityWebFilterChain;
import org.springframework.security.web.server.context.NoOpServerSecurityContextRepository;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Who may do what over HTTP. Liveness and readiness are for everybody, and the meters unless that is switched off; whatever only shows something is for
 * users who may view, the rest for administrators. Each request brings its credentials (RFC 7617): nothing is kept between them.
 */
@Configuration(proxyBeanMethods = false)
@EnableWebFluxSecurity
@EnableConfigurationProperties(ManagementProperties.class)
class ManagementSecurityConfiguration {
    private static final Logger LOG = LoggerFactory.getLogger(ManagementSecurityConfiguration.class);
    private static final String[] OPEN = {"/actuator/health/liveness", "/actuator/health/readiness"};
    private static final List<HttpMethod> LOOKING = List.of(HttpMethod.GET, HttpMethod.HEAD);
    private static final String METERS = "/actuator/prometheus";
    private static final int MOST_LOGINS_WAITING = 100;
    private static final int LOGIN_IDLE_SECONDS = 60;
    private static final String VIEWER = Role.VIEWER.name();
    private static final String ADMIN = Role.ADMIN.name();

    @Bean
    SecurityWebFilterChain managementChain(ServerHttpSecurity http, ManagementProperties properties) {
        return http.authorizeExchange(exchanges -> authorize(exchanges, properties.openMetrics()))
                .httpBasic(basic -> basic.securityContextRepository(NoOpServerSecurityContextRepository.getInstance()))
                .securityContextRepository(NoOpServerSecurityContextRepository.getInstance())
                .requestCache(RequestCacheSpec::disable)
                // Tokens are for pages; what comes from another site's page is refused as a whole.
                .csrf(CsrfSpec::disable)
                .formLogin(FormLoginSpec::disable)
                .logout(LogoutSpec::disable)
                .build();
    }

    private static void authorize(AuthorizeExchangeSpec exchanges, boolean openMetrics) {
        exchanges.matchers(new CrossSite()).denyAll();
        for (HttpMethod looks : LOOKING) {
            exchanges.pathMatchers(looks, OPEN).permitAll();
            if (openMetrics) {
                exchanges.pathMatchers(looks, METERS).permitAll();
            }
            exchanges.pathMatchers(looks, "/**").hasAnyRole(VIEWER, ADMIN);
        }
        exchanges.anyExchange().hasRole(ADMIN);
    }

    @Bean
    ReactiveUserDetailsService managementUsers(ManagementProperties properties) {
        if (properties.users().isEmpty()) {
            LOG.info(
                    "Nobody may see or operate the broker over HTTP but for its health and meters: set wellspring.management.users to change that");
        }
        List<UserDetails> users = properties.users().stream()
                .map(ManagementSecurityConfiguration::details)
                .toList();
        return name -> Mono.justOrEmpty(
                users.stream().filter(user -> user.getUsername().equals(name)).findFirst());
    }

    /** Passwords are compared one at a time on a thread of their own: who guesses many gets none of the broker's processors but part of one. */
    @Bean
    ReactiveAuthenticationManager managementLogin(ReactiveUserDetailsService users, PasswordEncoder passwords) {
        var manager = new UserDetailsRepositoryReactiveAuthenticationManager(users);
        manager.setPasswordEncoder(passwords);
        manager.setScheduler(
                Schedulers.newBoundedElastic(1, MOST_LOGINS_WAITING, "wellspring-login", LOGIN_IDLE_SECONDS, true));
        return manager;
    }

    private static UserDetails details(User user) {
        return org.springframework.security.core.userdetails.User.withUsername(String.valueOf(user.name()))
                .password(String.valueOf(user.password()))
                .roles(user.role().name())
                .build();
    }

    @Bean
    PasswordEncoder managementPasswords() {
        DelegatingPasswordEncoder encoder =
                (DelegatingPasswordEncoder) PasswordEncoderFactories.createDelegatingPasswordEncoder();
        encoder.setDefaultPasswordEncoderForMatches(new PlainPasswords());
        return encoder;
    }
}
