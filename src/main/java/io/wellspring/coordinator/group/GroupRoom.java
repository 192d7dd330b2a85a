package io.wellspring.coordinator.group;

import io.wellspring.partition.ReplicationEngine;
import io.wellspring.support.RoleThreads;
import io.wellspring.topic.TopicCatalog;
import io.wellspring.topic.Topics;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.coordinator.group.GroupCoordinator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts and stops the coordination of groups: the library's threads, its picture of the catalog, the partitions it coordinates. Changes of
 * the catalog and of leadership are told to it one after the other. Threads: start and stop the one that starts and stops the broker;
 * {@code wellspring-groups-0} tells the library.
 */
final class GroupRoom {
    private static final Logger LOG = LoggerFactory.getLogger(GroupRoom.class);
    private static final int STOP_SECONDS_MOST = 10;

    private final GroupLibrary library;
    private final Topics topics;
    private final OffsetsTopic offsetsTopic;
    private final CatalogFeed feed;
    private final GroupElections elections;
    private final ReplicationEngine engine;
    private final GroupLogWriter writer;

    /** The settings of groups that the library was told last. The executor's thread only. */
    private final Map<String, Map<String, String>> toldSettings = new HashMap<>();

    /** True: whoever tells next will see what has changed by now. */
    private final AtomicBoolean isAsked = new AtomicBoolean();

    private final ExecutorService executor = Executors.newSingleThreadExecutor(new RoleThreads("groups"));

    GroupRoom(
            GroupLibrary library,
            Topics topics,
            OffsetsTopic offsetsTopic,
            CatalogFeed feed,
            GroupElections elections,
            ReplicationEngine engine,
            GroupLogWriter writer) {
        this.library = library;
        this.topics = topics;
        this.offsetsTopic = offsetsTopic;
        this.feed = feed;
        this.elections = elections;
        this.engine = engine;
        this.writer = writer;
    }

    void start() {
        engine.subscribe(writer);
        library.start();
        topics.subscribe(this::look);
        look();
    }

    /** Something has changed: the catalog, or who leads what. However much changes meanwhile, it is told at once. */
    void look() {
        if (isAsked.compareAndSet(false, true)) {
            execute(() -> {
                isAsked.set(false);
                tell();
            });
        }
    }

    /** A partition of the offsets topic could not be loaded: another try. */
    void loadAgain(int partition) {
        execute(() -> {
            elections.giveUp(partition);
            tell();
        });
    }

    private void execute(Runnable task) {
        try {
            executor.execute(task);
        } catch (RejectedExecutionException stopping) {
            LOG.debug("The coordinator of groups is stopping and hears of no more changes");
        }
    }

    private void tell() {
        try {
            GroupCoordinator coordinator = library.running();
            feed.publish(topics.catalog(), coordinator::onMetadataUpdate);
            tellSettings(coordinator, topics.catalog());
            elections.reconcile(offsetsTopic.exists() ? offsetsTopic.partitionCount() : 0);
        } catch (RuntimeException bug) {
            LOG.error("The coordinator of groups could not be told of a change", bug);
        }
    }

    /** A group that lost its last setting is told once that it has none. */
    private void tellSettings(GroupCoordinator coordinator, TopicCatalog catalog) {
        Set<String> names = new HashSet<>(toldSettings.keySet());
        names.addAll(catalog.groupsWithSettings());
        for (String groupId : names) {
            Map<String, String> settings = catalog.groupSettings(groupId);
            Map<String, String> told =
                    settings.isEmpty() ? toldSettings.remove(groupId) : toldSettings.put(groupId, settings);
            if (!settings.equals(told)) {
                Properties properties = new Properties();
                properties.putAll(settings);
                coordinator.updateGroupConfig(groupId, properties);
            }
        }
    }

    void stop() {
        executor.shutdown();
        try {
            if (!executor.awaitTermination(STOP_SECONDS_MOST, TimeUnit.SECONDS)) {
                LOG.warn("The coordinator of groups still hears of a change");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        library.stop();
    }
}
