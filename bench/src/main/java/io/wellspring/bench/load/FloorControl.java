package io.wellspring.bench.load;

import java.io.IOException;
import java.net.InetSocketAddress;
import org.apache.kafka.common.message.DeleteTopicsRequestData;
import org.apache.kafka.common.message.DeleteTopicsResponseData;
import org.apache.kafka.common.protocol.ApiKeys;

/** What can be said to the floor beyond produce and fetch. */
public final class FloorControl {
    private static final short VERSION = 6;

    private FloorControl() {}

    /** Has it delete all its files. */
    public static void clear(InetSocketAddress address) throws IOException {
        try (WireClient client = new WireClient(address)) {
            client.call(
                    ApiKeys.DELETE_TOPICS,
                    VERSION,
                    new DeleteTopicsRequestData().setTimeoutMs(1),
                    DeleteTopicsResponseData::new);
        }
    }
}
