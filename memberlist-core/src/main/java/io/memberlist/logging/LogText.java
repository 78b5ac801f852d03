package io.memberlist.logging;

import java.util.Collection;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Makes text that others wrote (names, addresses, messages of errors) fit for one line of a log: nobody can begin a line of
 * their own, hide a part of one, or make it endless.
 */
public final class LogText {
    /** As long as the longest name of a member. */
    private static final int MAX_LENGTH = 512;

    /** How many values of a list are named. */
    public static final int MAX_LISTED = 5;

    private static final int ZERO_WIDTH_NON_JOINER = 0x200c;
    private static final int ZERO_WIDTH_JOINER = 0x200d;

    private LogText() {}

    /**
     * {@return the text of a value, cut after 512 characters} Characters that would not be seen are written as Java writes
     * them, such as {@code \}{@code u000a} for a line feed.
     */
    public static String printable(@Nullable Object value) {
        return printable(value, MAX_LENGTH);
    }

    /** {@return the same, cut after so many characters} */
    static String printable(@Nullable Object value, int maxLength) {
        String text = String.valueOf(value);
        String cut = text.length() <= maxLength ? text : text.substring(0, maxLength);
        // Most texts are fine as they are.
        StringBuilder escaped = null;
        for (int i = 0; i < cut.length(); ) {
            int codePoint = cut.codePointAt(i);
            int length = Character.charCount(codePoint);
            if (isHidden(codePoint)) {
                if (escaped == null) {
                    escaped = new StringBuilder(cut.length() + 16).append(cut, 0, i);
                }
                for (int at = i; at < i + length; at++) {
                    escaped.append(String.format("\\u%04x", (int) cut.charAt(at)));
                }
            } else if (escaped != null) {
                escaped.appendCodePoint(codePoint);
            }
            i += length;
        }
        String result = escaped == null ? cut : escaped.toString();
        return text.length() <= maxLength ? result : result + '…';
    }

    /** {@return the texts of the first values, and how many more there are} */
    public static String list(Collection<?> values, String separator) {
        return list(values, values.size(), separator);
    }

    /**
     * {@return the texts of the first values, and how many more there are}
     *
     * @param values at least the first of them
     * @param count how many there are
     */
    public static String list(Collection<?> values, int count, String separator) {
        String first = values.stream().limit(MAX_LISTED).map(String::valueOf).collect(Collectors.joining(separator));
        int more = count - MAX_LISTED;
        return more <= 0 ? first : first + " and " + more + " more";
    }

    /** Controls, ends of lines, halves of characters, and marks that change the direction of the text around them. */
    private static boolean isHidden(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR, Character.SURROGATE ->
                true;
            // Emoji and several scripts are written with these two.
            case Character.FORMAT -> codePoint != ZERO_WIDTH_JOINER && codePoint != ZERO_WIDTH_NON_JOINER;
            default -> false;
        };
    }
}
