package io.wellspring.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.common.protocol.ObjectSerializationCache;
import org.junit.jupiter.api.Test;

/** What old notes may hold back is bounded. */
final class SerializationCacheTest {
    private static final int SMALL = 512;
    private static final int RESPONSES = 64;

    private final SerializationCache cache = SerializationCache.ofThread();

    @Test
    void servesSoManySmallResponsesAndNotOneMore() {
        cache.used(SMALL + 1); // whatever the thread did before
        ObjectSerializationCache notes = cache.notes();
        for (int i = 1; i < RESPONSES; i++) {
            cache.used(SMALL);
            assertThat(cache.notes()).isSameAs(notes);
        }
        cache.used(SMALL);
        assertThat(cache.notes()).isNotSameAs(notes);
    }

    @Test
    void isLeftAfterALargeResponseAndAfterOneThatCouldNotBeWritten() {
        ObjectSerializationCache notes = cache.notes();
        cache.used(SMALL + 1);
        assertThat(cache.notes()).isNotSameAs(notes);
        notes = cache.notes();
        cache.used(Integer.MAX_VALUE);
        assertThat(cache.notes()).isNotSameAs(notes);
    }
}
