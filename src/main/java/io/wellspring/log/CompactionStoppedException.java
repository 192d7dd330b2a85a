package io.wellspring.log;

import java.io.IOException;

/** A compaction ends early and nothing is wrong: the broker stops, or the segments changed under it. What is half done is thrown away. */
public final class CompactionStoppedException extends IOException {
    CompactionStoppedException(String why) {
        super(why);
    }
}
