package io.wellspring.batch;

import io.wellspring.batch.UnreadableRecordsException.Reason;
import io.wellspring.batch.compression.DecompressionBounds;
import io.wellspring.batch.compression.Decompressor;
import io.wellspring.model.CompressionType;
import io.wellspring.model.TimestampType;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Walks the records of one batch without an object per record and checks their structure: every size lies inside its
 * record, every record inside the batch, and there are as many as the header says and nothing else. What the accessors
 * give belongs to the record of the last {@link #next}; buffers they give are valid until the next call of {@link #next}
 * or {@link #close}. Threads: one.
 *
 * <p>Layout of a record (Kafka's protocol guide, "Record"); varint and varlong are zigzag:
 *
 * <pre>
 *   length varint | attributes int8 | timestampDelta varlong | offsetDelta varint
 *   | keyLength varint | key | valueLength varint | value
 *   | headerCount varint | (keyLength varint | key | valueLength varint | value)*
 * </pre>
 */
public final class RecordCursor implements AutoCloseable {
    /** A record without key, value and headers, its length field not counted. */
    private static final int MIN_BODY_BYTES = 6;

    private final RecordBatch batch;
    private final RecordInput input;
    private final boolean keepsValues;
    private final int maxRecordBytes;
    private final int recordCount;
    private int read;
    private int sizeBytes;
    private int bodyPosition;
    private int bodySizeBytes;
    private long timestampDelta;
    private int offsetDelta;
    private int keyPosition;
    private int keySizeBytes = -1;
    private int valuePosition;
    private int valueSizeBytes = -1;
    private int headersPosition;
    private int headersEnd;
    private int headerCount;

    private RecordCursor(RecordBatch batch, RecordInput input, boolean keepsValues, int maxRecordBytes) {
        this.batch = batch;
        this.input = input;
        this.keepsValues = keepsValues;
        this.maxRecordBytes = maxRecordBytes;
        this.recordCount = batch.recordCount();
    }

    /**
     * A cursor before the first record. Close it: it may hold the memory of a decompressor.
     *
     * @param batch {@link RecordBatch#isComplete complete}; its CRC is not looked at
     */
    public static RecordCursor over(RecordBatch batch, DecompressionBounds bounds) throws UnreadableRecordsException {
        return new RecordCursor(batch, input(batch, bounds, null), true, Integer.MAX_VALUE);
    }

    /**
     * A cursor that skips keys, values and headers where they are compressed: {@link #key}, {@link #value}, {@link #headers}
     * must not be asked for.
     *
     * @param maxRecordBytes a larger record of a compressed batch is malformed
     * @param tee is shown every piece that comes out of the decompressor
     */
    static RecordCursor structure(
            RecordBatch batch, DecompressionBounds bounds, int maxRecordBytes, @Nullable Consumer<ByteBuffer> tee)
            throws UnreadableRecordsException {
        boolean compressed = batch.compressionId() != CompressionType.NONE.id();
        return new RecordCursor(
                batch, input(batch, bounds, tee), false, compressed ? maxRecordBytes : Integer.MAX_VALUE);
    }

    private static RecordInput input(RecordBatch batch, DecompressionBounds bounds, @Nullable Consumer<ByteBuffer> tee)
            throws UnreadableRecordsException {
        int id = batch.compressionId();
        if (id > CompressionType.ZSTD.id()) {
            throw new UnreadableRecordsException(Reason.UNKNOWN_CODEC, "no codec has the number " + id);
        }
        CompressionType type = CompressionType.ofId(id);
        return type == CompressionType.NONE
                ? batch.plainRecords()
                : RecordInput.compressed(Decompressor.open(type, batch.recordBytes(), bounds), tee);
    }

    /** All records as values; key, value and headers stay valid. */
    public static List<BatchRecord> records(RecordBatch batch, DecompressionBounds bounds)
            throws UnreadableRecordsException {
        List<BatchRecord> records = new ArrayList<>();
        try (RecordCursor cursor = over(batch, bounds)) {
            while (cursor.next()) {
                records.add(cursor.toRecord());
            }
        }
        return records;
    }

    /** Goes to the next record; false after the last, when nothing more than the declared records was found. */
    public boolean next() throws UnreadableRecordsException {
        if (read >= recordCount) {
            if (recordCount < 0 || !input.isExhausted()) {
                throw RecordInput.malformed("the batch holds more than the " + recordCount + " records it declares");
            }
            return false;
        }
        int body = input.readVarint();
        if (body < MIN_BODY_BYTES) {
            throw RecordInput.malformed("a record has the length " + body);
        }
        if (body > maxRecordBytes) {
            throw RecordInput.malformed(
                    "a record of " + body + " bytes is larger than the allowed " + maxRecordBytes + " bytes");
        }
        if (keepsValues) {
            input.gather(body);
        }
        bodyPosition = input.position();
        bodySizeBytes = body;
        long end = input.consumed() + body;
        input.readByte();
        timestampDelta = input.readVarlong();
        offsetDelta = input.readVarint();
        keySizeBytes = readSize(end, true);
        keyPosition = input.position();
        input.skip(Math.max(keySizeBytes, 0));
        valueSizeBytes = readSize(end, true);
        valuePosition = input.position();
        input.skip(Math.max(valueSizeBytes, 0));
        headerCount = readSize(end, false);
        headersPosition = input.position();
        for (int i = 0; i < headerCount; i++) {
            input.skip(readSize(end, false));
            input.skip(Math.max(readSize(end, true), 0));
        }
        headersEnd = input.position();
        if (input.consumed() != end) {
            throw RecordInput.malformed("a record is not as long as it says");
        }
        sizeBytes = body + GrowingOutput.sizeOfVarint(body);
        read++;
        return true;
    }

    /** A size or count of something in the record that ends at {@code end}; each header takes a byte at least. */
    private int readSize(long end, boolean nullable) throws UnreadableRecordsException {
        int size = input.readVarint();
        if (size < (nullable ? -1 : 0) || size > end - input.consumed()) {
            throw RecordInput.malformed("a key, value or header has the length " + size);
        }
        return size;
    }

    public int offsetDelta() {
        return offsetDelta;
    }

    public long offset() {
        return batch.baseOffset() + offsetDelta;
    }

    public long timestampDelta() {
        return timestampDelta;
    }

    /** What a consumer sees: the batch's time if the broker set it, else the producer's. */
    public long timestampMs() {
        return batch.timestampType() == TimestampType.LOG_APPEND_TIME
                ? batch.maxTimestamp()
                : batch.baseTimestamp() + timestampDelta;
    }

    /** Sequence of the record, -1 without an idempotent producer. */
    public int sequence() {
        int base = batch.baseSequence();
        return base < 0 ? RecordBatch.NO_SEQUENCE : RecordBatch.addToSequence(base, offsetDelta);
    }

    /** Bytes of the record, its length field included. */
    public int sizeBytes() {
        return sizeBytes;
    }

    /** All bytes of the record but its length field. */
    ByteBuffer body() {
        return input.slice(bodyPosition, bodySizeBytes);
    }

    public boolean hasKey() {
        return keySizeBytes >= 0;
    }

    /** -1: null. */
    public int keySizeBytes() {
        return keySizeBytes;
    }

    public boolean hasValue() {
        return valueSizeBytes >= 0;
    }

    /** -1: null, in a compacted topic a tombstone. */
    public int valueSizeBytes() {
        return valueSizeBytes;
    }

    public @Nullable ByteBuffer key() {
        return keySizeBytes < 0 ? null : input.slice(keyPosition, keySizeBytes);
    }

    public @Nullable ByteBuffer value() {
        return valueSizeBytes < 0 ? null : input.slice(valuePosition, valueSizeBytes);
    }

    public int headerCount() {
        return headerCount;
    }

    /** Decoded at each call. */
    public List<RecordHeader> headers() throws UnreadableRecordsException {
        if (headerCount == 0) {
            return List.of();
        }
        RecordInput bytes = RecordInput.plain(input.slice(headersPosition, headersEnd - headersPosition));
        List<RecordHeader> headers = new ArrayList<>(Math.min(headerCount, 64));
        for (int i = 0; i < headerCount; i++) {
            int keySize = bytes.readVarint();
            String key = StandardCharsets.UTF_8
                    .decode(bytes.slice(bytes.position(), keySize))
                    .toString();
            bytes.skip(keySize);
            int valueSize = bytes.readVarint();
            headers.add(new RecordHeader(key, valueSize < 0 ? null : bytes.slice(bytes.position(), valueSize)));
            bytes.skip(Math.max(valueSize, 0));
        }
        return headers;
    }

    /** The record as a value that stays valid. */
    public BatchRecord toRecord() throws UnreadableRecordsException {
        boolean shared = batch.compressionId() == CompressionType.NONE.id();
        List<RecordHeader> headers = headers();
        if (!shared) {
            headers = headers.stream()
                    .map(header -> new RecordHeader(header.key(), copy(header.value())))
                    .toList();
        }
        return new BatchRecord(
                offset(),
                timestampMs(),
                sequence(),
                shared ? key() : copy(key()),
                shared ? value() : copy(value()),
                headers);
    }

    private static @Nullable ByteBuffer copy(@Nullable ByteBuffer bytes) {
        return bytes == null
                ? null
                : ByteBuffer.allocate(bytes.remaining()).put(bytes).flip();
    }

    @Override
    public void close() {
        input.close();
    }
}
