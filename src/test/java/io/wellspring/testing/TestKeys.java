package io.wellspring.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A certificate of this machine signed by itself: a key store for its owner and a trust store for whoever meets it. */
public final class TestKeys {
    public static final String PASSWORD = "wellspring";
    private static final Duration LIMIT = Duration.ofMinutes(1);

    private final Path keys;
    private final Path trust;

    private TestKeys(Path keys, Path trust) {
        this.keys = keys;
        this.trust = trust;
    }

    /** Makes both stores in a directory. */
    public static TestKeys make(Path directory, String name) throws IOException, GeneralSecurityException {
        Path keys = directory.resolve(name + "-keys.p12");
        Path trust = directory.resolve(name + "-trust.p12");
        String keytool =
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        ExternalProgram.run(
                        LIMIT,
                        List.of(
                                keytool,
                                "-genkeypair",
                                "-alias",
                                name,
                                "-keyalg",
                                "EC",
                                "-dname",
                                "CN=" + name,
                                "-ext",
                                "san=ip:127.0.0.1,dns:localhost",
                                "-validity",
                                "2",
                                "-storetype",
                                "PKCS12",
                                "-keystore",
                                keys.toString(),
                                "-storepass",
                                PASSWORD))
                .succeeded();
        KeyStore own = KeyStore.getInstance("PKCS12");
        try (InputStream input = Files.newInputStream(keys)) {
            own.load(input, PASSWORD.toCharArray());
        }
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry(name, own.getCertificate(name));
        try (OutputStream output = Files.newOutputStream(trust)) {
            trusted.store(output, PASSWORD.toCharArray());
        }
        return new TestKeys(keys, trust);
    }

    public Path keys() {
        return keys;
    }

    public Path trust() {
        return trust;
    }

    /** Settings of a Kafka client that trusts this certificate. */
    public Map<String, String> trustedByClient() {
        return Map.of(
                "security.protocol",
                "SSL",
                "ssl.truststore.location",
                trust.toString(),
                "ssl.truststore.password",
                PASSWORD,
                "ssl.truststore.type",
                "PKCS12");
    }

    /** Settings of a Kafka client that shows this certificate. */
    public Map<String, String> shownByClient() {
        return Map.of(
                "ssl.keystore.location",
                keys.toString(),
                "ssl.keystore.password",
                PASSWORD,
                "ssl.keystore.type",
                "PKCS12");
    }
}
