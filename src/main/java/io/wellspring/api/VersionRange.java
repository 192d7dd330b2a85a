package io.wellspring.api;

/**
 * Versions of an API.
 *
 * @param oldest the oldest version that is claimed
 * @param newest the newest, inclusive
 */
public record VersionRange(short oldest, short newest) {
    public VersionRange {
        if (oldest < 0 || newest < oldest) {
            throw new IllegalArgumentException("not a range of versions: " + oldest + " to " + newest);
        }
    }

    public static VersionRange of(int oldest, int newest) {
        return new VersionRange((short) oldest, (short) newest);
    }

    public boolean contains(short version) {
        return version >= oldest && version <= newest;
    }
}
