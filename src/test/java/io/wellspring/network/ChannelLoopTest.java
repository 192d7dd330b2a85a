package io.wellspring.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.DefaultEventLoop;
import io.wellspring.support.Timers.Cancellable;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
final class ChannelLoopTest {
    private static final long LONGEST_SECONDS = 30;

    private final DefaultEventLoop netty = new DefaultEventLoop();
    private final ChannelLoop loop = new ChannelLoop(netty);

    @AfterEach
    void end() {
        netty.shutdownGracefully(0, 0, TimeUnit.SECONDS).syncUninterruptibly();
    }

    @Test
    void runsLaterOnItsThread() {
        CompletableFuture<Boolean> ran = new CompletableFuture<>();
        loop.after(Duration.ofMillis(1), () -> ran.complete(netty.inEventLoop()));
        assertThat(ran.orTimeout(LONGEST_SECONDS, TimeUnit.SECONDS).join()).isTrue();
    }

    @Test
    void whatIsTakenBackOnItsThreadDoesNotRun() {
        AtomicBoolean ran = new AtomicBoolean();
        CompletableFuture<Void> later = new CompletableFuture<>();
        loop.execute(() -> {
            Cancellable task = loop.after(Duration.ZERO, () -> ran.set(true));
            task.cancel();
            loop.after(Duration.ofMillis(1), () -> later.complete(null));
        });
        later.orTimeout(LONGEST_SECONDS, TimeUnit.SECONDS).join();
        assertThat(ran).isFalse();
    }

    @Test
    void whatATaskThrowsIsLogged(CapturedOutput output) {
        CompletableFuture<Void> later = new CompletableFuture<>();
        loop.after(Duration.ZERO, () -> {
            throw new AssertionError("thrown by a test");
        });
        loop.after(Duration.ofMillis(1), () -> later.complete(null));
        later.orTimeout(LONGEST_SECONDS, TimeUnit.SECONDS).join();
        assertThat(output.getAll()).contains("A timer's task failed", "thrown by a test");
    }

    @Test
    void afterItsEndNothingIsHeard() {
        netty.shutdownGracefully(0, 0, TimeUnit.SECONDS).syncUninterruptibly();
        AtomicBoolean ran = new AtomicBoolean();
        Cancellable task = loop.after(Duration.ZERO, () -> ran.set(true));
        task.cancel();
        assertThat(ran).isFalse();
    }
}
