package io.memberlist.spring;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/** Writes durations as they are written in {@code application.yml}: {@code 500ms}, {@code 5s}, {@code 2m}. */
public final class DurationText {
    /** As {@link Duration#toString()} writes them. */
    private static final Pattern ISO = Pattern.compile("\\bPT-?[0-9][-0-9.HMS]*[HMS]\\b");

    private static final Map<ChronoUnit, String> UNITS = new LinkedHashMap<>();

    static {
        UNITS.put(ChronoUnit.DAYS, "d");
        UNITS.put(ChronoUnit.HOURS, "h");
        UNITS.put(ChronoUnit.MINUTES, "m");
        UNITS.put(ChronoUnit.SECONDS, "s");
        UNITS.put(ChronoUnit.MILLIS, "ms");
        UNITS.put(ChronoUnit.MICROS, "us");
    }

    private DurationText() {}

    /** {@return the duration in the largest unit of which it is a multiple} */
    public static String of(Duration duration) {
        try {
            return duration.isZero() ? "0s" : inLargestUnit(duration);
        } catch (ArithmeticException e) {
            // More nanoseconds than a number has room for: no unit would make that easier to read.
            return duration.toString();
        }
    }

    private static String inLargestUnit(Duration duration) {
        for (Map.Entry<ChronoUnit, String> unit : UNITS.entrySet()) {
            Duration one = unit.getKey().getDuration();
            boolean fits = duration.abs().compareTo(one) >= 0;
            if (fits && one.multipliedBy(duration.dividedBy(one)).equals(duration)) {
                return duration.dividedBy(one) + unit.getValue();
            }
        }
        return duration.toNanos() + "ns";
    }

    /** {@return the sentence with its durations written so} */
    public static String in(String sentence) {
        return ISO.matcher(sentence).replaceAll(iso -> of(Duration.parse(iso.group())));
    }
}
