package io.wellspring.protocol;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Strings of requests. Clients name themselves, their topics and groups in every request in the same words, so short ASCII strings that were
 * read lately are found by their bytes and not made again. Holds a bounded number of strings of bounded length; a newer one takes
 * the place of an older. Threads: any.
 */
final class RecentNames {
    /** What all requests share: clients of one broker use the same names. */
    static final RecentNames SHARED = new RecentNames(1024);

    static final int LONGEST_BYTES = 64;

    private final AtomicReferenceArray<@Nullable String> names;

    /** @param count a power of two */
    RecentNames(int count) {
        names = new AtomicReferenceArray<>(count);
    }

    /** Reads a string in UTF-8; the buffer does not move. */
    String read(ByteBuffer bytes, int position, int sizeBytes) {
        if (sizeBytes == 0) {
            return "";
        }
        if (sizeBytes > LONGEST_BYTES) {
            return decode(bytes, position, sizeBytes);
        }
        int hash = 0;
        for (int i = 0; i < sizeBytes; i++) {
            hash = 31 * hash + bytes.get(position + i);
        }
        int place = (hash ^ hash >>> 16) & (names.length() - 1);
        String known = names.getPlain(place); // immutable: whichever is seen is whole
        if (known != null && isSame(known, bytes, position, sizeBytes)) {
            return known;
        }
        String name = decode(bytes, position, sizeBytes);
        if (isSame(name, bytes, position, sizeBytes)) {
            names.setRelease(place, name);
        }
        return name;
    }

    /** True only for ASCII, where a character is a byte. */
    private static boolean isSame(String name, ByteBuffer bytes, int position, int sizeBytes) {
        if (name.length() != sizeBytes) {
            return false;
        }
        for (int i = 0; i < sizeBytes; i++) {
            if (name.charAt(i) != bytes.get(position + i)) {
                return false; // a byte of another script is negative, a character never
            }
        }
        return true;
    }

    private static String decode(ByteBuffer bytes, int position, int sizeBytes) {
        byte[] copy = new byte[sizeBytes];
        bytes.get(position, copy);
        return new String(copy, StandardCharsets.UTF_8);
    }
}
