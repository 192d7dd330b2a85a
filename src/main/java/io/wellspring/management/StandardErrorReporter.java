package io.wellspring.management;

import java.io.PrintStream;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalysisReporter;
import org.springframework.util.StringUtils;

/**
 * Says why the start failed, once, on standard error: also where logging is switched off or not yet set up. Spring Boot's own
 * report through the log is switched off in {@code application.yml}.
 */
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
        StringBuilder text = new StringBuilder("Wellspring does not start: ").append(analysis.getDescription());
        if (StringUtils.hasText(analysis.getAction())) {
            text.append(System.lineSeparator()).append("What to do: ").append(analysis.getAction());
        }
        output.println(text);
        output.flush();
    }
}
