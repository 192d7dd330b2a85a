package io.wellspring.log;

import io.wellspring.model.TopicId;
import io.wellspring.model.TopicPartition;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One log directory: the lock, the files that all its logs share, the partitions in it. Its files:
 *
 * <pre>
 *   .lock                        locked while a broker uses the directory
 *   meta.properties              {@link DirectoryIdentity}
 *   durable-marks                {@link DurableMarks}
 *   log-start-offset-checkpoint  {@link TextCheckpoint}: where delete-records moved the start of a log to
 *   cleaner-offset-checkpoint    {@link CleanerCheckpoint}
 *   .clean                       the clean mark: written last at a clean stop, holds the checksum of durable-marks;
 *                                removed, durably, before a start changes anything
 *   topic-partition/             a log
 *   topic-partition.id-delete/   a deleted log; removed later, or at the next start
 * </pre>
 *
 * <p>What survives a crash: each shared file is replaced in one step, so it is as before or as after. Once one of them could not be
 * written the directory is offline for good: a failed fsync is never retried. Plain want of room is no failure: it stays as it was. Threads: any.
 */
final class LogDirectory implements AutoCloseable {
    static final String LOCK_FILE = ".lock";
    static final String CLEAN_FILE = ".clean";
    private static final String NOT_WRITTEN = "";
    static final String START_OFFSETS_FILE = "log-start-offset-checkpoint";
    private static final Logger LOG = LoggerFactory.getLogger(LogDirectory.class);

    private final LogFiles files;
    private final Path path;
    private final AutoCloseable lock;

    /** A partition found at start that is neither open nor deleted yet, and its topic's id. */
    private final Map<TopicPartition, TopicId> found = new ConcurrentHashMap<>();

    private final Map<TopicPartition, PartitionLog> logs = new ConcurrentHashMap<>();

    /** Marks as they are on disk, or will be with the next write. */
    private final Map<TopicPartition, DurableMarks.Entry> marks = new ConcurrentHashMap<>();

    private final Map<TopicPartition, Long> startOffsets = new ConcurrentHashMap<>();
    private final CleanerCheckpoint cleaned;

    /** Guards the file {@code durable-marks}. */
    private final Object marksFile = new Object();

    /** Guards the file {@code log-start-offset-checkpoint}. */
    private final Object startOffsetsFile = new Object();

    /** What durable-marks holds; guarded by {@link #marksFile}. */
    private Map<TopicPartition, DurableMarks.Entry> written = Map.of();

    private boolean hasMarks;
    private boolean wasClean;

    /** There were logs but no readable marks at start: see {@link RecoveryInput#isMarkLost}. */
    private boolean areMarksLost;

    private volatile @Nullable String failure;

    /** Takes over a directory that is locked and whose identity is right; reads, but writes nothing. */
    LogDirectory(LogFiles files, Path path, AutoCloseable lock) throws IOException {
        this.files = files;
        this.path = path;
        this.lock = lock;
        this.cleaned = new CleanerCheckpoint(files, path);
        readShared();
        for (String name : files.list(path)) {
            TopicPartition partition = FileNames.partitionOf(name);
            if (partition != null && files.isDirectory(path.resolve(name))) {
                found.put(partition, topicIdOf(path.resolve(name)));
            }
        }
        areMarksLost = !hasMarks && !found.isEmpty();
    }

    private void readShared() throws IOException {
        ByteBuffer marksBytes = files.readWhole(path.resolve(DurableMarks.FILE_NAME), DurableMarks.MAX_SIZE_BYTES);
        Map<TopicPartition, DurableMarks.Entry> known = marksBytes == null ? null : DurableMarks.decode(marksBytes);
        if (known == null && marksBytes != null) {
            LOG.warn("The durable marks are damaged, all logs are checked whole: directory={}", path);
        }
        if (known != null && marksBytes != null) {
            hasMarks = true;
            marks.putAll(known);
            written = Map.copyOf(known);
            ByteBuffer clean = files.readWhole(path.resolve(CLEAN_FILE), 4096);
            wasClean = clean != null
                    && StandardCharsets.UTF_8.decode(clean).toString().equals(DurableMarks.checksum(marksBytes) + "\n");
        }
        ByteBuffer offsets = files.readWhole(path.resolve(START_OFFSETS_FILE), DurableMarks.MAX_SIZE_BYTES);
        List<String[]> rows = offsets == null ? null : TextCheckpoint.decode(offsets, 3);
        if (rows == null) {
            // Rebuilt: a durable mark holds the start offset too.
            marks.forEach((partition, entry) ->
                    startOffsets.put(partition, entry.checkpoint().mark().startOffset()));
            return;
        }
        try {
            for (String[] row : rows) {
                startOffsets.put(new TopicPartition(row[0], Integer.parseInt(row[1])), Long.parseLong(row[2]));
            }
        } catch (IllegalArgumentException damaged) {
            marks.forEach((partition, entry) ->
                    startOffsets.merge(partition, entry.checkpoint().mark().startOffset(), Math::max));
        }
    }

