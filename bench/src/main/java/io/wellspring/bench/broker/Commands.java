package io.wellspring.bench.broker;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Runs programs to their end. */
public final class Commands {
    private Commands() {}

    /**
     * Runs a program, which must succeed.
     *
     * @return what it printed
     */
    public static String run(List<String> command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output;
        try (InputStream stream = process.getInputStream()) {
            output = new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        }
        int code = Waiting.interruptibly(process::waitFor);
        if (code != 0) {
            throw new IOException(String.join(" ", command) + " ended with " + code + ":\n" + output);
        }
        return output;
    }
}
