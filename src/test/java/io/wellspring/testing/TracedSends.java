package io.wellspring.testing;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a program sent to its sockets, as strace saw it: from files by the kernel alone, or from its own memory.
 *
 * @param directory empty; strace writes there, a file for each thread
 */
public record TracedSends(Path directory) {
    private static final Pattern SENDFILE =
            Pattern.compile("^sendfile\\(\\d+<(?:socket|TCP)[^>]*>, \\d+<(/[^>]*)>.*= (\\d+)$");
    private static final Pattern COPY = Pattern.compile(
            "^(?:write|writev|pwritev|sendto|sendmsg|sendmmsg|splice|vmsplice|tee)\\(\\d+<(?:socket|TCP|pipe)[^>]*>.*= (\\d+)$");

    /**
     * Bytes sent.
     *
     * @param byKernel of {@code .log} files, with sendfile
     * @param fromMemory with every other call that can send
     */
    public record Bytes(long byKernel, long fromMemory) {}

    /** The command that goes before the program's; it leaves the program its process id. */
    public List<String> command() {
        return new Strace(directory)
                .command("sendfile,write,writev,pwritev,sendto,sendmsg,sendmmsg,splice,vmsplice,tee,io_uring_enter");
    }

    /** Bytes sent so far. */
    public Bytes soFar() throws IOException {
        long byKernel = 0;
        long fromMemory = 0;
        for (String line : new Strace(directory).calls()) {
            if (line.startsWith("io_uring_enter(")) {
                throw new AssertionError("what goes through a ring cannot be seen: " + line);
            }
            Matcher sendfile = SENDFILE.matcher(line);
            Matcher copy = COPY.matcher(line);
            if (sendfile.matches() && sendfile.group(1).endsWith(".log")) {
                byKernel += Long.parseLong(sendfile.group(2));
            } else if (copy.matches()) {
                fromMemory += Long.parseLong(copy.group(1));
            }
        }
        return new Bytes(byKernel, fromMemory);
    }
}
