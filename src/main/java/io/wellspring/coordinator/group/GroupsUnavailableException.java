package io.wellspring.coordinator.group;

/** Nothing can be told of groups just now: they are being loaded, or the broker starts or stops. Asking again later helps. */
public final class GroupsUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public GroupsUnavailableException(String message) {
        super(message);
    }
}
