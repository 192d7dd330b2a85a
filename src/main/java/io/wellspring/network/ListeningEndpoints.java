package io.wellspring.network;

import io.wellspring.model.Endpoint;
import java.util.List;

/** Where clients reach this broker; {@code management} prints it when the broker is ready. Threads: any. */
@FunctionalInterface
public interface ListeningEndpoints {
    /** The advertised address of each listener, in the order of the settings, with the port it really has; empty before they listen. */
    List<Endpoint> listening();
}
