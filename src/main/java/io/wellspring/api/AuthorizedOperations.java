package io.wellspring.api;

import java.util.Set;
import org.apache.kafka.common.acl.AclOperation;

/**
 * What a client may do with a resource, as a field of bits by the codes of {@link AclOperation} (KIP-430). Without an authorizer everybody
 * may do all that the resource knows, and that is what Kafka answers then.
 */
public final class AuthorizedOperations {
    /** All operations on a topic. */
    public static final int ALL_ON_TOPIC = bits(Set.of(
            AclOperation.READ,
            AclOperation.WRITE,
            AclOperation.CREATE,
            AclOperation.DELETE,
            AclOperation.ALTER,
            AclOperation.DESCRIBE,
            AclOperation.DESCRIBE_CONFIGS,
            AclOperation.ALTER_CONFIGS));

    /** All operations on a group. */
    public static final int ALL_ON_GROUP = bits(Set.of(
            AclOperation.READ,
            AclOperation.DELETE,
            AclOperation.DESCRIBE,
            AclOperation.DESCRIBE_CONFIGS,
            AclOperation.ALTER_CONFIGS));

    /** All operations on the cluster. */
    public static final int ALL_ON_CLUSTER = bits(Set.of(
            AclOperation.CREATE,
            AclOperation.ALTER,
            AclOperation.DESCRIBE,
            AclOperation.CLUSTER_ACTION,
            AclOperation.DESCRIBE_CONFIGS,
            AclOperation.ALTER_CONFIGS,
            AclOperation.IDEMPOTENT_WRITE));

    private AuthorizedOperations() {}

    private static int bits(Set<AclOperation> operations) {
        int bits = 0;
        for (AclOperation operation : operations) {
            bits |= 1 << operation.code();
        }
        return bits;
    }
}
