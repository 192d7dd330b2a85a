package io.wellspring.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A disk that is full, or broken. */
final class PartitionLogFailureTest {
    @TempDir
    Path directory;

    private final FailingFiles files = new FailingFiles();

    @Test
    void anAppendThatFindsNoRoomLeavesTheLogAsItWasAndMaySucceedLater() throws IOException {
        try (LogFixture fixture = fixture()) {
            fixture.append(1, 20);
            long size = fixture.log.sizeBytes();
            files.writeFailure = "No space left on device";

            assertThatThrownBy(() -> fixture.append(1, 200)).isInstanceOf(DiskFullException.class);

            assertThat(fixture.log.isOffline()).isFalse();
            assertThat(fixture.log.endOffset()).isEqualTo(1);
            assertThat(Files.size(fixture.directory().resolve("00000000000000000000.log")))
                    .isEqualTo(size);
            files.writeFailure = null;
            assertThat(fixture.append(1, 20)).isEqualTo(1);
        }
    }

    @Test
    void aRollThatFindsNoRoomMaySucceedLater() throws IOException {
        try (LogFixture fixture = fixture()) {
            fixture.append(1, 20);
            files.writeFailure = "No space left on device";
            assertThatThrownBy(() -> fixture.log.roll()).isInstanceOf(DiskFullException.class);
            assertThat(fixture.log.segmentCount()).isEqualTo(1);

            files.writeFailure = null;
            fixture.log.roll();

            assertThat(fixture.log.segmentCount()).isEqualTo(2);
            assertThat(fixture.log.isOffline()).isFalse();
        }
    }

    @Test
    void aWriteThatFailsOtherwiseTakesTheLogOffline() throws IOException {
        try (LogFixture fixture = fixture()) {
            fixture.append(1, 20);
            files.writeFailure = "Input/output error";

            assertThatThrownBy(() -> fixture.append(1, 20)).hasMessage("Input/output error");

            files.writeFailure = null;
            assertThat(fixture.log.isOffline()).isTrue();
            assertThat(fixture.keeper.calls).containsExactly("offline");
            assertThatThrownBy(() -> fixture.append(1, 20)).hasMessageContaining("offline");
            assertThat(fixture.log.read(0, 1, 1 << 20, true)).isEqualTo(new LogRead(null, false));
        }
    }

    @Test
    void aForceThatFailsIsNeverRepeated() throws IOException {
        try (LogFixture fixture = fixture()) {
            fixture.append(1, 20);
            files.forceFailure = "Input/output error";
            assertThatThrownBy(() -> fixture.log.flush()).hasMessage("Input/output error");
            files.forceFailure = null;
            int forces = files.forces;

            assertThatThrownBy(() -> fixture.log.flush()).hasMessageContaining("offline");
            fixture.log.close();

            assertThat(files.forces).isEqualTo(forces);
            assertThat(fixture.log.flushedOffset()).isZero();
        }
    }

    @Test
    void aSecondFlushOfTheSameBytesDoesNothing() throws IOException {
        try (LogFixture fixture = fixture()) {
            fixture.append(1, 20);
            fixture.log.flush();
            int forces = files.forces;

            fixture.log.flush();

            assertThat(files.forces).isEqualTo(forces);
            assertThat(fixture.log.flushedOffset()).isEqualTo(1);
        }
    }

    private LogFixture fixture() throws IOException {
        return new LogFixture(directory, LogFixture.settings(1 << 20, 10), new OpenFiles(100), files);
    }

    /** The real disk, with failures to be had. A write that fails leaves half of its bytes. */
    private static final class FailingFiles extends ForwardingFiles {
        @Nullable
        String writeFailure;

        @Nullable
        String forceFailure;

        int forces;

        @Override
        public LogFile create(Path path) throws IOException {
            return new FailingFile(super.create(path));
        }

        @Override
        public LogFile open(Path path) throws IOException {
            return new FailingFile(super.open(path));
        }

        private final class FailingFile implements LogFile {
            private final LogFile file;

            FailingFile(LogFile file) {
                this.file = file;
            }

            @Override
            public Path path() {
                return file.path();
            }

            @Override
            public long write(List<ByteBuffer> buffers, long position) throws IOException {
                ByteBuffer first = buffers.getFirst();
                failWrite(first, position);
                return file.write(buffers, position);
            }

            @Override
            public void write(ByteBuffer buffer, long position) throws IOException {
                failWrite(buffer, position);
                file.write(buffer, position);
            }

            private void failWrite(ByteBuffer buffer, long position) throws IOException {
                String failure = writeFailure;
                if (failure != null) {
                    file.write(buffer.slice(buffer.position(), buffer.remaining() / 2), position);
                    throw new IOException(failure);
                }
            }

            @Override
            public int read(ByteBuffer target, long position) throws IOException {
                return file.read(target, position);
            }

            @Override
            public void force() throws IOException {
                forces++;
                String failure = forceFailure;
                if (failure != null) {
                    throw new IOException(failure);
                }
                file.force();
            }

            @Override
            public void resize(long sizeBytes) throws IOException {
                file.resize(sizeBytes);
            }

            @Override
            public long size() throws IOException {
                return file.size();
            }

            @Override
            public FileChannel channel() {
                return file.channel();
            }

            @Override
            public MemorySegment map(long position, long sizeBytes, Arena arena) throws IOException {
                return file.map(position, sizeBytes, arena);
            }

            @Override
            public void close() throws IOException {
                file.close();
            }
        }
    }

    @Test
    void aLogThatRecoveryRefusedServesNothingAndTouchesNoFile() throws IOException {
        try (LogFixture fixture = fixture()) {
            PartitionLog damaged = PartitionLog.damaged(
                    fixture.surroundings, fixture.place, fixture.settings, fixture.derived, "a bit has rotted");

            assertThat(damaged.isOffline()).isTrue();
            assertThat(damaged.offlineReason()).isEqualTo("a bit has rotted");
            assertThat(damaged.durableMark()).isNull();
            assertThatThrownBy(damaged::roll).hasMessageContaining("a bit has rotted");
            damaged.close();
            assertThat(Objects.requireNonNull(fixture.directory().toFile().list()))
                    .hasSize(1);
        }
    }
}
