package io.wellspring.log;

import io.wellspring.batch.RecordBatch;
import java.util.ArrayList;
import java.util.List;

/** Derives from a log the list of its batches, so that one too few, too many or of another history shows. */
final class BatchList implements DerivedState {
    /** Base offset and checksum of each, oldest first. */
    final List<String> batches = new ArrayList<>();

    /** Batches that were shown after the snapshot. */
    int replayed;

    /** Offset of the snapshot that it began with. */
    long restoredAt = -1L;

    static String batch(long baseOffset, long crc) {
        return baseOffset + " " + crc;
    }

    @Override
    public void restore(long offset, List<ProducerSnapshot.Entry> entries) {
        batches.clear();
        entries.forEach(entry -> batches.add(batch(entry.lastOffset(), entry.timestampMs())));
        restoredAt = offset;
        replayed = 0;
    }

    @Override
    public void replay(RecordBatch batch) {
        batches.add(batch(batch.baseOffset(), batch.crc()));
        replayed++;
    }

    @Override
    public List<ProducerSnapshot.Entry> snapshot() {
        List<ProducerSnapshot.Entry> entries = new ArrayList<>();
        for (String batch : batches) {
            String[] words = batch.split(" ", -1);
            entries.add(new ProducerSnapshot.Entry(
                    1L, (short) 0, 0, Long.parseLong(words[0]), 0, Long.parseLong(words[1]), 0, -1L));
        }
        return entries;
    }
}
