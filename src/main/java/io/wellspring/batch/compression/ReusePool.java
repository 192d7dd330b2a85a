package io.wellspring.batch.compression;

import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Keeps a few costly things for the next user: no lock, no garbage, no thread-local that a virtual thread would take along.
 * Threads: any.
 */
final class ReusePool<T> {
    private final AtomicReferenceArray<T> slots;
    private final Supplier<T> maker;
    private final Consumer<T> disposal;

    /** @param disposal for those that find no place */
    ReusePool(Supplier<T> maker, Consumer<T> disposal) {
        this.slots = new AtomicReferenceArray<>(2 * Runtime.getRuntime().availableProcessors());
        this.maker = maker;
        this.disposal = disposal;
    }

    T take() {
        for (int i = 0; i < slots.length(); i++) {
            // A look first: an exchange takes the cache line away from the other threads.
            if (slots.getPlain(i) != null) {
                T taken = slots.getAndSet(i, null);
                if (taken != null) {
                    return taken;
                }
            }
        }
        return maker.get();
    }

    void giveBack(T thing) {
        for (int i = 0; i < slots.length(); i++) {
            if (slots.getPlain(i) == null && slots.compareAndSet(i, null, thing)) {
                return;
            }
        }
        disposal.accept(thing);
    }
}
