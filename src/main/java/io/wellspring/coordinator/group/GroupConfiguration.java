package io.wellspring.coordinator.group;

import io.wellspring.batch.compression.DecompressionBounds;
import io.wellspring.model.BrokerSetting;
import io.wellspring.model.BrokerSettingSource;
import io.wellspring.model.NodeId;
import io.wellspring.partition.Partitions;
import io.wellspring.partition.ReplicationEngine;
import io.wellspring.support.Timers;
import io.wellspring.topic.GroupSettingCommands;
import io.wellspring.topic.TopicCommands;
import io.wellspring.topic.Topics;
import java.net.InetAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.kafka.common.message.ListGroupsRequestData;
import org.apache.kafka.common.message.ListGroupsResponseData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseGroup;
import org.apache.kafka.common.metrics.MetricConfig;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.OffsetFetchRequest;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.coordinator.group.GroupConfigManager;
import org.apache.kafka.coordinator.group.GroupCoordinator;
import org.apache.kafka.coordinator.group.GroupCoordinatorConfig;
import org.apache.kafka.coordinator.group.GroupCoordinatorRecordSerde;
import org.apache.kafka.coordinator.group.GroupCoordinatorService;
import org.apache.kafka.coordinator.group.metrics.GroupCoordinatorMetrics;
import org.apache.kafka.coordinator.group.modern.share.ShareGroupConfig;
import org.apache.kafka.server.share.persister.NoOpStatePersister;
import org.apache.kafka.server.util.timer.SystemTimer;
import org.apache.kafka.server.util.timer.SystemTimerReaper;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(GroupsProperties.class)
class GroupConfiguration {
    private static final Duration LOAD_AGAIN_AFTER = Duration.ofSeconds(10);

    @Bean
    GroupCoordinatorConfig groupCoordinatorConfig(GroupsProperties properties) {
        return properties.libraryConfig();
    }

    @Bean
    OffsetsTopic offsetsTopic(GroupsProperties properties, Topics topics, TopicCommands commands) {
        return new OffsetsTopic(topics, commands, properties.offsetsTopicPartitions(), (int)
                properties.offsetsTopicSegmentSize().toBytes());
    }

    @Bean
    GroupLogWriter groupLogWriter(Partitions partitions, ObjectProvider<GroupRoom> room) {
        // Not known yet: the room is built on the coordinator, and that on this.
        return new GroupLogWriter(partitions, lost -> room.getObject().look());
    }

    @Bean(destroyMethod = "")
    GroupLogLoader groupLogLoader(
            GroupCoordinatorConfig config,
            GroupsProperties properties,
            Partitions partitions,
            InstantSource clock,
            Timers timers,
            ObjectProvider<GroupRoom> room) {
        return new GroupLogLoader(
                partitions,
                new GroupCoordinatorRecordSerde(),
                DecompressionBounds.DEFAULT,
                config.offsetsLoadBufferSize(),
                properties.loadThreads(),
                clock,
                failed -> timers.after(LOAD_AGAIN_AFTER, () -> room.getObject().loadAgain(failed)));
    }

    @Bean
    GroupLibrary groupLibrary(
            GroupCoordinatorConfig config,
            NodeId node,
            OffsetsTopic offsetsTopic,
            GroupLogWriter writer,
            GroupLogLoader loader,
            Partitions partitions,
            InstantSource clock,
            ObjectProvider<GroupMetrics> told) {
        GroupMetrics metrics = told.getIfAvailable(() -> GroupMetrics.NONE);
        Time time = new LibraryTime(clock);
        Supplier<GroupCoordinator> builder = () -> new GroupCoordinatorService.Builder(node.value(), config)
                .withTime(time)
                .withTimer(
                        new SystemTimerReaper("wellspring-groups-reaper", new SystemTimer("wellspring-groups-timer")))
                .withWriter(writer)
                .withLoader(loader)
                .withCoordinatorRuntimeMetrics(new LibraryMetrics(metrics))
                .withGroupCoordinatorMetrics(new GroupCoordinatorMetrics(
                        new com.yammer.metrics.core.MetricsRegistry(),
                        new Metrics(new MetricConfig(), List.of(new LibraryCounts(metrics)), time)))
                .withGroupConfigManager(new GroupConfigManager(config, ShareGroupConfig.fromProps(Map.of())))
                .withPersister(new NoOpStatePersister())
                .withAuthorizerPlugin(Optional.empty())
                .withPartitionMetadataClient(new LatestOffsets(partitions))
                .build();
        return new GroupLibrary(builder, offsetsTopic);
    }

