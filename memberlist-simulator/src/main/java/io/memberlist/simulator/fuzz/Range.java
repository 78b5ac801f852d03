package io.memberlist.simulator.fuzz;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A range of numbers, both ends included: {@code 3..12}, or {@code 7} for a single one. */
record Range(long first, long last) {
    private static final int A_MILLISECOND = 1000;

    /** {@return as many seeds as nobody has run before: the clock determines the first one} */
    static Range fresh(long count) {
        long first = System.currentTimeMillis() * A_MILLISECOND;
        return new Range(first, first + count - 1);
    }

    /** {@return the range as {@link Converter} reads it} */
    @Override
    public String toString() {
        return first + ".." + last;
    }

    /** Parses a range. */
    static final class Converter implements ITypeConverter<Range> {
        @Override
        public Range convert(String text) {
            String[] ends = text.split("\\.\\.", -1);
            try {
                long first = Long.parseLong(ends[0]);
                long last = ends.length == 1 ? first : Long.parseLong(ends[1]);
                if (ends.length <= 2 && first <= last) {
                    return new Range(first, last);
                }
            } catch (NumberFormatException e) {
                // Reported below.
            }
            throw new TypeConversionException(
                    "'" + text + "' is no range: write 1..1000, the smaller number first, or 7 for one alone");
        }
    }
}
