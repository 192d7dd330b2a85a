package io.wellspring.bench.workload;

import java.util.List;

/** Cases that belong together. */
public interface Workload {
    /** In the order in which they are run. */
    List<Workload> ALL = List.of(
            new ProduceWorkload(),
            new ConsumeWorkload(),
            new ColdWorkload(),
            new LatencyWorkload(),
            new SmallWorkload(),
            new ManyWorkload(),
            new StartWorkload(),
            new DurabilityWorkload(),
            new TlsWorkload());

    /** One letter. */
    String letter();

    /** For people. */
    String title();

    /** New ones at each call. */
    List<Case> cases(Scale scale);
}
