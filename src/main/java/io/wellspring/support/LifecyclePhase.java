package io.wellspring.support;

/**
 * The order in which the rooms start; they stop in reverse. All phases lie after Spring Boot's web server
 * (Integer.MAX_VALUE - 2048 and - 1024), so that health can be asked while logs recover and while the broker drains.
 */
public enum LifecyclePhase {
    LOGS(0),
    PARTITIONS(1),
    CLUSTER(2),
    COORDINATORS(3),
    NETWORK(4);

    private static final int FIRST_PHASE = Integer.MAX_VALUE - 900;
    private static final int STEP = 100;

    private final int rank;

    LifecyclePhase(int rank) {
        this.rank = rank;
    }

    /** The number for {@code SmartLifecycle.getPhase}. */
    public int phase() {
        return FIRST_PHASE + STEP * rank;
    }
}
