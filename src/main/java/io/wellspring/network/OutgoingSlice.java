package io.wellspring.network;

import io.wellspring.batch.FileSlice;
import io.wellspring.protocol.EncodedResponse;

/**
 * A file slice on its way out and its one reference: given back when nothing more of it will be handed to the socket and
 * everything that was has been sent or has failed. Threads: the connection's event loop.
 */
final class OutgoingSlice {
    private final FileSlice slice;
    private int handedOut;
    private int underWay;
    private boolean ended;

    OutgoingSlice(EncodedResponse.Slice part) {
        this.slice = part.slice();
    }

    FileSlice slice() {
        return slice;
    }

    /** Bytes handed out so far. */
    int position() {
        return handedOut;
    }

    int remaining() {
        return slice.sizeBytes() - handedOut;
    }

    /** The next bytes are about to be used by someone who will call {@link #finished}. */
    void handOut(int sizeBytes) {
        handedOut += sizeBytes;
        underWay++;
    }

    /** One stretch was sent, has failed, or was not needed. */
    void finished() {
        underWay--;
        releaseWhenOver();
    }

    /** Nothing more will be handed out. */
    void end() {
        if (!ended) {
            ended = true;
            releaseWhenOver();
        }
    }

    private void releaseWhenOver() {
        if (ended && underWay == 0) {
            slice.release();
        }
    }
}
