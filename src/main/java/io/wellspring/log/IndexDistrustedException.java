package io.wellspring.log;

import java.io.IOException;

/** An index row pointed to no batch; the indexes were made anew meanwhile and the search is done again. */
final class IndexDistrustedException extends IOException {
    IndexDistrustedException(String segment) {
        super("wrong index row: " + segment);
    }
}
