package io.wellspring.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wellspring.support.StartRefusedException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.util.unit.DataSize;

final class ApiPropertiesTest {
    @Test
    void valuesAtTheirBoundsAreTaken() {
        ApiProperties smallest = new ApiProperties(1, DataSize.ofBytes(1024), Duration.ZERO, 0, 0, Duration.ZERO);
        ApiProperties largest = new ApiProperties(
                Integer.MAX_VALUE,
                DataSize.ofBytes(Integer.MAX_VALUE),
                Duration.ofDays(1),
                Integer.MAX_VALUE,
                Integer.MAX_VALUE,
                Duration.ofDays(9));

        assertThat(smallest.fetchSessionSlots()).isZero();
        assertThat(largest.fetchMaxBytes().toBytes()).isEqualTo(Integer.MAX_VALUE);
    }

    @Test
    void aValueOutOfRangeIsNamedWithItsProperty() {
        assertThatThrownBy(() -> new ApiProperties(0, DataSize.ofMegabytes(55), Duration.ZERO, 0, 0, Duration.ZERO))
                .isInstanceOf(StartRefusedException.class)
                .hasMessageContaining("wellspring.api.max-partitions-per-request is 0");
        assertThatThrownBy(() -> new ApiProperties(1, DataSize.ofBytes(1023), Duration.ZERO, 0, 0, Duration.ZERO))
                .isInstanceOf(StartRefusedException.class)
                .hasMessageContaining("wellspring.api.fetch-max-bytes is 1023B");
        assertThatThrownBy(() -> new ApiProperties(1, DataSize.ofMegabytes(1), Duration.ofDays(2), 0, 0, Duration.ZERO))
                .isInstanceOf(StartRefusedException.class)
                .hasMessageContaining("wellspring.api.fetch-max-wait is PT48H");
    }
}
