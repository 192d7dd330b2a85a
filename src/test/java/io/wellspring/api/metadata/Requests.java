package io.wellspring.api.metadata;

import io.wellspring.api.ConnectionContext;
import io.wellspring.api.RequestContext;
import io.wellspring.model.BrokerIdentity;
import io.wellspring.model.Endpoint;
import io.wellspring.model.NodeId;
import io.wellspring.model.SecurityProtocol;
import io.wellspring.testing.TestLoop;
import java.net.InetAddress;

/** Requests of a client that reached the broker at {@code broker.example:9094}. */
final class Requests {
    static final BrokerIdentity IDENTITY = new BrokerIdentity("cluster-A", new NodeId(1));

    private Requests() {}

    static RequestContext version(int version) {
        return new RequestContext(
                new ConnectionContext(
                        1,
                        new Endpoint("EXTERNAL", SecurityProtocol.PLAINTEXT, "broker.example", 9094),
                        InetAddress.getLoopbackAddress(),
                        TestLoop.direct()),
                (short) version,
                7,
                "client");
    }
}
