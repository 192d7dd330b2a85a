package io.wellspring.bench.load;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/** Connections of clients that have introduced themselves and have nothing to say. */
public final class IdleConnections implements AutoCloseable {
    private static final short VERSION = 3;

    private final List<WireClient> clients = new ArrayList<>();

    private IdleConnections() {}

    /** Opens so many. */
    public static IdleConnections open(InetSocketAddress address, int count) throws IOException {
        IdleConnections connections = new IdleConnections();
        try {
            for (int i = 0; i < count; i++) {
                connections.add(new WireClient(address));
            }
            return connections;
        } catch (IOException e) {
            connections.close();
            throw e;
        }
    }

    private void add(WireClient client) throws IOException {
        clients.add(client);
        ApiVersionsRequestData request = new ApiVersionsRequestData()
                .setClientSoftwareName("wellspring-bench")
                .setClientSoftwareVersion("1");
        ApiVersionsResponseData response =
                client.call(ApiKeys.API_VERSIONS, VERSION, request, ApiVersionsResponseData::new);
        if (response.errorCode() != Errors.NONE.code()) {
            throw new IOException("refused: " + Errors.forCode(response.errorCode()));
        }
    }

    @Override
    public void close() throws IOException {
        for (WireClient client : clients) {
            client.close();
        }
    }
}
