package io.wellspring.log;

import java.io.IOException;

/** A reader came too late: retention, truncation or a close has taken the segment out. It looks at the segments again. */
final class SegmentGoneException extends IOException {
    SegmentGoneException(String what) {
        super("taken out of the log: " + what);
    }
}
