package io.memberlist.simulator.fuzz;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Numbers from one to another, both included: {@code 3..12}, or {@code 7} for one alone. */
record Range(long first, long last) {
    /** Reads what people write. */
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
                // Said below.
            }
            throw new TypeConversionException(
                    "'" + text + "' is no range: write 1..1000, the smaller number first, or 7 for one alone");
        }
    }
}
