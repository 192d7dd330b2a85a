package io.wellspring.network;

import io.wellspring.protocol.EncodedResponse;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Puts the answers of one connection into the order of their requests, whatever order they come in: Kafka's clients match
 * answers by order. Threads: the connection's event loop.
 */
final class ResponseSequencer {
    private final Queue<Turn> turns = new ArrayDeque<>();

    /** One request's place in the order. */
    static final class Turn {
        private final long frameCharge;
        private boolean hasEnded;
        private long responseCharge;
        private @Nullable EncodedResponse response;

        private Turn(long frameCharge) {
            this.frameCharge = frameCharge;
        }

        /** Bytes in flight that the request stands for. */
        long frameCharge() {
            return frameCharge;
        }

        /** Null for a request without an answer. */
        @Nullable
        EncodedResponse response() {
            return response;
        }
    }

    /** Takes the next place in the order. */
    Turn begin(long frameCharge) {
        Turn turn = new Turn(frameCharge);
        turns.add(turn);
        return turn;
    }

    /** @param responseCharge bytes in flight that the response stands for */
    void end(Turn turn, @Nullable EncodedResponse response, long responseCharge) {
        if (turn.hasEnded) {
            throw new IllegalStateException("a request was answered twice");
        }
        turn.hasEnded = true;
        turn.response = response;
        turn.responseCharge = responseCharge;
    }

    /** The oldest request if it has ended; each is given out once. */
    @Nullable
    Turn next() {
        Turn first = turns.peek();
        return first != null && first.hasEnded ? turns.poll() : null;
    }

    boolean isEmpty() {
        return turns.isEmpty();
    }

    /** Gives back what was answered but not given out; later answers are the caller's to give back. @return their charge */
    long abandon() {
        long charge = 0;
        for (Turn turn : turns) {
            if (turn.hasEnded) {
                charge += turn.frameCharge + turn.responseCharge;
                if (turn.response != null) {
                    turn.response.release();
                }
            }
        }
        turns.clear();
        return charge;
    }
}
