package io.wellspring.testing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The class paths of the programs in {@code src/test/programs}, which the build writes. */
public final class ProgramClassPath {
    private ProgramClassPath() {}

    /** @param program the name of its directory */
    public static String of(String program) throws IOException {
        Path file = Path.of(System.getProperty("test.class.paths", "target"), program + ".classpath");
        if (!Files.exists(file)) {
            throw new IllegalStateException(file + " is missing: run the test through `mvn verify`, which writes it");
        }
        return Files.readString(file, StandardCharsets.UTF_8).strip();
    }
}
