package io.wellspring.log;

import java.io.IOException;
import java.util.Locale;

/**
 * A write found no room. Nothing of it is in the log, and the log stays online: the same append may succeed when there is room again.
 */
public final class DiskFullException extends IOException {
    DiskFullException(String message, IOException cause) {
        super(message, cause);
    }

    /** True if the operating system said ENOSPC or EDQUOT; the JDK hands on only the text of the error. */
    static boolean isDiskFull(IOException failure) {
        if (failure instanceof DiskFullException) {
            return true;
        }
        String message = failure.getMessage();
        if (message == null) {
            return false;
        }
        String text = message.toLowerCase(Locale.ROOT);
        return text.contains("no space left") || text.contains("quota exceeded");
    }
}
