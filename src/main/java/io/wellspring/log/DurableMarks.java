package io.wellspring.log;

import io.wellspring.model.TopicId;
import io.wellspring.model.TopicPartition;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The file {@code durable-marks} of a log directory: the {@link DurableMark} of each of its logs. Text, one line for each log,
 * fields with one space between them, lines end with a line feed:
 *
 * <pre>
 *   wellspring-durable-marks 2
 *   2                                      logs that follow
 *   orders 0 MNnrvQQ7Tc2CpSRZRcoV7w 0 4711 4000 81920 9c3e01ff 82416 2 0:1048570 2000:1048123 19 7bd1c0de 17 00a1b2c3 1700000000000 4710 96
 *   orders 1 MNnrvQQ7Tc2CpSRZRcoV7w 0 0 0 -1 00000000 0 0
 *   crc32c 1f2e3d4c                        over all bytes before this line
 * </pre>
 *
 * The fields: topic, partition, topic id, start offset, end offset, base offset of the mark's segment, position of the last
 * batch in it (-1: none), that batch's own CRC (hex), position where it ends, number of sealed segments, and for each of those
 * {@code base offset:size}. Then, unless the indexes of the mark's segment are to be made anew, an {@link IndexMark}: rows of the offset
 * index and their CRC32C (hex), rows of the time index and their CRC32C, the largest timestamp below the mark and the last offset of the first batch
 * that has it, and the bytes that count towards the next row. Version 1 had no index marks. The file is replaced in one step; one whose checksum is wrong counts as missing. Threads: any.
 */
final class DurableMarks {
    static final String FILE_NAME = "durable-marks";

    /** Far above what 100,000 logs need; a larger file is not ours. */
    static final int MAX_SIZE_BYTES = 512 << 20;

    private static final String HEADER = "wellspring-durable-marks 2";
    private static final String FIRST_HEADER = "wellspring-durable-marks 1";
    private static final String TRAILER = "crc32c ";
    private static final int TRAILER_SIZE_BYTES = TRAILER.length() + 8 + 1;
    private static final int FIXED_FIELDS = 10;
    private static final int INDEX_FIELDS = 7;

    private DurableMarks() {}

    /**
     * A mark and the topic it belongs to: a topic deleted and made again under the same name has another id.
     *
     * @param topicId of the topic
     * @param checkpoint of the log
     */
    record Entry(TopicId topicId, Checkpoint checkpoint) {}

    /** The whole file, position 0. */
    static ByteBuffer encode(Map<TopicPartition, Entry> marks) {
        StringBuilder text = new StringBuilder(64 + 128 * marks.size());
        text.append(HEADER).append('\n').append(marks.size()).append('\n');
        marks.forEach((partition, entry) -> {
            DurableMark mark = entry.checkpoint().mark();
            text.append(partition.topic()).append(' ').append(partition.partition());
            text.append(' ').append(entry.topicId()).append(' ').append(mark.startOffset());
            text.append(' ').append(mark.endOffset()).append(' ').append(mark.segmentBaseOffset());
            text.append(' ')
                    .append(mark.batchPosition())
                    .append(' ')
                    .append(HexFormat.of().toHexDigits(mark.batchCrc(), 8));
            text.append(' ')
                    .append(mark.endPosition())
                    .append(' ')
                    .append(mark.sealed().size());
            for (DurableMark.Sealed sealed : mark.sealed()) {
                text.append(' ').append(sealed.baseOffset()).append(':').append(sealed.sizeBytes());
            }
            IndexMark indexes = entry.checkpoint().indexes();
            if (indexes != null) {
                append(text, indexes);
            }
            text.append('\n');
        });
        byte[] body = text.toString().getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(body.length + TRAILER_SIZE_BYTES)
                .put(body)
                .put(trailer(ByteBuffer.wrap(body)))
                .flip();
    }