    private TopicId topicIdOf(Path directory) throws IOException {
        ByteBuffer metadata = files.readWhole(directory.resolve(FileNames.PARTITION_METADATA), 4096);
        TopicId id = metadata == null ? null : PartitionMetadata.decode(metadata);
        return id == null ? TopicId.ZERO : id;
    }

    /** From here on the directory is written: the clean mark goes first. Leftovers of deleted logs are removed. */
    void begin(FileDeleter deleter) throws IOException {
        if (files.exists(path.resolve(CLEAN_FILE))) {
            files.delete(path.resolve(CLEAN_FILE));
            files.syncDirectory(path);
        }
        if (!hasMarks && found.isEmpty()) {
            // From now on a log that the marks do not name is one that was made later.
            writeMarks();
        }
        List<Path> leftovers = new ArrayList<>();
        for (String name : files.list(path)) {
            if (name.endsWith(LogFiles.TEMPORARY_SUFFIX)) {
                files.delete(path.resolve(name));
            } else if (FileNames.isDeletedDirectory(name) && files.isDirectory(path.resolve(name))) {
                leftovers.add(path.resolve(name));
            }
        }
        leftovers.forEach(deleter::directoryNow);
    }

    Path path() {
        return path;
    }

    /** True if the last stop was clean, so that the marks are the ends of the logs. */
    boolean wasClean() {
        return wasClean;
    }

    Map<TopicPartition, TopicId> found() {
        return Map.copyOf(found);
    }

    List<PartitionLog> logs() {
        return List.copyOf(logs.values());
    }

    int partitionCount() {
        return found.size() + logs.size();
    }

    boolean hasFound(TopicPartition partition) {
        return found.containsKey(partition);
    }

    @Nullable
    PartitionLog log(TopicPartition partition) {
        return logs.get(partition);
    }

    /** What the disk says about a log. A mark of another topic of this name means nothing. Compaction leaves no hole above a mark: a crash has. */
    RecoveryInput input(LogPlace place, boolean mayHaveHoles) {
        DurableMarks.Entry entry = marks.get(place.partition());
        TopicId wanted = place.topicId();
        Checkpoint found = entry != null && (entry.topicId().equals(wanted) || wanted.equals(TopicId.ZERO))
                ? entry.checkpoint()
                : null;
        return new RecoveryInput(
                place,
                found,
                areMarksLost,
                wasClean,
                startOffsets.getOrDefault(place.partition(), 0L),
                areMarksLost && (mayHaveHoles || cleaned.knows(place.partition())));
    }

    /** The log is open, or offline because it is damaged. */
    void opened(PartitionLog log) {
        logs.put(log.partition(), log);
        found.remove(log.partition());
    }

    /** The partition is gone from here; what the shared files say about it goes with their next writing. */
    void forget(TopicPartition partition) {
        found.remove(partition);
        logs.remove(partition);
        marks.remove(partition);
        startOffsets.remove(partition);
        cleaned.forget(partition);
    }

    /** A new log of this name must not inherit what a deleted one left in the shared files. */
    void forgetOnDisk(TopicPartition partition) throws IOException {
        marks.remove(partition);
        cleaned.forgetOnDisk(partition);
        if (startOffsets.remove(partition) != null) {
            writeStartOffsets();
        }
    }

    /** Moves a log's start, durably; down only when all of the log is cut away. */
    void moveStart(TopicPartition partition, long startOffset) throws IOException {
        startOffsets.put(partition, startOffset);
        writeStartOffsets();
    }

    private void writeStartOffsets() throws IOException {
        synchronized (startOffsetsFile) {
            List<String> lines = new TreeMap<>(startOffsets)
                    .entrySet().stream()
                            .map(entry -> entry.getKey().topic() + " "
                                    + entry.getKey().partition() + " " + entry.getValue())
                            .toList();
            replace(START_OFFSETS_FILE, TextCheckpoint.encode(lines));
        }
    }

