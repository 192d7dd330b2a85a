package io.wellspring.network;

import java.net.InetAddress;
import java.time.Duration;
import java.util.Map;

/**
 * What clients may take of this broker's network, in plain numbers.
 *
 * @param frameSizeBytes the largest request
 * @param connectionBytes requests not yet answered and answers not yet sent, of one connection; reading stops there
 * @param totalBytes the same for all connections together
 * @param connections open at a time
 * @param connectionsPerAddress open at a time from one address
 * @param connectionsOfAddress exceptions from that, by address
 * @param timeouts how long a connection may do nothing
 */
public record NetworkLimits(
        int frameSizeBytes,
        long connectionBytes,
        long totalBytes,
        int connections,
        int connectionsPerAddress,
        Map<InetAddress, Integer> connectionsOfAddress,
        Timeouts timeouts) {

    /**
     * How long a connection may do nothing.
     *
     * @param idle no byte in or out
     * @param frameProgress in each such time a begun frame must end or gain {@code frameProgressBytes}
     * @param frameProgressBytes see there
     * @param frame a begun frame must end within it while other connections wait for the memory it has reserved
     * @param writeStall bytes are waiting to be sent and the client takes none
     * @param drain on stop, for requests under way to be answered
     */
    public record Timeouts(
            Duration idle,
            Duration frameProgress,
            int frameProgressBytes,
            Duration frame,
            Duration writeStall,

            Duration drain) {}
}
