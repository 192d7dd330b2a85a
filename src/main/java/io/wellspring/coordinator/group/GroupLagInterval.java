package io.wellspring.coordinator.group;

import java.time.Duration;

/**
 * How often the lag of all groups is looked at for the meters.
 *
 * @param value from the end of one look to the beginning of the next
 */
public record GroupLagInterval(Duration value) {}
