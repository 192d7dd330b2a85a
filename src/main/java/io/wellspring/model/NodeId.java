package io.wellspring.model;

/**
 * The number of a broker in its cluster.
 *
 * @param value &ge; 0
 */
public record NodeId(int value) {
    public NodeId {
        if (value < 0) {
            throw new IllegalArgumentException("a node id is not negative: " + value);
        }
    }

    @Override
    public String toString() {
        return Integer.toString(value);
    }
}
