package io.wellspring.bench.broker;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ProcessCostTest {
    @Test
    void fieldsAreCountedFromBehindTheName() {
        // The name may hold blanks and parentheses; then come state, nine numbers more, and the times as 14th and 15th.
        String stat = "42 (a (b) c) S 1 2 3 4 5 6 7 8 9 10 150 25 0 0 20 0 7 0 100";
        List<String> status = List.of("Name:\tjava", "VmHWM:\t    2048 kB", "VmRSS:\t    1024 kB", "Threads:\t7");
        List<String> io = List.of("rchar: 1", "syscr: 10", "syscw: 5", "read_bytes: 4096", "write_bytes: 8192");
        assertThat(ProcessCost.parse(stat, status, io))
                .isEqualTo(new ProcessCost(1_750_000_000L, 1024 * 1024, 2048 * 1024, 7, 15, 4096, 8192));
    }

    @Test
    void differenceKeepsWhatIsNotASum() {
        ProcessCost earlier = new ProcessCost(100, 10, 20, 3, 5, 7, 9);
        ProcessCost later = new ProcessCost(150, 11, 21, 4, 8, 7, 19);
        assertThat(later.since(earlier)).isEqualTo(new ProcessCost(50, 11, 21, 4, 3, 0, 10));
    }

    @Test
    void ownProcessCanBeRead() throws IOException {
        ProcessCost cost = ProcessCost.of(ProcessHandle.current().pid());
        assertThat(cost.cpuNanos()).isPositive();
        assertThat(cost.residentBytes()).isBetween(1L << 20, cost.peakResidentBytes());
        assertThat(cost.threadCount()).isPositive();
    }
}
