package io.wellspring.bench.load;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.SplittableRandom;

/**
 * Values of records as services write them: small JSON events with identifiers that cannot be compressed among names and words that can. A batch of them
 * becomes about a third with lz4 and less with zstd. The same seed makes the same texts.
 */
final class EventText {
    private static final String[] TYPES = {"view", "click", "cart.add", "cart.remove", "order", "payment", "search"};
    private static final String[] PATHS = {"/shop/shoes", "/shop/books", "/account", "/search", "/help/returns", "/"};
    private static final String[] AGENTS = {
        "Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101 Firefox/149.0",
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 15_1) AppleWebKit/605.1.15 Version/19.0 Safari/605.1.15",
        "okhttp/5.3.0"
    };
    private static final long BEGIN_MS = 1_767_225_600_000L;
    private static final int USERS = 100_000;
    private static final int AMOUNT_MOST = 50_000;

    private final SplittableRandom random;
    private long timestampMs = BEGIN_MS;

    EventText(long seed) {
        random = new SplittableRandom(seed);
    }

    /** The next value, of exactly this size: as many events as fit, the last one cut. */
    byte[] next(int sizeBytes) {
        StringBuilder text = new StringBuilder(sizeBytes + 400);
        while (text.length() < sizeBytes) {
            event(text);
        }
        text.setLength(sizeBytes);
        return text.toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    private void event(StringBuilder text) {
        timestampMs += random.nextInt(20);
        text.append("{\"id\":\"")
                .append(hex())
                .append("\",\"time\":")
                .append(timestampMs)
                .append(",\"type\":\"")
                .append(oneOf(TYPES))
                .append("\",\"user\":")
                .append(random.nextInt(USERS))
                .append(",\"session\":\"")
                .append(hex())
                .append("\",\"path\":\"")
                .append(oneOf(PATHS))
                .append("\",\"amount\":")
                .append(random.nextInt(AMOUNT_MOST))
                .append(",\"agent\":\"")
                .append(oneOf(AGENTS))
                .append("\"}\n");
    }

    private String oneOf(String[] words) {
        return words[random.nextInt(words.length)];
    }

    private String hex() {
        return HexFormat.of().toHexDigits(random.nextLong());
    }
}