    private static void append(StringBuilder text, IndexMark indexes) {
        HexFormat hex = HexFormat.of();
        text.append(' ').append(indexes.offsetRows()).append(' ').append(hex.toHexDigits(indexes.offsetCrc(), 8));
        text.append(' ').append(indexes.timeRows()).append(' ').append(hex.toHexDigits(indexes.timeCrc(), 8));
        text.append(' ').append(indexes.largest().timestampMs());
        text.append(' ').append(indexes.largest().lastOffset());
        text.append(' ').append(indexes.bytesSinceRow());
    }

    /** The checksum that the file ends with, as text: it ties the clean mark to this very file. */
    static String checksum(ByteBuffer file) {
        return new String(
                        trailer(file.slice(0, Math.max(0, file.limit() - TRAILER_SIZE_BYTES))), StandardCharsets.UTF_8)
                .strip();
    }

    /**
     * Reads a whole file.
     *
     * @return null if it is torn or damaged
     */
    static @Nullable Map<TopicPartition, Entry> decode(ByteBuffer file) {
        int bodySize = file.limit() - TRAILER_SIZE_BYTES;
        if (bodySize < 0
                || !ByteBuffer.wrap(trailer(file.slice(0, bodySize)))
                        .equals(file.slice(bodySize, TRAILER_SIZE_BYTES))) {
            return null;
        }
        String[] lines = StandardCharsets.UTF_8
                .decode(file.slice(0, bodySize))
                .toString()
                .split("\n", -1);
        if (lines.length < 3 || (!lines[0].equals(HEADER) && !lines[0].equals(FIRST_HEADER))) {
            return null;
        }
        Map<TopicPartition, Entry> marks = new HashMap<>();
        try {
            if (Integer.parseInt(lines[1]) != lines.length - 3) {
                return null;
            }
            for (int i = 2; i < lines.length - 1; i++) {
                readLine(lines[i].split(" ", -1), marks);
            }
        } catch (IllegalArgumentException damaged) {
            return null;
        }
        return marks;
    }

    private static void readLine(String[] fields, Map<TopicPartition, Entry> marks) {
        int marked = fields.length < FIXED_FIELDS ? 0 : FIXED_FIELDS + Integer.parseInt(fields[9]);
        if (marked < FIXED_FIELDS || (fields.length != marked && fields.length != marked + INDEX_FIELDS)) {
            throw new IllegalArgumentException("fields: " + fields.length);
        }
        List<DurableMark.Sealed> sealed = new ArrayList<>(marked - FIXED_FIELDS);
        for (int i = FIXED_FIELDS; i < marked; i++) {
            int colon = fields[i].indexOf(':');
            sealed.add(new DurableMark.Sealed(
                    Long.parseLong(fields[i], 0, Math.max(colon, 0), 10),
                    Long.parseLong(fields[i], colon + 1, fields[i].length(), 10)));
        }
        marks.put(
                new TopicPartition(fields[0], Integer.parseInt(fields[1])),
                new Entry(
                        TopicId.parse(fields[2]),
                        new Checkpoint(
                                new DurableMark(
                                        Long.parseLong(fields[3]),
                                        Long.parseLong(fields[4]),
                                        Long.parseLong(fields[5]),
                                        Long.parseLong(fields[6]),
                                        HexFormat.fromHexDigitsToLong(fields[7]),
                                        Long.parseLong(fields[8]),
                                        sealed),
                                fields.length == marked ? null : indexes(fields, marked))));
    }

    private static IndexMark indexes(String[] fields, int from) {
        return new IndexMark(
                Integer.parseInt(fields[from]),
                HexFormat.fromHexDigitsToLong(fields[from + 1]),
                Integer.parseInt(fields[from + 2]),
                HexFormat.fromHexDigitsToLong(fields[from + 3]),
                new TimeIndex.Entry(Long.parseLong(fields[from + 4]), Long.parseLong(fields[from + 5])),
                Long.parseLong(fields[from + 6]));
    }

    private static byte[] trailer(ByteBuffer body) {
        CRC32C crc = new CRC32C();
        crc.update(body.duplicate());
        return (TRAILER + HexFormat.of().toHexDigits(crc.getValue(), 8) + "\n").getBytes(StandardCharsets.UTF_8);
    }
}
