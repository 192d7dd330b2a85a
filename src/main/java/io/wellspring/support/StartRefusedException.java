package io.wellspring.support;

import org.jspecify.annotations.Nullable;

/** A start that cannot succeed: says what is wrong, and what to do. The process ends with a non-zero code and this message alone. */
public final class StartRefusedException extends RuntimeException {
    private final String remedy;

    /**
     * @param problem one sentence that names the property and its value, or the file
     * @param remedy one sentence that says what to do
     */
    public StartRefusedException(String problem, String remedy) {
        this(problem, remedy, null);
    }

    public StartRefusedException(String problem, String remedy, @Nullable Throwable cause) {
        super(problem, cause);
        this.remedy = remedy;
    }

    public String remedy() {
        return remedy;
    }
}
