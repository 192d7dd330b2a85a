package io.wellspring.bench.report;

import java.util.Locale;

/** Numbers as people read them: three digits that count. */
final class Numbers {
    private static final int DIGITS = 3;

    private Numbers() {}

    static String text(double value) {
        double size = Math.abs(value);
        if (size == 0) {
            return "0";
        }
        int whole = (int) Math.floor(Math.log10(size)) + 1;
        int decimals = Math.max(0, Math.min(4, DIGITS - whole));
        String text = String.format(Locale.ROOT, "%,." + decimals + "f", value);
        return text.contains(".") ? text.replaceAll("0+$", "").replaceAll("\\.$", "") : text;
    }
}
