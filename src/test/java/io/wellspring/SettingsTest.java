package io.wellspring;

import static org.assertj.core.api.Assertions.assertThat;

import io.wellspring.support.StartRefusedException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/** Every setting that has a bound: at it the value is taken, beyond it the start is refused with a message that names it and a remedy. */
final class SettingsTest {
    private static final String BOUNDS = """
            # room      | setting                              | taken     | taken too     | refused | refused too
            network     | threads                              | 0         | 1024          | -1      | 1025
            network     | max-frame-size                       | 1KB       | 2147483647B   | 1023B   | 2147483648B
            network     | max-bytes-in-flight-per-connection   | 1KB       | -             | 1023B   | -
            network     | max-bytes-in-flight                  | 0B        | -             | -1B     | -
            network     | max-connections                      | 1         | -             | 0       | -
            network     | max-connections-per-address          | 0         | -             | -1      | -
            network     | idle-timeout                         | 1ms       | -             | 0s      | -
            network     | frame-progress-timeout               | 1ms       | -             | 0s      | -
            network     | frame-progress                       | 1B        | 1GB           | 0B      | 1025MB
            network     | frame-timeout                        | 1ms       | -             | 0s      | -
            network     | write-stall-timeout                  | 1ms       | -             | 0s      | -
            network     | handshake-timeout                    | 1ms       | -             | 0s      | -
            network     | drain-timeout                        | 0s        | -             | -1s     | -
            network     | listeners[0].bind                    | [::1]:0   | 127.1.2.3:1   | 0.0.0.0:9092 | 127.0.0.1:65536
            network     | listeners[0].advertised              | broker    | broker:65535  | 0.0.0.0 | broker:65536
            network     | listeners[0].protocol                | PLAINTEXT | -             | SSL     | SASL_SSL
            partition   | shards                               | 0         | 64            | -1      | 65
            partition   | queue-count                          | 1         | 10000000      | 0       | 10000001
            partition   | queue-size                           | 1B        | -             | 0B      | -
            partition   | read-threads                         | 1         | 256           | 0       | 257
            partition   | read-queue                           | 1         | -             | 0       | -
            partition   | max-producers                        | 1         | -             | 0       | -
            partition   | producer-id-expiration               | 1ms       | -             | 0s      | -
            partition   | catalog-queue                        | 1         | -             | 0       | -
            log         | flush-interval                       | 1ms       | -             | 0ms     | -
            log         | retention-check-interval             | 1ms       | -             | 0ms     | -
            log         | durable-mark-interval                | 1ms       | -             | 0ms     | -
            log         | disk-check-interval                  | 1ms       | -             | 0ms     | -
            log         | scrub-interval                       | 1m        | -             | 59s     | -
            log         | scrub-delay                          | 0s        | -             | -1s     | -
            log         | scrub-rate                           | 0B        | -             | -1B     | -
            log         | open-files                           | 16        | -             | 15      | -
            log         | recovery-threads-per-directory       | 1         | 256           | 0       | 257
            log         | disk-hard-mark                       | 0B        | 512MB         | -1B     | -
            log         | disk-soft-mark                       | 128MB     | -             | 127MB   | -
            batch       | max-decompressed-size                | 1MB       | 2047MB        | 1023KB  | 2048MB
            batch       | max-decompression-ratio              | 1         | -             | 0       | -
            api         | max-partitions-per-request           | 1         | -             | 0       | -
            api         | fetch-max-bytes                      | 1KB       | 2047MB        | 1023B   | 2048MB
            api         | fetch-max-wait                       | 0s        | 1d            | -1s     | 25h
            api         | fetch-session-slots                  | 0         | -             | -1      | -
            api         | fetch-session-partitions             | 0         | -             | -1      | -
            api         | fetch-session-min-age                | 0s        | -             | -1s     | -
            topics      | default-partitions                   | 1         | 10000         | 0       | 10001
            topics      | max-partitions-per-topic             | 1         | -             | 0       | -
            topics      | max-partitions                       | 10000     | -             | 0       | -
            """;

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', nullValues = "-", textBlock = BOUNDS)
    void aValueAtItsBoundIsTakenAndOneBeyondItIsRefusedByName(
            String room,
            String setting,
            String taken,
            @Nullable String takenToo,
            String refused,
            @Nullable String refusedToo)
            throws ClassNotFoundException {
        assertThat(refusal(room, setting, taken)).isNull();
        assertThat(takenToo == null ? null : refusal(room, setting, takenToo)).isNull();
        for (@Nullable String value : new @Nullable String[] {refused, refusedToo}) {
            if (value != null) {
                StartRefusedException refusal = refusal(room, setting, value);
                if (refusal == null) {
                    throw new AssertionError(setting + "=" + value + " was taken");
                }
                assertThat(refusal.getMessage()).contains("wellspring." + room + "." + named(setting));
                assertThat(refusal.remedy()).isNotBlank();
            }
        }
    }

    /** A protocol that needs more is refused by the name of what is missing. */
    private static String named(String setting) {
        return setting.replace("listeners[0].protocol", "listeners[0].");
    }

    private static @Nullable StartRefusedException refusal(String room, String setting, String value)
            throws ClassNotFoundException {
        Map<String, String> settings = new LinkedHashMap<>(Map.of("wellspring." + room + "." + setting, value));
        if (setting.startsWith("listeners") && !setting.endsWith("bind")) {
            settings.put("wellspring.network.listeners[0].bind", "127.0.0.1:0");
        }
        if (setting.equals("max-partitions-per-topic")) {
            settings.put("wellspring.topics.default-partitions", "1");
        }
        settings.putIfAbsent("wellspring.log.directories", "./data");
        String type = room.substring(0, 1).toUpperCase(Locale.ROOT) + room.substring(1) + "Properties";
        Class<?> properties = Class.forName("io.wellspring." + (room.equals("topics") ? "topic" : room) + "." + type);
        Binder binder = new Binder(new MapConfigurationPropertySource(new HashMap<>(settings)));
        try {
            binder.bindOrCreate("wellspring." + room, Bindable.of(properties));
            return null;
        } catch (RuntimeException e) {
            for (Throwable cause = e; cause != null; cause = cause.getCause()) {
                if (cause instanceof StartRefusedException refused) {
                    return refused;
                }
            }
            throw e;
        }
    }
}
