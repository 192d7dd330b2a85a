package io.wellspring.management;

import java.io.PrintStream;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalysisReporter;
import org.springframework.boot.diagnostics.LoggingFailureAnalysisReporter;
import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.util.StringUtils;

/**
 * Says why the start failed, once, on standard error: also where logging is switched off or not yet set up. It comes before
 * Spring Boot's own report, which goes to the log, and silences that: two messages are not clearer than one.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
public final class StandardErrorReporter implements FailureAnalysisReporter {
    private final PrintStream output;

    /** Made by Spring Boot. */
    public StandardErrorReporter() {
        this(System.err);
    }

    StandardErrorReporter(PrintStream output) {
        this.output = output;
    }

    @Override
    public void report(FailureAnalysis analysis) {
        LoggingSystem.get(getClass().getClassLoader())
                .setLogLevel(LoggingFailureAnalysisReporter.class.getName(), LogLevel.OFF);
        StringBuilder text = new StringBuilder("Wellspring does not start: ").append(analysis.getDescription());
        if (StringUtils.hasText(analysis.getAction())) {
            text.append(System.lineSeparator()).append("What to do: ").append(analysis.getAction());
        }
        output.println(text);
        output.flush();
    }
}
