package io.wellspring.log;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** Counts what {@link RecoveryProgress} shows. Threads: any. */
final class RecoveryCounters {
    private volatile int found;
    private final AtomicInteger opened = new AtomicInteger();
    private final AtomicInteger running = new AtomicInteger();
    private final AtomicInteger damaged = new AtomicInteger();
    private final LongAdder readBytes = new LongAdder();
    private final LongAdder cutBytes = new LongAdder();

    void found(int count) {
        found = count;
    }

    void begins() {
        running.incrementAndGet();
    }

    void ends(RecoveredLog outcome) {
        opened.incrementAndGet();
        switch (outcome) {
            case RecoveredLog.Whole whole -> {
                readBytes.add(whole.readBytes());
                cutBytes.add(whole.cutBytes());
            }
            case RecoveredLog.Damaged refused -> damaged.incrementAndGet();
        }
    }

    /** However it ended. */
    void leaves() {
        running.decrementAndGet();
    }

    RecoveryProgress now() {
        return new RecoveryProgress(found, opened.get(), running.get(), readBytes.sum(), cutBytes.sum(), damaged.get());
    }
}
