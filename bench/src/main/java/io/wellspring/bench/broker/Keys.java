package io.wellspring.bench.broker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A broker's key and certificate for TLS, made by the JDK's {@code keytool}: an elliptic curve, as certificates are today. They protect nothing.
 *
 * @param store with the key
 * @param trust with the certificate, for clients
 */
record Keys(Path store, Path trust) {
    static final String PASSWORD = "measured";
    static final String TYPE = "PKCS12";

    /** Those beside a broker's data, made unless they are there. */
    static Keys beside(Path data) throws IOException {
        Keys keys = new Keys(data.resolveSibling("keys.p12"), data.resolveSibling("trust.p12"));
        if (!Files.exists(keys.trust)) {
            keys.make(data.resolveSibling("certificate.pem").toString());
        }
        return keys;
    }

    private void make(String certificate) throws IOException {
        keytool(
                "-genkeypair",
                "-keystore",
                store.toString(),
                "-alias",
                "broker",
                "-keyalg",
                "EC",
                "-dname",
                "CN=localhost",
                "-ext",
                "SAN=DNS:localhost,IP:127.0.0.1",
                "-validity",
                "30");
        keytool("-exportcert", "-keystore", store.toString(), "-alias", "broker", "-rfc", "-file", certificate);
        keytool("-importcert", "-noprompt", "-keystore", trust.toString(), "-alias", "broker", "-file", certificate);
    }

    private static void keytool(String... arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(List.of(arguments));
        command.addAll(List.of("-storepass", PASSWORD, "-storetype", TYPE));
        Commands.run(command);
    }

    /** What Kafka's clients need to trust the broker. */
    Map<String, Object> clientSettings() {
        return Map.of(
                "security.protocol",
                "SSL",
                "ssl.truststore.location",
                trust.toString(),
                "ssl.truststore.password",
                PASSWORD,
                "ssl.truststore.type",
                TYPE);
    }
}
