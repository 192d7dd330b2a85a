package orders;

import java.util.Arrays;
import java.util.stream.Collectors;

/** What happened, in words separated by blanks, on standard output. */
final class Facts {
    private Facts() {}

    static void tell(Object... words) {
        System.out.println("FACT " + Arrays.stream(words).map(String::valueOf).collect(Collectors.joining(" ")));
    }
}
