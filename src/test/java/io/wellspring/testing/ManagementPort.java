package io.wellspring.testing;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Asks a broker over HTTP as one of the users that every {@link BrokerProcess} has unless its arguments name others. Threads: any. */
public final class ManagementPort {
    /** May see and operate. */
    public static final String ADMIN = "admin";

    /** May see. */
    public static final String VIEWER = "viewer";

    /** Of both. */
    public static final String PASSWORD = "only for tests";

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String PREFIX = "wellspring.management.users";

    private ManagementPort() {}

    /** What makes a broker know them, as on its command line. */
    static List<String> users() {
        return List.of(
                "--" + PREFIX + "[0].name=" + ADMIN,
                "--" + PREFIX + "[0].password=" + PASSWORD,
                "--" + PREFIX + "[0].role=ADMIN",
                "--" + PREFIX + "[1].name=" + VIEWER,
                "--" + PREFIX + "[1].password=" + PASSWORD);
    }

    static boolean namesUsers(List<String> arguments) {
        return arguments.stream().anyMatch(argument -> argument.startsWith("--" + PREFIX));
    }

    /** As the viewer. */
    public static HttpResponse<String> get(String url) throws IOException, InterruptedException {
        return ask("GET", url, VIEWER, null);
    }

    /**
     * @param user null: anonymous
     * @param body JSON, null: none
     */
    public static HttpResponse<String> ask(String method, String url, @Nullable String user, @Nullable String body)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url))
                .timeout(LIMIT)
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        if (body != null) {
            request.header("Content-Type", "application/json");
        }
        if (user != null) {
            request.header("Authorization", credentials(user, PASSWORD));
        }
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        }
    }

    /** The value of the header that brings them (RFC 7617). */
    public static String credentials(String user, String password) {
        byte[] both = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
        return "Basic " + Base64.getEncoder().encodeToString(both);
    }
}
