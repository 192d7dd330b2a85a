package io.wellspring.management;

import java.net.BindException;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.web.server.PortInUseException;
import org.springframework.boot.web.server.WebServerException;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/** The management port cannot be opened: taken, not allowed, or an address that is not this machine's. */
@Order(Ordered.HIGHEST_PRECEDENCE + 3)
public final class ManagementPortAnalyzer extends AbstractFailureAnalyzer<WebServerException> {
    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, WebServerException cause) {
        if (cause instanceof PortInUseException taken) {
            return new FailureAnalysis(
                    "the management port " + taken.getPort() + " is taken by another process.",
                    "Stop that process, or choose another port with management.server.port (0: any free one).",
                    cause);
        }
        return new FailureAnalysis(
                "the management server cannot listen: " + reason(cause),
                "Check management.server.address (an address of this machine) and management.server.port (ports below 1024"
                        + " need a privilege).",
                cause);
    }

    private static @Nullable String reason(WebServerException cause) {
        String reason = cause.getMessage();
        for (Throwable at = cause.getCause(); at != null; at = at.getCause()) {
            reason = at.getMessage();
            if (at instanceof BindException) {
                break;
            }
        }
        return reason;
    }
}
