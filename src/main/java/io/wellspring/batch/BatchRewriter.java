package io.wellspring.batch;

import io.wellspring.batch.compression.Compression;
import io.wellspring.batch.compression.Compressor;
import io.wellspring.model.CompressionType;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Brings one batch into another codec. The records keep their bytes, only the codec around them and the header change, so
 * the pieces that validation walks over are compressed as they pass: one pass, and no batch in memory uncompressed. What would be larger
 * than the topic allows is not kept, so that a batch that shrank to a thousandth takes no memory in a codec that does not shrink it.
 * Close it. Threads: one.
 */
final class BatchRewriter implements AutoCloseable {
    private static final int COPY_SIZE_BYTES = 8 * 1024;

    private final RecordBatch source;
    private final Compression target;
    private final int maxBytes;
    private final GrowingOutput output;
    private final OutputStream stream;
    private byte[] copy = new byte[0];

    /**
     * @param source complete, of a known codec that is not the target's
     * @param maxBytes the largest batch that is wanted
     */
    BatchRewriter(RecordBatch source, Compression target, int maxBytes) {
        this.source = source;
        this.target = target;
        this.maxBytes = maxBytes;
        this.output = new GrowingOutput(source.sizeBytes());
        output.write(source.bytes().limit(RecordBatch.HEADER_SIZE_BYTES));
        try {
            this.stream = Compressor.over(output, target);
        } catch (IOException e) {
            throw noFailure(e);
        }
    }

    /** Takes the next uncompressed bytes, which are not moved. */
    void accept(ByteBuffer piece) {
        if (output.size() > maxBytes) {
            return;
        }
        try {
            if (piece.hasArray()) {
                stream.write(piece.array(), piece.arrayOffset() + piece.position(), piece.remaining());
                return;
            }
            if (copy.length == 0) {
                copy = new byte[COPY_SIZE_BYTES];
            }
            for (int at = piece.position(); at < piece.limit(); at += copy.length) {
                int count = Math.min(copy.length, piece.limit() - at);
                piece.get(at, copy, 0, count);
                stream.write(copy, 0, count);
            }
        } catch (IOException e) {
            throw noFailure(e);
        }
    }

    /**
     * The whole batch in the target's codec; call it after the source's records were walked to their end.
     *
     * @return null: it is larger than wanted
     */
    @Nullable
    GrowingOutput finish() {
        if (source.compression() == CompressionType.NONE) {
            accept(source.recordBytes());
        }
        close();
        if (output.size() > maxBytes) {
            return null;
        }
        ByteBuffer bytes = output.buffer();
        int others = source.attributes() & ~RecordBatch.CODEC_MASK;
        bytes.putInt(RecordBatch.LENGTH_POSITION, output.size() - RecordBatch.LENGTH_OVERHEAD_BYTES);
        bytes.putShort(
                RecordBatch.ATTRIBUTES_POSITION, (short) (others | target.type().id()));
        RecordBatch.at(bytes, 0).assignCrc();
        return output;
    }

    /** Gives back what the codec holds, which is native memory. */
    @Override
    public void close() {
        try {
            stream.close();
        } catch (IOException e) {
            throw noFailure(e);
        }
    }

    private static UncheckedIOException noFailure(IOException e) {
        return new UncheckedIOException("memory does not fail", e);
    }
}
