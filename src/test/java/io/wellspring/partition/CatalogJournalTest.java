package io.wellspring.partition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wellspring.model.TopicId;
import io.wellspring.model.TopicPartition;
import io.wellspring.support.StartRefusedException;
import io.wellspring.testing.FaultyLogFiles;
import io.wellspring.topic.CatalogDecision;
import io.wellspring.topic.CatalogEvent;
import io.wellspring.topic.CatalogRefusal;
import io.wellspring.topic.Topic;
import io.wellspring.topic.TopicCatalog;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CatalogJournalTest {
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final TopicId ID = new TopicId(1, 2);

    @TempDir
    Path directory = Path.of("");

    private PartitionRig started(Path where) {
        PartitionRig rig = PartitionRig.local(PartitionRig.Plan.in(where));
        rig.startRoom();
        return rig;
    }

    private static CatalogDecision create(TopicCatalog catalog, String name, TopicId id, int partitionCount) {
        return catalog.find(name) != null
                ? new CatalogDecision.Refused(CatalogRefusal.TOPIC_EXISTS, "there")
                : new CatalogDecision.Accepted(
                        List.of(new CatalogEvent.TopicCreated(name, id, partitionCount, Map.of())));
    }

    private static CatalogDecision.@Nullable Refused propose(
            PartitionRig rig, Function<TopicCatalog, CatalogDecision> command) {
        return rig.journal.propose(command, LONG).toCompletableFuture().join();
    }

    private static CatalogDecision accept(CatalogEvent event) {
        return new CatalogDecision.Accepted(List.of(event));
    }

    @Test
    void anEmptyDirectoryGetsACatalogThatNamesItself() {
        try (PartitionRig rig = started(directory)) {
            Topic self = rig.journal.catalog().find(Topic.CATALOG);
            assertThat(self).isNotNull();
            assertThat(rig.partitions.find(CatalogPartitions.CATALOG)).isNotNull();
            assertThat(rig.partitions.progress()).isEqualTo(new PartitionsProgress(false, 1, 1, 0));
        }
    }

    @Test
    void aTopicServesWhenItsCreationIsAnsweredAndComesBackAfterAStop() {
        try (PartitionRig rig = started(directory)) {
            assertThat(propose(rig, catalog -> create(catalog, "orders", ID, 3)))
                    .isNull();
            Partition partition = rig.serving(ID, 2);
            assertThat(PartitionRig.offset(partition.append(PartitionRig.plain(4), PartitionRig.ACKS_ALL)))
                    .isZero();
        }
        try (PartitionRig rig = started(directory)) {
            Partition partition = rig.serving(new TopicPartition("orders", 2));
            assertThat(partition.topicId()).isEqualTo(ID);
            assertThat(partition.highWatermark()).isEqualTo(4);
        }
    }

    @Test
    void eachStartLeadsWithANewEpoch() {
        int first;
        try (PartitionRig rig = started(directory)) {
            first = rig.engine.state(new ShardId(0)).epoch();
        }
        try (PartitionRig rig = started(directory)) {
            assertThat(rig.engine.state(new ShardId(0)).epoch()).isEqualTo(first + 1);
        }
    }

    @Test
    void topicsWhoseLogsWereNotMadeBeforeTheCrashGetThemAtTheNextStart() {
        try (PartitionRig rig = started(directory)) {
            Partition journal = rig.serving(CatalogPartitions.CATALOG);
            PartitionRig.offset(journal.append(
                    CatalogRecords.encode(List.of(new CatalogEvent.TopicCreated("orders", ID, 2, Map.of())), 1L),
                    PartitionRig.ACKS_ALL,
                    io.wellspring.batch.RecordOrigin.BROKER));
        }
        try (PartitionRig rig = started(directory)) {
            assertThat(rig.partitions.find(ID, 0)).isNotNull();
            assertThat(rig.partitions.find(ID, 1)).isNotNull();
        }
    }

    @Test
    void filesOfATopicDeletedBeforeTheCrashGoAtTheNextStart() {
        Path copy = directory.resolveSibling(directory.getFileName() + "-copy");
        try (PartitionRig rig = started(directory)) {
            propose(rig, catalog -> create(catalog, "orders", ID, 1));
            Partition journal = rig.serving(CatalogPartitions.CATALOG);
            PartitionRig.offset(journal.append(
                    CatalogRecords.encode(List.of(new CatalogEvent.TopicDeleted("orders", ID)), 1L),
                    PartitionRig.ACKS_ALL,
                    io.wellspring.batch.RecordOrigin.BROKER));
            PartitionRig.copy(directory, copy);
        }
        assertThat(copy.resolve("orders-0")).exists();
        try (PartitionRig rig = started(copy)) {
            assertThat(rig.partitions.find(new TopicPartition("orders", 0))).isNull();
            assertThat(rig.journal.catalog().find("orders")).isNull();
        }
        assertThat(copy.resolve("orders-0")).doesNotExist();
    }

    @Test
    void aDeletedTopicIsGoneWhenAnsweredAndItsNameIsFreeForAnother() {
        try (PartitionRig rig = started(directory)) {
            propose(rig, catalog -> create(catalog, "orders", ID, 1));
            Partition old = rig.serving(ID, 0);
            propose(rig, catalog -> accept(new CatalogEvent.TopicDeleted("orders", ID)));
            assertThat(rig.partitions.find(ID, 0)).isNull();
            assertThat(PartitionRig.refusal(old.append(PartitionRig.plain(1), PartitionRig.ACKS_ALL)))
                    .isIn(AppendRefusal.NOT_LEADER, AppendRefusal.LOG_OFFLINE);
            TopicId other = new TopicId(3, 4);
            assertThat(propose(rig, catalog -> create(catalog, "orders", other, 1)))
                    .isNull();
            Partition anew = rig.serving(new TopicPartition("orders", 0));
            assertThat(anew.topicId()).isEqualTo(other);
            assertThat(anew.highWatermark()).isZero();
        }
    }

    @Test
    void aCrashAtEachStepLeavesATopicThatIsWholeOrNotThere() throws IOException {
        boolean isOver = false;
        for (int step = 1; !isOver; step++) {
            Path here = directory.resolve("step-" + step);
            Path after = directory.resolve("after-" + step);
            Files.createDirectories(here);
            FaultyLogFiles files = new FaultyLogFiles(here);
            boolean isAcknowledged;
            try (PartitionRig rig =
                    PartitionRig.local(PartitionRig.Plan.in(here).files(files))) {
                rig.startRoom();
                int before = files.calls();
                files.crashAt(before + step);
                isAcknowledged = propose(rig, catalog -> create(catalog, "orders", ID, 1)) == null
                        && rig.partitions.find(ID, 0) != null;
                isOver = files.calls() < before + step;
                PartitionRig.copy(here, after);
            } catch (RuntimeException stopAfterCrash) {
                assertThat(stopAfterCrash).as("step " + step).isInstanceOf(java.io.UncheckedIOException.class);
                isAcknowledged = false;
            }
            try (PartitionRig rig = started(after)) {
                boolean isKnown = rig.journal.catalog().find("orders") != null;
                assertThat(rig.partitions.find(ID, 0) != null)
                        .as("step " + step)
                        .isEqualTo(isKnown);
                assertThat(isKnown || !isAcknowledged).as("step " + step).isTrue();
            }
        }
    }

    @Test
    void concurrentCommandsAreDecidedOneAfterTheOther() {
        try (PartitionRig rig = started(directory)) {
            List<CompletionStage<CatalogDecision.@Nullable Refused>> answers = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                TopicId id = new TopicId(7, i);
                answers.add(rig.journal.propose(catalog -> create(catalog, "orders", id, 1), LONG));
            }
            long carriedOut = answers.stream()
                    .filter(answer -> answer.toCompletableFuture().join() == null)
                    .count();
            assertThat(carriedOut).isEqualTo(1);
        }
    }

    @Test
    void aCommandThatWaitedTooLongIsNotCarriedOut() throws InterruptedException {
        try (PartitionRig rig = started(directory)) {
            CountDownLatch begun = new CountDownLatch(1);
            CountDownLatch latch = new CountDownLatch(1);
            rig.journal.propose(
                    catalog -> {
                        begun.countDown();
                        awaitQuietly(latch);
                        return new CatalogDecision.Accepted(List.of());
                    },
                    LONG);
            begun.await();
            CompletionStage<CatalogDecision.@Nullable Refused> late =
                    rig.journal.propose(catalog -> create(catalog, "late", ID, 1), Duration.ofSeconds(1));
            rig.time.advance(Duration.ofSeconds(1));
            assertThat(late.toCompletableFuture().join())
                    .extracting(CatalogDecision.Refused::reason)
                    .isEqualTo(CatalogRefusal.TIMED_OUT);
            latch.countDown();
            assertThat(propose(rig, catalog -> new CatalogDecision.Accepted(List.of())))
                    .isNull();
            assertThat(rig.journal.catalog().find("late")).isNull();
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void whatIsCommittedCountsEvenIfItsLogsCannotBeMade() {
        try (PartitionRig rig = started(directory)) {
            rig.opener.close();
            assertThat(propose(rig, catalog -> create(catalog, "orders", ID, 1)))
                    .isNotNull();
            // A second one of the name beside the committed first would be refused at every start to come.
            assertThat(propose(rig, catalog -> create(catalog, "orders", new TopicId(3, 4), 1)))
                    .extracting(CatalogDecision.Refused::reason)
                    .isEqualTo(CatalogRefusal.TOPIC_EXISTS);
        }
        try (PartitionRig rig = started(directory)) {
            assertThat(rig.partitions.find(ID, 0)).isNotNull();
        }
    }

    @Test
    void eventsThatContradictTheCatalogAreNotWritten() {
        try (PartitionRig rig = started(directory)) {
            assertThat(propose(rig, catalog -> accept(new CatalogEvent.TopicDeleted("orders", ID))))
                    .extracting(CatalogDecision.Refused::reason)
                    .isEqualTo(CatalogRefusal.UNAVAILABLE);
        }
        try (PartitionRig rig = started(directory)) {
            assertThat(rig.journal.catalog().find("orders")).isNull();
        }
    }

    @Test
    void aDefaultThatAllowsNoLatenessDoesNotKeepTheCatalogFromBeingWritten() {
        try (PartitionRig rig = started(directory)) {
            rig.msPerLook.set(1);
            Map<String, @Nullable String> strict = Map.of("log.message.timestamp.before.max.ms", "0");
            assertThat(propose(rig, catalog -> accept(new CatalogEvent.BrokerSettingsChanged("", strict))))
                    .isNull();
            assertThat(propose(rig, catalog -> create(catalog, "orders", ID, 1)))
                    .isNull();
            assertThat(PartitionRig.refusal(rig.serving(ID, 0).append(PartitionRig.plain(1), PartitionRig.ACKS_ALL)))
                    .isEqualTo(AppendRefusal.INVALID_TIMESTAMP);
        }
    }

    @Test
    void changedSettingsReachThePartitions() {
        try (PartitionRig rig = started(directory)) {
            propose(rig, catalog -> create(catalog, "orders", ID, 1));
            propose(
                    rig,
                    catalog -> accept(
                            new CatalogEvent.TopicSettingsChanged("orders", ID, Map.of("segment.bytes", "2097152"))));
            Partition partition = rig.serving(ID, 0);
            assertThat(partition.settings().logSettings().segmentBytes()).isEqualTo(2 << 20);
            assertThat(partition.replica().log().settings().segmentBytes()).isEqualTo(2 << 20);
        }
    }

    @Test
    void aDamagedPartitionComesUpOfflineAndTheOthersServe() throws IOException {
        try (PartitionRig rig = started(directory)) {
            propose(rig, catalog -> create(catalog, "orders", ID, 2));
            for (int i = 0; i < 2; i++) {
                PartitionRig.offset(rig.serving(ID, i).append(PartitionRig.plain(9), PartitionRig.ACKS_ALL));
            }
        }
        Path log = directory.resolve("orders-0").resolve("00000000000000000000.log");
        try (FileChannel file = FileChannel.open(log, StandardOpenOption.WRITE)) {
            file.truncate(10);
        }
        try (PartitionRig rig = started(directory)) {
            assertThat(rig.serving(ID, 0).offlineReason()).isNotNull();
            assertThat(rig.partitions.progress()).isEqualTo(new PartitionsProgress(false, 3, 3, 1));
            assertThat(PartitionRig.refusal(rig.serving(ID, 0).append(PartitionRig.plain(1), PartitionRig.ACKS_ALL)))
                    .isEqualTo(AppendRefusal.LOG_OFFLINE);
            assertThat(rig.serving(ID, 0).read(PartitionRig.from(0)))
                    .isInstanceOfSatisfying(
                            ReadOutcome.Refused.class,
                            refused -> assertThat(refused.reason()).isEqualTo(ReadRefusal.LOG_OFFLINE));
            assertThat(PartitionRig.offset(rig.serving(ID, 1).append(PartitionRig.plain(1), PartitionRig.ACKS_ALL)))
                    .isEqualTo(9);
        }
    }

    @Test
    void aLogThatCouldNotBeMadeIsMadeLaterWithoutARestart() throws IOException {
        try (PartitionRig rig = started(directory)) {
            Path obstacle = Files.writeString(directory.resolve("orders-0"), "");
            propose(rig, catalog -> create(catalog, "orders", ID, 2));
            assertThat(rig.partitions.find(ID, 0)).isNull();
            tryAgain(rig);
            assertThat(rig.partitions.failed()).containsOnlyKeys(new TopicPartition("orders", 0));
            assertThat(rig.partitions.find(ID, 1)).isNotNull();

            Files.delete(obstacle);
            tryAgain(rig);

            assertThat(rig.partitions.failed()).isEmpty();
            assertThat(PartitionRig.offset(rig.serving(ID, 0).append(PartitionRig.plain(3), PartitionRig.ACKS_ALL)))
                    .isZero();
        }
    }

    private static void tryAgain(PartitionRig rig) {
        rig.time.advance(Duration.ofSeconds(30));
        // Everything is done in turn: when this is answered, what the clock asked for is done.
        assertThat(propose(rig, catalog -> new CatalogDecision.Accepted(List.of())))
                .isNull();
    }

    @Test
    void aDirectoryWithPartitionsAndWithoutACatalogIsRefused() {
        try (PartitionRig rig = PartitionRig.local(PartitionRig.Plan.in(directory))) {
            rig.orders();
        }
        try (PartitionRig rig = PartitionRig.local(PartitionRig.Plan.in(directory))) {
            assertThatThrownBy(rig::startRoom)
                    .isInstanceOf(StartRefusedException.class)
                    .hasMessageContaining("__wellspring_catalog-0");
        }
    }

    @Test
    void producerIdsAreNeverGivenTwiceWhateverCrashes() {
        Set<Long> given = new HashSet<>();
        Path here = directory.resolve("0");
        for (int life = 0; life < 4; life++) {
            Path next = directory.resolve(Integer.toString(life + 1));
            try (PartitionRig rig = started(here)) {
                for (int i = 0; i < ProducerIds.BLOCK + 10; i++) {
                    Long id = rig.producerIds.next().toCompletableFuture().join();
                    assertThat(id).isNotNull();
                    assertThat(given.add(id))
                            .as("id " + id + " in life " + life)
                            .isTrue();
                }
                PartitionRig.copy(here, next);
            }
            here = next;
        }
    }
}
