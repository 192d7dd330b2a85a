package io.wellspring.protocol;

import io.wellspring.batch.FileSlice;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * A response ready for the socket, its four size bytes included: buffers and file slices in the order in which they go out.
 *
 * @param parts what to send, in order; each slice carries one reference, which whoever sends the response gives back
 * @param sizeBytes the sum of the parts, the size field included
 */
public record EncodedResponse(List<Part> parts, int sizeBytes) {
    /** A stretch of the response. */
    public sealed interface Part {}

    /** Bytes in memory; the buffer belongs to the response. */
    public record Bytes(ByteBuffer buffer) implements Part {}

    /** Bytes of a file, to be sent without passing through the heap where the connection allows it. */
    public record Slice(FileSlice slice) implements Part {}

    /** Gives back every file slice; for a response that will not be sent. */
    public void release() {
        for (Part part : parts) {
            if (part instanceof Slice(FileSlice slice)) {
                slice.release();
            }
        }
    }
}
