package io.wellspring.testing;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a program read of which file, as strace saw it. A mapping of a {@code .log} file is a failure: reads through it could not be seen.
 *
 * @param directory empty; strace writes there, a file for each thread
 */
public record TracedReads(Path directory) {
    private static final Pattern READ = Pattern.compile(
            "^(?:read|pread64|readv|preadv|preadv2|sendfile|copy_file_range)\\(.*<(/[^>]*)>.*= (\\d+)$");
    private static final Pattern MAPPING = Pattern.compile("^mmap\\(.*<(/[^>]*\\.log)>.*$");

    /** The command that goes before the program's; it leaves the program its process id. */
    public List<String> command() {
        return new Strace(directory).command("read,pread64,readv,preadv,preadv2,sendfile,copy_file_range,mmap");
    }

    /** Bytes read of each file so far. */
    public Map<Path, Long> soFar() throws IOException {
        Map<Path, Long> bytes = new HashMap<>();
        for (String line : new Strace(directory).calls()) {
            Matcher read = READ.matcher(line);
            if (MAPPING.matcher(line).matches()) {
                throw new AssertionError("a log is mapped: " + line);
            }
            if (read.matches()) {
                bytes.merge(Path.of(read.group(1)), Long.parseLong(read.group(2)), Long::sum);
            }
        }
        return bytes;
    }
}
