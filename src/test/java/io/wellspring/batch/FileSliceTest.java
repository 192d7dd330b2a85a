package io.wellspring.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FileSliceTest {
    @TempDir
    Path directory;

    private final AtomicInteger released = new AtomicInteger();

    @Test
    void lastHolderReleasesOnce() throws IOException {
        try (FileChannel channel = file("0123456789")) {
            FileSlice slice = new FileSlice(channel, 0, 10, released::incrementAndGet);
            slice.retain();
            slice.release();
            assertThat(released).hasValue(0);
            slice.release();
            assertThat(released).hasValue(1);
            assertThatThrownBy(slice::release).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(slice::retain).isInstanceOf(IllegalStateException.class);
            assertThat(released).hasValue(1);
        }
    }

    @Test
    void whatWasJustWrittenIsInThePageCache() throws IOException {
        try (FileChannel channel = file("0123456789")) {
            FileSlice slice = new FileSlice(channel, 3, 5, released::incrementAndGet);
            assertThat(slice.isCached(1, 4)).isTrue();
            assertThat(slice.isCached(0, 0)).isTrue();
        }
    }

    @Test
    void holdersOnManyThreadsReleaseOnce() throws Exception {
        try (FileChannel channel = file("x");
                ExecutorService threads = Executors.newFixedThreadPool(4)) {
            for (int round = 0; round < 200; round++) {
                released.set(0);
                FileSlice slice = new FileSlice(channel, 0, 1, released::incrementAndGet);
                CountDownLatch go = new CountDownLatch(1);
                var holders = IntStream.range(0, 4)
                        .mapToObj(i -> {
                            slice.retain();
                            return threads.submit(() -> {
                                go.await();
                                slice.retain().release();
                                slice.release();
                                return true;
                            });
                        })
                        .toList();
                go.countDown();
                slice.release();
                for (Future<Boolean> holder : holders) {
                    assertThat(holder.get()).isTrue();
                }
                assertThat(released).hasValue(1);
            }
        }
    }

    @Test
    void readsItsRangeAndNothingElse() throws IOException {
        try (FileChannel channel = file("0123456789")) {
            FileSlice slice = new FileSlice(channel, 2, 5, released::incrementAndGet);
            ByteBuffer large = ByteBuffer.allocate(20);
            assertThat(slice.read(large, 1)).isEqualTo(4);
            assertThat(large.flip()).isEqualTo(ascii("3456"));
            ByteBuffer small = ByteBuffer.allocate(2);
            assertThat(slice.read(small, 0)).isEqualTo(2);
            assertThat(small.flip()).isEqualTo(ascii("23"));
            assertThat(slice.read(small, 5)).isZero();
        }
    }

    @Test
    void fileThatEndsInsideTheSliceIsAnError() throws IOException {
        try (FileChannel channel = file("0123")) {
            FileSlice slice = new FileSlice(channel, 2, 5, released::incrementAndGet);
            assertThatThrownBy(() -> slice.read(ByteBuffer.allocate(5), 0)).isInstanceOf(IOException.class);
        }
    }

    private FileChannel file(String content) throws IOException {
        return FileChannel.open(Files.writeString(directory.resolve("file"), content));
    }

    private static ByteBuffer ascii(String text) {
        return ByteBuffer.wrap(text.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    }
}
