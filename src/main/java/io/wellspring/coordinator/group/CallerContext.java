package io.wellspring.coordinator.group;

import java.net.InetAddress;
import org.apache.kafka.common.security.auth.KafkaPrincipal;
import org.apache.kafka.common.security.auth.SecurityProtocol;
import org.apache.kafka.server.authorizer.AuthorizableRequestContext;

/** A caller as the library wants to see it. Threads: any. */
record CallerContext(GroupCaller caller) implements AuthorizableRequestContext {
    @Override
    public String listenerName() {
        return caller.listener();
    }

    @Override
    public SecurityProtocol securityProtocol() {
        return SecurityProtocol.forName(caller.protocol());
    }

    @Override
    public KafkaPrincipal principal() {
        return KafkaPrincipal.ANONYMOUS;
    }

    @Override
    public InetAddress clientAddress() {
        return caller.address();
    }

    @Override
    public int requestType() {
        return caller.apiKey();
    }

    @Override
    public int requestVersion() {
        return caller.apiVersion();
    }

    @Override
    public String clientId() {
        return caller.clientId();
    }

    @Override
    public int correlationId() {
        return caller.correlationId();
    }
}
