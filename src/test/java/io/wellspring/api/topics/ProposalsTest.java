package io.wellspring.api.topics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class ProposalsTest {
    @Test
    void workIsBegunInTurnsAndAnsweredInOrder() {
        Deque<CompletableFuture<Integer>> begun = new ArrayDeque<>();
        List<Supplier<CompletionStage<Integer>>> work = new ArrayList<>();
        for (int i = 0; i < 450; i++) {
            work.add(() -> {
                CompletableFuture<Integer> piece = new CompletableFuture<>();
                begun.add(piece);
                return piece;
            });
        }
        CompletableFuture<List<Integer>> all = Proposals.all(work).toCompletableFuture();

        List<Integer> turns = new ArrayList<>();
        int next = 0;
        while (!begun.isEmpty()) {
            List<CompletableFuture<Integer>> turn = new ArrayList<>(begun);
            begun.clear();
            turns.add(turn.size());
            for (CompletableFuture<Integer> piece : turn) {
                piece.complete(next++);
            }
        }

        assertThat(turns).containsExactly(200, 200, 50);
        assertThat(all.join())
                .containsExactlyElementsOf(IntStream.range(0, 450).boxed().toList());
    }

    @Test
    void workThatIsDoneAtOnceNeedsNoDeepStack() {
        List<Supplier<CompletionStage<Integer>>> work = IntStream.range(0, 50_000)
                .<Supplier<CompletionStage<Integer>>>mapToObj(i -> () -> CompletableFuture.completedFuture(i))
                .toList();

        assertThat(Proposals.all(work).toCompletableFuture().join()).hasSize(50_000);
    }
}
