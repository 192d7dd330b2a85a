package io.wellspring.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wellspring.support.StartRefusedException;
import io.wellspring.testing.ManualTimers;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A stop while a thread still writes, because its disk does not answer. */
class UncleanStopTest {
    @TempDir
    Path directory;

    @Test
    void whatSomebodyMayStillWriteToGetsNoCleanMarkAndStaysLocked() throws IOException {
        Path data = directory.resolve("data");
        LogFiles disk = new DiskLogFiles();
        LogStore store = new LogStore(
                StoreFixture.properties(data),
                new NodeProperties(1),
                StoreFixture.environment(disk, new ManualTimers()));
        store.start();
        store.leaveUnclean();
        store.close();

        assertThat(data.resolve(LogDirectory.CLEAN_FILE)).doesNotExist();
        assertThatThrownBy(() -> new StoreFixture(disk, data).close())
                .as("the lock is kept until the process ends")
                .isInstanceOf(StartRefusedException.class);
    }

    @Test
    void otherwiseTheCleanMarkIsWrittenAndTheLockGivenBack() throws IOException {
        Path data = directory.resolve("data");
        LogFiles disk = new DiskLogFiles();
        LogStore store = new LogStore(
                StoreFixture.properties(data),
                new NodeProperties(1),
                StoreFixture.environment(disk, new ManualTimers()));
        store.start();
        store.close();

        assertThat(data.resolve(LogDirectory.CLEAN_FILE)).exists();
        new StoreFixture(disk, data).close();
    }
}
