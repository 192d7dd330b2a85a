package io.wellspring.batch;

import io.wellspring.model.CompressionType;
import io.wellspring.model.TimestampType;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * A view of one record batch, format version 2, in somebody's buffer; nothing is copied. The layout (Kafka's protocol
 * guide, "Record Batch"), all numbers big-endian:
 *
 * <pre>
 *   0 baseOffset            int64     the broker writes it; outside the CRC
 *   8 batchLength           int32     bytes that follow this field
 *  12 partitionLeaderEpoch  int32     the broker writes it; outside the CRC
 *  16 magic                 int8      2
 *  17 crc                   uint32    CRC32C of everything from byte 21 to the end
 *  21 attributes            int16     bits 0-2 codec, 3 timestamp type, 4 transactional, 5 control, 6 delete horizon
 *  23 lastOffsetDelta       int32
 *  27 baseTimestamp         int64
 *  35 maxTimestamp          int64
 *  43 producerId            int64     -1: none
 *  51 producerEpoch         int16
 *  53 baseSequence          int32
 *  57 recordCount           int32
 *  61 records
 * </pre>
 *
 * The view trusts nothing but what {@link #at} checks. Threads: as safe as the buffer; writers are the two {@code assign}
 * methods and the caller owns the buffer then.
 */
public final class RecordBatch {
    /** Bytes before the part that {@code batchLength} counts. */
    public static final int LENGTH_OVERHEAD_BYTES = 12;

    /** Bytes of a batch without records. */
    public static final int HEADER_SIZE_BYTES = 61;

    public static final byte MAGIC = 2;
    public static final long NO_PRODUCER_ID = -1L;
    public static final short NO_PRODUCER_EPOCH = -1;
    public static final int NO_SEQUENCE = -1;
    public static final long NO_TIMESTAMP = -1L;
    public static final int NO_LEADER_EPOCH = -1;

    static final int LENGTH_POSITION = 8;
    static final int LEADER_EPOCH_POSITION = 12;
    static final int MAGIC_POSITION = 16;
    static final int CRC_POSITION = 17;
    static final int ATTRIBUTES_POSITION = 21;
    static final int LAST_OFFSET_DELTA_POSITION = 23;
    static final int BASE_TIMESTAMP_POSITION = 27;
    static final int MAX_TIMESTAMP_POSITION = 35;
    static final int PRODUCER_ID_POSITION = 43;
    static final int PRODUCER_EPOCH_POSITION = 51;
    static final int BASE_SEQUENCE_POSITION = 53;
    static final int RECORD_COUNT_POSITION = 57;

    static final int CODEC_MASK = 0x07;
    static final int TIMESTAMP_TYPE_BIT = 0x08;
    static final int TRANSACTIONAL_BIT = 0x10;
    static final int CONTROL_BIT = 0x20;
    static final int DELETE_HORIZON_BIT = 0x40;

    private final ByteBuffer buffer;
    private final int start;

    private RecordBatch(ByteBuffer buffer, int start) {
        this.buffer = buffer;
        this.start = start;
    }

    /**
     * The batch that begins at {@code position}.
     *
     * @param buffer big-endian, shared with the view; its position and limit are not moved. It must hold at least the
     *     header; the records may be missing (a header-only view, see {@link #isComplete})
     * @throws IllegalArgumentException if fewer than {@value #HEADER_SIZE_BYTES} bytes follow before the limit
     */
    public static RecordBatch at(ByteBuffer buffer, int position) {
        if (position < 0 || buffer.limit() - position < HEADER_SIZE_BYTES) {
            throw new IllegalArgumentException("no batch header at " + position + " of " + buffer);
        }
        return new RecordBatch(buffer, position);
    }

    /** True if the buffer holds the whole batch. */
    public boolean isComplete() {
        return batchLength() >= HEADER_SIZE_BYTES - LENGTH_OVERHEAD_BYTES
                && (long) start + LENGTH_OVERHEAD_BYTES + batchLength() <= buffer.limit();
    }

    public long baseOffset() {
        return buffer.getLong(start);
    }

    /** The raw length field: bytes after itself. */
    public int batchLength() {
        return buffer.getInt(start + LENGTH_POSITION);
    }

    /** Bytes of the whole batch, its first 12 included; a lying length field can make it negative or huge. */
    public int sizeBytes() {
        return batchLength() + LENGTH_OVERHEAD_BYTES;
    }

    public int leaderEpoch() {
        return buffer.getInt(start + LEADER_EPOCH_POSITION);
    }

    public byte magic() {
        return buffer.get(start + MAGIC_POSITION);
    }

    /** The stored checksum, as an unsigned number. */
    public long crc() {
        return Integer.toUnsignedLong(buffer.getInt(start + CRC_POSITION));
    }

    public short attributes() {
        return buffer.getShort(start + ATTRIBUTES_POSITION);
    }

    /** The number of the codec, 0 to 7; only 0 to 4 are codecs. */
    public int compressionId() {
        return attributes() & CODEC_MASK;
    }

    /** The codec; throws IllegalArgumentException if none has the number. */
    public CompressionType compression() {
        return CompressionType.ofId(compressionId());
    }

    public TimestampType timestampType() {
        return (attributes() & TIMESTAMP_TYPE_BIT) == 0 ? TimestampType.CREATE_TIME : TimestampType.LOG_APPEND_TIME;
    }

    public boolean isTransactional() {
        return (attributes() & TRANSACTIONAL_BIT) != 0;
    }

    public boolean isControl() {
        return (attributes() & CONTROL_BIT) != 0;
    }

    public boolean hasDeleteHorizon() {
        return (attributes() & DELETE_HORIZON_BIT) != 0;
    }

    /** When tombstones and markers in the batch may go, ms; {@link #NO_TIMESTAMP}: not before another compaction has said so. */
    public long deleteHorizonMs() {
        return hasDeleteHorizon() ? baseTimestamp() : NO_TIMESTAMP;
    }

    public int lastOffsetDelta() {
        return buffer.getInt(start + LAST_OFFSET_DELTA_POSITION);
    }

    /** The offset of the last record, inclusive. */
    public long lastOffset() {
        return baseOffset() + lastOffsetDelta();
    }

    /** The offset after the last record. */
    public long nextOffset() {
        return lastOffset() + 1;
    }

    public long baseTimestamp() {
        return buffer.getLong(start + BASE_TIMESTAMP_POSITION);
    }

    public long maxTimestamp() {
        return buffer.getLong(start + MAX_TIMESTAMP_POSITION);
    }

    public long producerId() {
        return buffer.getLong(start + PRODUCER_ID_POSITION);
    }

    public boolean hasProducerId() {
        return producerId() > NO_PRODUCER_ID;
    }

    public short producerEpoch() {
        return buffer.getShort(start + PRODUCER_EPOCH_POSITION);
    }

    public int baseSequence() {
        return buffer.getInt(start + BASE_SEQUENCE_POSITION);
    }

    /** The sequence of the last record; sequences wrap from Integer.MAX_VALUE to 0. */
    public int lastSequence() {
        int base = baseSequence();
        return base == NO_SEQUENCE ? NO_SEQUENCE : addToSequence(base, lastOffsetDelta());
    }

    public int recordCount() {
        return buffer.getInt(start + RECORD_COUNT_POSITION);
    }

    /** Writes the offset of the first record; the CRC does not cover it. */
    public void assignBaseOffset(long baseOffset) {
        buffer.putLong(start, baseOffset);
    }

    /** Writes the leader epoch; the CRC does not cover it. */
    public void assignLeaderEpoch(int leaderEpoch) {
        buffer.putInt(start + LEADER_EPOCH_POSITION, leaderEpoch);
    }

    /** True if the batch is complete in the buffer and its CRC32C is the stored one. */
    public boolean isCrcValid() {
        return isComplete() && computeCrc() == crc();
    }

    /** As {@link #isCrcValid}, without a view: moves position and limit of the buffer meanwhile. For who alone uses the buffer. */
    boolean isOwnedCrcValid() {
        if (!isComplete()) {
            return false;
        }
        int position = buffer.position();
        int limit = buffer.limit();
        long computed = crcOf(buffer.limit(start + sizeBytes()).position(start + ATTRIBUTES_POSITION));
        buffer.limit(limit).position(position);
        return computed == crc();
    }

    /** CRC32C from the attributes to the end. The batch must be {@link #isComplete complete}. */
    public long computeCrc() {
        return crcOf(buffer.slice(start + ATTRIBUTES_POSITION, sizeBytes() - ATTRIBUTES_POSITION));
    }

    private static long crcOf(ByteBuffer bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return crc.getValue();
    }

    /** Writes the CRC of what the batch holds now. The batch must be complete. */
    void assignCrc() {
        buffer.putInt(start + CRC_POSITION, (int) computeCrc());
    }

    /** Writes whose time the records have and the largest of them, and the CRC if that changes anything. */
    void assignTimestamp(TimestampType type, long maxTimestamp) {
        if (type == timestampType() && maxTimestamp == maxTimestamp()) {
            return;
        }
        int others = attributes() & ~TIMESTAMP_TYPE_BIT;
        int bit = type == TimestampType.LOG_APPEND_TIME ? TIMESTAMP_TYPE_BIT : 0;
        buffer.putShort(start + ATTRIBUTES_POSITION, (short) (others | bit));
        buffer.putLong(start + MAX_TIMESTAMP_POSITION, maxTimestamp);
        assignCrc();
    }

    /** Writes the delete horizon in the place of the base timestamp (KIP-534), and the CRC. The records' times are told from it already. */
    void assignDeleteHorizon(long horizonMs) {
        buffer.putShort(start + ATTRIBUTES_POSITION, (short) (attributes() | DELETE_HORIZON_BIT));
        buffer.putLong(start + BASE_TIMESTAMP_POSITION, horizonMs);
        assignCrc();
    }

    /** The bytes of the whole batch, shared, position 0. The batch must be complete. */
    public ByteBuffer bytes() {
        return buffer.slice(start, sizeBytes());
    }

    /**
     * True if another batch lies in the same buffer exactly {@code sizeBytes} after the beginning of this one, so that a run of batches can be
     * written as one piece (see {@link #bytes(int)}).
     */
    public boolean isFollowedBy(RecordBatch next, int sizeBytes) {
        if (next.start != start + sizeBytes || (long) next.start + next.sizeBytes() > buffer.limit()) {
            return false; // batches of different requests nearly always end here
        }
        MemorySegment run = MemorySegment.ofBuffer(buffer.slice(next.start, next.sizeBytes()));
        return run.asOverlappingSlice(MemorySegment.ofBuffer(next.bytes()))
                .filter(shared -> shared.byteSize() == run.byteSize())
                .isPresent();
    }

    /** So many bytes from the beginning of this batch on, shared, position 0: this batch and what follows it in the buffer. */
    public ByteBuffer bytes(int sizeBytes) {
        return buffer.slice(start, sizeBytes);
    }

    /** The bytes after the header (compressed if the batch is), shared. The batch must be complete. */
    public ByteBuffer recordBytes() {
        return buffer.slice(start + HEADER_SIZE_BYTES, sizeBytes() - HEADER_SIZE_BYTES);
    }

    /** Reads what {@link #recordBytes} gives. */
    RecordInput plainRecords() {
        return RecordInput.plain(buffer, start + HEADER_SIZE_BYTES, start + sizeBytes());
    }

    /** Where the batch begins in its buffer. */
    public int start() {
        return start;
    }

    /** The sequence that lies {@code delta} after {@code sequence}, wrapping after Integer.MAX_VALUE to 0 (KIP-98). */
    public static int addToSequence(int sequence, int delta) {
        return sequence > Integer.MAX_VALUE - delta ? delta - (Integer.MAX_VALUE - sequence) - 1 : sequence + delta;
    }

    @Override
    public String toString() {
        return "RecordBatch[offsets " + baseOffset() + ".." + lastOffset() + ", " + recordCount() + " records, "
                + sizeBytes() + " bytes, producer " + producerId() + "/" + producerEpoch() + "/" + baseSequence() + "]";
    }
}
