package io.wellspring.partition;

import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Gives out producer ids; none is ever given out twice, whatever crashes. Threads: any. */
public final class ProducerIds {
    ProducerIds() {}

    /** @return a new id; null if none can be reserved just now (the client may try again) */
    public CompletionStage<@Nullable Long> next() {
        throw new UnsupportedOperationException("skeleton");
    }
}
