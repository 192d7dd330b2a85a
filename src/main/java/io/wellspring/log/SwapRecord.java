package io.wellspring.log;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The file {@code <base offset>.swap}: the decision that one segment takes the place of others, which compaction makes before it renames any file. With it
 * a start finishes what a crash interrupted, and knows the sizes that the durable mark does not know yet; it goes once a mark with the new sizes is on
 * disk. Text, replaced in one step:
 *
 * <pre>
 *   wellspring-swap 1
 *   0:700             base offset:size of the segment that comes, complete under names that end in .cleaned
 *   2                 segments that go
 *   0:1000
 *   500:2000
 *   crc32c 1f2e3d4c   over all bytes before this line
 * </pre>
 *
 * Immutable.
 *
 * @param replaced the segments that go, oldest first
 * @param replacement the segment that comes; its base offset is that of the first one that goes
 */
record SwapRecord(List<DurableMark.Sealed> replaced, DurableMark.Sealed replacement) {
    static final String SUFFIX = ".swap";
    static final int MAX_SIZE_BYTES = 16 << 20;
    private static final String HEADER = "wellspring-swap 1";
    private static final String TRAILER = "crc32c ";

    SwapRecord {
        replaced = List.copyOf(replaced);
        if (replaced.isEmpty() || replaced.getFirst().baseOffset() != replacement.baseOffset()) {
            throw new IllegalArgumentException(replacement + " cannot take the place of " + replaced);
        }
    }

    Path path(Path directory) {
        return directory.resolve("%020d%s".formatted(replacement.baseOffset(), SUFFIX));
    }

    /** The mark as it is after the swap; the same one if it names none of the segments that go, or not all. */
    DurableMark in(DurableMark mark) {
        Set<DurableMark.Sealed> going = new HashSet<>(replaced);
        if (!new HashSet<>(mark.sealed()).containsAll(going)) {
            return mark;
        }
        List<DurableMark.Sealed> sealed = new ArrayList<>();
        for (DurableMark.Sealed one : mark.sealed()) {
            if (one.baseOffset() == replacement.baseOffset()) {
                sealed.add(replacement);
            } else if (!going.contains(one)) {
                sealed.add(one);
            }
        }
        return new DurableMark(
                mark.startOffset(),
                mark.endOffset(),
                mark.segmentBaseOffset(),
                mark.batchPosition(),
                mark.batchCrc(),
                mark.endPosition(),
                sealed);
    }

    /** The whole file, position 0. */
    ByteBuffer encode() {
        StringBuilder text = new StringBuilder();
        text.append(HEADER).append('\n');
        append(text, replacement);
        text.append(replaced.size()).append('\n');
        replaced.forEach(one -> append(text, one));
        String body = text.toString();
        return ByteBuffer.wrap((body + trailer(body)).getBytes(StandardCharsets.UTF_8));
    }

    private static void append(StringBuilder text, DurableMark.Sealed segment) {
        text.append(segment.baseOffset())
                .append(':')
                .append(segment.sizeBytes())
                .append('\n');
    }

    private static String trailer(String body) {
        CRC32C crc = new CRC32C();
        crc.update(body.getBytes(StandardCharsets.UTF_8));
        return TRAILER + HexFormat.of().toHexDigits(crc.getValue(), 8) + "\n";
    }

    /** @return null if it is damaged */
    static @Nullable SwapRecord decode(ByteBuffer file) {
        String text = StandardCharsets.UTF_8.decode(file.duplicate()).toString();
        int bodyEnd = text.lastIndexOf(TRAILER);
        String body = bodyEnd < 0 ? "" : text.substring(0, bodyEnd);
        if (bodyEnd < 0 || !text.substring(bodyEnd).equals(trailer(body))) {
            return null;
        }
        String[] lines = body.split("\n", -1);
        try {
            if (!lines[0].equals(HEADER) || lines.length != 4 + Integer.parseInt(lines[2])) {
                return null;
            }
            List<DurableMark.Sealed> replaced = new ArrayList<>();
            for (int i = 3; i < lines.length - 1; i++) {
                replaced.add(segment(lines[i]));
            }
            return new SwapRecord(replaced, segment(lines[1]));
        } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException damaged) {
            return null;
        }
    }

    private static DurableMark.Sealed segment(String line) {
        int colon = line.indexOf(':');
        return new DurableMark.Sealed(
                Long.parseLong(line, 0, Math.max(colon, 0), 10), Long.parseLong(line, colon + 1, line.length(), 10));
    }
}