    /**
     * Writes the durable marks if they changed; on disk when it returns. A log that is offline keeps the mark that it had: it is what its files
     * must live up to.
     *
     * @return the checksum of the file; {@link #NOT_WRITTEN} if it must not be written yet
     */
    String writeMarks() throws IOException {
        synchronized (marksFile) {
            if (isIgnorant()) {
                return NOT_WRITTEN;
            }
            for (PartitionLog log : logs.values()) {
                if (!log.isOffline()) {
                    marks.put(
                            log.partition(),
                            new DurableMarks.Entry(
                                    log.topicId(), log.writtenMark().within(log.segments())));
                }
            }
            Map<TopicPartition, DurableMarks.Entry> now = Map.copyOf(marks);
            ByteBuffer file = DurableMarks.encode(new TreeMap<>(now));
            if (!now.equals(written) || !files.exists(path.resolve(DurableMarks.FILE_NAME))) {
                replace(DurableMarks.FILE_NAME, file);
                written = now;
            }
            return DurableMarks.checksum(file);
        }
    }

    /** The log's mark as it was written last; null if there is none. */
    @Nullable
    DurableMark markOnDisk(TopicPartition partition) {
        synchronized (marksFile) {
            DurableMarks.Entry entry = written.get(partition);
            return entry == null ? null : entry.checkpoint().mark();
        }
    }

    CleanerCheckpoint cleaned() {
        return cleaned;
    }

    /**
     * While the marks are lost a log that was not recovered yet, or that recovery refused, must stay known as one without a mark: a file that does
     * not name it would say that all of it is above the mark and may be cut.
     */
    private boolean isIgnorant() {
        return areMarksLost
                && (!found.isEmpty()
                        || logs.values().stream()
                                .anyMatch(log -> log.isOffline() && !marks.containsKey(log.partition())));
    }

    /**
     * Before a log is cut: what is written promises no more than will be left. A log that went offline meanwhile keeps its mark, and then it must
     * not be cut.
     */
    void lowerMark(TopicPartition partition, long endOffset) throws IOException {
        synchronized (marksFile) {
            writeMarks();
            DurableMarks.Entry entry = written.get(partition);
            if (entry != null && entry.checkpoint().mark().endOffset() > endOffset) {
                throw new IOException("the durable mark of " + partition + " is above the cut at " + endOffset);
            }
        }
    }

    /** Before retired files are deleted: no mark that is written asks for one of them. */
    void giveUp(List<Path> retired) throws IOException {
        synchronized (marksFile) {
            writeMarks();
            Path asked = RetiredFiles.stillAskedFor(files, retired, written);
            if (asked != null) {
                throw new IOException("the durable mark still names what " + asked + " was");
            }
        }
    }

    /** Makes rolled segments durable, so that marks move on and a start after a crash reads less. */
    void flushSealed() {
        for (PartitionLog log : logs.values()) {
            if (!log.isOffline()) {
                try {
                    log.flushSealed();
                } catch (IOException failure) {
                    LOG.error("A rolled segment could not be forced: partition={}", log.partition(), failure);
                }
            }
        }
    }

    /**
     * Closes the logs, and writes marks and the clean mark. If a log is offline there is no clean mark: the next start shall look at it again.
     */
    void closeLogs(Executor threads) throws IOException {
        List<PartitionLog> closed = logs();
        IOException first = LogClosing.closeAll(closed, threads);
        boolean isWhole = closed.stream().noneMatch(PartitionLog::isOffline);
        if (failure == null) {
            String checksum = writeMarks();
            if (isWhole && first == null && !checksum.equals(NOT_WRITTEN)) {
                writeCleanMark(checksum);
            }
        }
        if (first != null) {
            throw first;
        }
    }

    private void writeCleanMark(String checksum) throws IOException {
        replace(CLEAN_FILE, ByteBuffer.wrap((checksum + "\n").getBytes(StandardCharsets.UTF_8)));
    }

    private void replace(String name, ByteBuffer content) throws IOException {
        if (failure != null) {
            throw new IOException("log directory " + path + " is offline: " + failure);
        }
        try {
            files.replace(path.resolve(name), content);
        } catch (IOException broken) {
            if (DiskFullException.isDiskFull(broken)) {
                // It is as it was, and is written anew from its first byte when there is room.
                throw new DiskFullException("no room for " + path.resolve(name), broken);
            }
            fail("writing " + name + " failed: " + broken.getMessage());
            throw broken;
        }
    }

    /** Takes the directory and its logs offline; the first reason stays. */
    void fail(String reason) {
        synchronized (this) {
            if (failure != null) {
                return;
            }
            failure = reason;
        }
        LOG.error("A log directory failed, its logs go offline: directory={} reason={}", path, reason);
        logs.values().forEach(log -> log.takeOffline("its log directory " + path + " failed: " + reason));
    }

    /** Why the directory is offline; null if it is not. */
    @Nullable
    String failure() {
        return failure;
    }

    @Override
    public void close() {
        try {
            lock.close();
        } catch (Exception failed) {
            LOG.warn("A lock could not be given back: directory={}", path, failed);
        }
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
