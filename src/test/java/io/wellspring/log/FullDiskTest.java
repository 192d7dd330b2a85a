package io.wellspring.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A volume on which not a byte is free. */
class FullDiskTest {
    @TempDir
    Path directory;

    /** Neither the moved start nor the marks can be written, and still there must be more room afterwards; a kill then loses nothing. */
    @Test
    void retentionMakesRoomOnADiskWithoutAFreeByte() throws IOException {
        AtomicBoolean isFull = new AtomicBoolean();
        LogFiles files = new ForwardingFiles() {
            @Override
            public void replace(Path path, ByteBuffer content) throws IOException {
                if (isFull.get()) {
                    throw new IOException("No space left on device");
                }
                super.replace(path, content);
            }
        };
        OrderedThreads late = new OrderedThreads(true);
        StoreFixture first = new StoreFixture(late, files, directory);
        PartitionLog log = first.create(StoreFixture.ORDERS);
        while (log.segmentCount() < 4) {
            StoreFixture.append(log, 2);
        }
        log.flush();
        first.writeMarks();
        LogSettings small = StoreFixture.settings(2000);
        log.configure(new LogSettings(
                small.segmentBytes(),
                small.segmentMs(),
                0L,
                small.indexBytes(),
                small.indexIntervalBytes(),
                2500L,
                -1L,
                0L,
                Long.MAX_VALUE,
                Long.MAX_VALUE,
                true,
                false,
                false));
        long before = logBytes(log.directory());
        isFull.set(true);

        assertThat(log.applyRetention(log.endOffset())).isPositive();
        late.run();

        long start = log.startOffset();
        assertThat(log.isOffline()).isFalse();
        assertThat(start).isPositive();
        assertThat(logBytes(log.directory())).isEqualTo(log.sizeBytes()).isLessThan(before);
        long end = log.endOffset();
        first.kill();

        StoreFixture second = new StoreFixture(new DiskLogFiles(), directory);
        log = second.open(StoreFixture.ORDERS);
        assertThat(log.offlineReason()).isNull();
        assertThat(log.startOffset()).isEqualTo(start);
        assertThat(log.endOffset()).isEqualTo(end);
        second.kill();
    }

    private static long logBytes(Path partitionDirectory) throws IOException {
        long bytes = 0;
        try (var found = Files.list(partitionDirectory)) {
            for (Path file : found.toList()) {
                bytes += file.toString().contains(".log") ? Files.size(file) : 0;
            }
        }
        return bytes;
    }
}
