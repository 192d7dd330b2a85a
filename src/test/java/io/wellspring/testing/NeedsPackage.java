package io.wellspring.testing;

import java.io.File;
import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.List;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * The test drives a program that a Debian package brings; where the program is missing the test is skipped and says which
 * package it needs. {@code .ci/run} installs the packages and fails if a test was skipped for this reason.
 */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@Repeatable(NeedsPackage.All.class)
@ExtendWith(NeedsPackage.Condition.class)
public @interface NeedsPackage {
    /** The Debian package, such as {@code kcat}. */
    String value();

    /** A file that the package brings: a program's name to look for on PATH, or an absolute path. */
    String provides();

    /** Several packages. */
    @Target({ElementType.TYPE, ElementType.METHOD})
    @Retention(RetentionPolicy.RUNTIME)
    @ExtendWith(NeedsPackage.Condition.class)
    @interface All {
        NeedsPackage[] value();
    }

    /** Looks for what the packages provide. */
    final class Condition implements ExecutionCondition {
        @Override
        public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
            List<NeedsPackage> needs = context.getElement()
                    .map(element -> AnnotationSupport.findRepeatableAnnotations(element, NeedsPackage.class))
                    .orElse(List.of());
            for (NeedsPackage need : needs) {
                if (!isThere(need.provides())) {
                    return ConditionEvaluationResult.disabled("needs the Debian package " + need.value());
                }
            }
            return ConditionEvaluationResult.enabled("everything it needs is there");
        }

        private static boolean isThere(String provided) {
            if (provided.startsWith("/")) {
                return new File(provided).exists();
            }
            for (String directory : System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1)) {
                if (new File(directory, provided).canExecute()) {
                    return true;
                }
            }
            return false;
        }
    }
}