    @Bean
    GroupSettingSource groupSettingSource(GroupCoordinatorConfig config, GroupsProperties properties) {
        return new GroupSettingSource(config, ShareGroupConfig.fromProps(Map.of()), properties.libraryProperties());
    }

    @Bean
    GroupSettingCommands groupSettingCommands(GroupSettingSource rules) {
        return new GroupSettingCommands(rules);
    }

    /** What DescribeConfigs shows of the broker. */
    @Bean
    BrokerSettingSource groupBrokerSettings(GroupsProperties properties) {
        Map<String, Object> configured = properties.libraryProperties();
        List<BrokerSetting> settings = GroupCoordinatorConfig.CONFIG_DEF.configKeys().values().stream()
                .filter(key -> !key.internalConfig)
                .map(key -> {
                    String fallback = GroupSettingSource.text(key);
                    Object set = configured.get(key.name);
                    return new BrokerSetting(
                            key.name,
                            GroupSettingSource.typeOf(key.type),
                            set == null ? fallback : set.toString(),
                            fallback,
                            key.documentation == null ? "" : key.documentation);
                })
                .toList();
        return () -> settings;
    }

    @Bean
    Groups groups(GroupLibrary library, OffsetsTopic offsetsTopic) {
        return new Groups(library, offsetsTopic);
    }

    @Bean
    GroupLags groupLags(Groups groups, Partitions partitions, InstantSource clock) {
        GroupCaller self = new GroupCaller(
                "",
                "PLAINTEXT",
                InetAddress.getLoopbackAddress(),
                ApiKeys.OFFSET_FETCH.id,
                // The newest version that names topics by name.
                (short) (OffsetFetchRequest.TOPIC_ID_MIN_VERSION - 1),
                "",
                0);
        GroupLags.Source source = new GroupLags.Source() {
            @Override
            public CompletionStage<ListGroupsResponseData> list() {
                return groups.list(self, new ListGroupsRequestData());
            }

            @Override
            public CompletionStage<OffsetFetchResponseGroup> committed(String groupId) {
                OffsetFetchRequestGroup all =
                        new OffsetFetchRequestGroup().setGroupId(groupId).setTopics(null);
                return groups.fetchOffsets(self, all, false);
            }
        };
        return new GroupLags(
                source, partitions, new RecordTimes(DecompressionBounds.DEFAULT), partitions.diskReads(), clock);
    }

    @Bean
    GroupLagInterval groupLagInterval(GroupsProperties properties) {
        return new GroupLagInterval(properties.lagInterval());
    }

    @Bean
    GroupRoom groupRoom(
            GroupLibrary library,
            Topics topics,
            OffsetsTopic offsetsTopic,
            NodeId node,
            Partitions partitions,
            ReplicationEngine engine,
            GroupLogWriter writer) {
        GroupElections elections = new GroupElections(partitions, new GroupElections.Coordinator() {
            @Override
            public void onElection(int partition, int leaderEpoch) {
                library.running().onElection(partition, leaderEpoch);
            }

            @Override
            public void onResignation(int partition, OptionalInt leaderEpoch) {
                library.running().onResignation(partition, leaderEpoch);
            }
        });
        return new GroupRoom(library, topics, offsetsTopic, new CatalogFeed(node), elections, engine, writer);
    }

    @Bean
    GroupLifecycle groupLifecycle(GroupRoom room) {
        return new GroupLifecycle(room);
    }
}
