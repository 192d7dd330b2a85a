package io.wellspring.log;

import io.wellspring.model.BrokerIdentity;
import io.wellspring.model.NodeId;
import io.wellspring.model.TopicId;
import io.wellspring.support.StartRefusedException;
import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * The file {@code meta.properties} of a log directory, with Kafka's keys and one of ours:
 *
 * <pre>
 *   version=1
 *   cluster.id=MNnrvQQ7Tc2CpSRZRcoV7w
 *   node.id=1
 *   directory.id=Jx5W5uTwRmC4cUgP_J7sKA
 *   wellspring.format=1
 * </pre>
 *
 * It is written once, durably, before anything else but the lock, so a directory with logs always has one.
 *
 * @param cluster cluster and broker that the directory belongs to
 * @param directoryId a random name of the directory
 */
record DirectoryIdentity(BrokerIdentity cluster, String directoryId) {
    static final String FILE_NAME = "meta.properties";
    private static final int FORMAT = 1;
    private static final int MAX_SIZE_BYTES = 64 << 10;
    private static final String VERSION_KEY = "version";
    private static final String CLUSTER_KEY = "cluster.id";
    private static final String NODE_KEY = "node.id";
    private static final String DIRECTORY_KEY = "directory.id";
    private static final String FORMAT_KEY = "wellspring.format";

    static DirectoryIdentity of(BrokerIdentity cluster) {
        return new DirectoryIdentity(cluster, TopicId.random().toString());
    }

    ByteBuffer encode() {
        String text = VERSION_KEY + "=1\n" + CLUSTER_KEY + "=" + cluster.clusterId() + "\n" + NODE_KEY + "="
                + cluster.nodeId() + "\n" + DIRECTORY_KEY + "=" + directoryId + "\n" + FORMAT_KEY + "=" + FORMAT + "\n";
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * What the directory says; null if it has no such file.
     *
     * @throws StartRefusedException if the file is damaged, Kafka's, or newer than this release
     */
    static @Nullable DirectoryIdentity read(LogFiles files, Path directory) throws IOException {
        Path path = directory.resolve(FILE_NAME);
        ByteBuffer content = files.readWhole(path, MAX_SIZE_BYTES);
        if (content == null) {
            return null;
        }
        Properties properties = new Properties();
        try {
            properties.load(
                    new StringReader(StandardCharsets.UTF_8.decode(content).toString()));
        } catch (IllegalArgumentException damaged) {
            throw damaged(path, "it is not a properties file");
        }
        String format = properties.getProperty(FORMAT_KEY);
        String clusterId = properties.getProperty(CLUSTER_KEY, "");
        if (format == null && !clusterId.isEmpty()) {
            throw new StartRefusedException(
                    "wellspring.log.directories: " + directory + " is a data directory of another broker, cluster.id="
                            + clusterId + "; " + FILE_NAME + " has no " + FORMAT_KEY,
                    "Name a directory of this broker, or an empty one. Data of Apache Kafka moves here by mirroring, not by its files.");
        }
        int formatNumber = number(path, FORMAT_KEY, format);
        if (formatNumber > FORMAT || number(path, VERSION_KEY, properties.getProperty(VERSION_KEY)) > 1) {
            throw new StartRefusedException(
                    "wellspring.log.directories: " + directory + " was written by a newer release: " + FORMAT_KEY + "="
                            + formatNumber + ", this one knows " + FORMAT,
                    "Start the newer release, or name another directory.");
        }
        if (clusterId.isEmpty()) {
            throw damaged(path, "it has no " + CLUSTER_KEY);
        }
        int nodeId = number(path, NODE_KEY, properties.getProperty(NODE_KEY));
        return new DirectoryIdentity(
                new BrokerIdentity(clusterId, new NodeId(nodeId)), properties.getProperty(DIRECTORY_KEY, ""));
    }

    private static int number(Path path, String key, @Nullable String value) {
        try {
            int number = value == null ? -1 : Integer.parseInt(value.strip());
            if (number >= 0) {
                return number;
            }
        } catch (NumberFormatException notANumber) {
            throw damaged(path, key + "=" + value);
        }
        throw damaged(path, key + "=" + value);
    }

    private static StartRefusedException damaged(Path path, String what) {
        return new StartRefusedException(
                path + " cannot be read: " + what,
                "Restore the file: it says which cluster and broker the directory belongs to.");
    }
}
