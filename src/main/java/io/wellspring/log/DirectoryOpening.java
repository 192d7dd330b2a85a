package io.wellspring.log;

import io.wellspring.model.BrokerIdentity;
import io.wellspring.model.NodeId;
import io.wellspring.model.TopicId;
import io.wellspring.model.TopicPartition;
import io.wellspring.support.StartRefusedException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Opens the log directories together, or refuses them all: first it only looks, then it locks and looks again, and only then it
 * writes. A directory that is refused is left as it was. Threads: one, used once.
 */
final class DirectoryOpening {
    /** What may lie in a directory that nobody has used: a volume's own, and what a first start that was killed left. */
    private static final Set<String> HARMLESS =
            Set.of(LogDirectory.LOCK_FILE, "lost+found", DirectoryIdentity.FILE_NAME + LogFiles.TEMPORARY_SUFFIX);

    private final LogFiles files;
    private final NodeId nodeId;
    private final List<Path> paths;
    private final List<AutoCloseable> locks = new ArrayList<>();

    DirectoryOpening(LogFiles files, NodeId nodeId, List<Path> paths) {
        this.files = files;
        this.nodeId = nodeId;
        this.paths = paths;
    }

    /**
     * The opened directories, locked.
     *
     * @param identity of cluster and broker
     * @param directories in the order in which they were named
     */
    record Opened(BrokerIdentity identity, List<LogDirectory> directories) {}

    Opened open() {
        boolean isDone = false;
        try {
            BrokerIdentity before = look();
            lock();
            BrokerIdentity identity = look();
            if (!Objects.equals(before, identity)) {
                throw StartRefusals.changedMeanwhile(paths.getFirst());
            }
            List<LogDirectory> directories = read();
            requireOnce(directories);
            BrokerIdentity now = identity != null
                    ? identity
                    : new BrokerIdentity(TopicId.random().toString(), nodeId);
            for (Path path : paths) {
                identify(path, now);
            }
            isDone = true;
            return new Opened(now, directories);
        } finally {
            if (!isDone) {
                unlock();
            }
        }
    }

    /** Writes nothing. @return what the directories say; null if all are new */
    private @Nullable BrokerIdentity look() {
        BrokerIdentity agreed = null;
        Path agreedBy = null;
        for (Path path : paths) {
            BrokerIdentity identity = lookAt(path);
            if (identity == null) {
                continue;
            }
            if (!identity.nodeId().equals(nodeId)) {
                throw StartRefusals.otherNode(path, identity, nodeId);
            }
            if (agreed != null && agreedBy != null && !agreed.equals(identity)) {
                throw StartRefusals.otherCluster(path, identity.clusterId(), agreedBy, agreed.clusterId());
            }
            agreed = identity;
            agreedBy = path;
        }
        return agreed;
    }

    private @Nullable BrokerIdentity lookAt(Path path) {
        try {
            if (!files.exists(path)) {
                requireRoomFor(path);
                return null;
            }
            if (!files.isDirectory(path)) {
                throw StartRefusals.notADirectory(path);
            }
            if (!files.isWritable(path)) {
                throw StartRefusals.notWritable(path);
            }
            DirectoryIdentity identity = DirectoryIdentity.read(files, path);
            if (identity != null) {
                return identity.cluster();
            }
            for (String name : files.list(path)) {
                if (!HARMLESS.contains(name)) {
                    throw StartRefusals.foreign(path, name);
                }
            }
            return null;
        } catch (IOException failure) {
            throw StartRefusals.failed(path, failure);
        }
    }

    private void requireRoomFor(Path path) {
        Path parent = path;
        while (!files.exists(parent)) {
            parent = FileNames.parentOf(parent);
        }
        if (!files.isDirectory(parent)) {
            throw StartRefusals.notADirectory(parent);
        }
        if (!files.isWritable(parent)) {
            throw StartRefusals.notWritable(parent);
        }
    }

    /** Directories in use come first, so that a refusal leaves no new directory behind. */
    private void lock() {
        Map<Path, AutoCloseable> held = new HashMap<>();
        for (boolean isUsed : new boolean[] {true, false}) {
            for (Path path : paths) {
                if (files.exists(path.resolve(LogDirectory.LOCK_FILE)) == isUsed && !held.containsKey(path)) {
                    AutoCloseable lock = lock(path);
                    held.put(path, lock);
                    locks.add(lock);
                }
            }
        }
        locks.clear();
        paths.forEach(path -> locks.add(Objects.requireNonNull(held.get(path), "every directory was locked")));
    }

    private AutoCloseable lock(Path path) {
        try {
            create(path);
            AutoCloseable lock = files.tryLock(path.resolve(LogDirectory.LOCK_FILE));
            if (lock == null) {
                throw StartRefusals.locked(path);
            }
            return lock;
        } catch (IOException failure) {
            throw StartRefusals.failed(path, failure);
        }
    }

    private void create(Path path) throws IOException {
        if (!files.exists(path)) {
            Path parent = FileNames.parentOf(path);
            create(parent);
            files.createDirectory(path);
            files.syncDirectory(parent);
        }
    }

    private List<LogDirectory> read() {
        List<LogDirectory> directories = new ArrayList<>();
        for (int i = 0; i < paths.size(); i++) {
            try {
                directories.add(new LogDirectory(files, paths.get(i), locks.get(i)));
            } catch (IOException failure) {
                throw StartRefusals.failed(paths.get(i), failure);
            }
        }
        return directories;
    }

    private static void requireOnce(List<LogDirectory> directories) {
        Map<TopicPartition, Path> seen = new HashMap<>();
        for (LogDirectory directory : directories) {
            for (TopicPartition partition : directory.found().keySet()) {
                Path other = seen.put(partition, directory.path());
                if (other != null) {
                    throw StartRefusals.twice(partition.toString(), other, directory.path());
                }
            }
        }
    }

    private void identify(Path path, BrokerIdentity identity) {
        try {
            if (DirectoryIdentity.read(files, path) == null) {
                files.replace(
                        path.resolve(DirectoryIdentity.FILE_NAME),
                        DirectoryIdentity.of(identity).encode());
            }
        } catch (IOException failure) {
            throw StartRefusals.failed(path, failure);
        }
    }

    private void unlock() {
        for (AutoCloseable lock : locks) {
            try {
                lock.close();
            } catch (Exception failure) {
                throw new StartRefusedException(
                        "A lock could not be given back: " + failure, "End the process.", failure);
            }
        }
    }
}
