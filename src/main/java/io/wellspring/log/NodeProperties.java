package io.wellspring.log;

import io.wellspring.model.NodeId;
import io.wellspring.support.StartRefusedException;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Who this broker is ({@code wellspring.node.*}); it stands in this room because the identity lives in the data directories.
 *
 * @param id the broker's number in its cluster; it is written into the data directories at the first start and cannot change after
 */
@ConfigurationProperties("wellspring.node")
public record NodeProperties(@DefaultValue("1") int id) {
    public NodeProperties {
        if (id < 0) {
            throw new StartRefusedException("wellspring.node.id=" + id + " is negative", "Set it to 0 or more.");
        }
    }

    public NodeId nodeId() {
        return new NodeId(id);
    }
}
