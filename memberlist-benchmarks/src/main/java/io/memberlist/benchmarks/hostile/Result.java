package io.memberlist.benchmarks.hostile;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What a scene did to one side.
 *
 * @param handledPerSecond how much of what was sent in a second was read, packets or else streams
 * @param stallMillis the longest time for which a member did nothing else
 * @param workMillis the longest of which the loop worked all the time; not a number where that is not known
 * @param idleMillis how late a thread with nothing to do was, in the process that attacks
 * @param falseFailures how often a member took a living one for gone
 * @param logBytes what the members logged
 * @param peakHeapBytes the largest heap of a member
 * @param recoverySeconds the time after the attack until all was as before; infinite if it was not
 * @param keptRecords records of members that do not exist, kept at the end
 * @param amplification bytes of packets that came back for each byte sent in packets
 * @param notes what else there is to say
 */
record Result(
        Scene scene,
        Side side,
        double handledPerSecond,
        double stallMillis,
        double workMillis,
        double idleMillis,
        long falseFailures,
        long logBytes,
        long peakHeapBytes,
        double recoverySeconds,
        int keptRecords,
        double amplification,
        List<String> notes) {
    /** The columns, as Markdown. */
    static final String HEADING = """
            | scene | | handled a second | worst stall | of work | idle timer | false failures | log | peak heap | as before after | bytes back for one | |
            |---|---|---|---|---|---|---|---|---|---|---|---|
            """;

    private static final double MAX_STALL_MILLIS = 100;
    private static final long MAX_LOG_BYTES = 10_000;
    private static final double MIB = 1024 * 1024;

    /** {@return what does not reach its goal} */
    List<String> misses() {
        List<String> misses = new ArrayList<>();
        // On a busy machine a member waits for a processor like anybody else, for which it is not to blame.
        if ((Double.isNaN(workMillis) ? stallMillis : workMillis) > MAX_STALL_MILLIS) {
            misses.add("stall");
        }
        if (falseFailures > 0) {
            misses.add("false failures");
        }
        if (logBytes > MAX_LOG_BYTES) {
            misses.add("log");
        }
        if (Double.isInfinite(recoverySeconds)) {
            misses.add("not as before");
        }
        if (amplification > scene.maxAmplification()) {
            misses.add("amplification");
        }
        return misses;
    }

    /** {@return a line of the table, in which what misses its goal is bold} */
    String row() {
        List<String> misses = misses();
        List<String> more = new ArrayList<>(notes);
        if (keptRecords > 0) {
            more.add(keptRecords + " records kept");
        }
        return "| " + scene.what() + " | " + side
                + cell("%,.0f", handledPerSecond, false)
                + cell("%.0f ms", stallMillis, misses.contains("stall"))
                + (Double.isNaN(workMillis) ? " | –" : cell("%.0f ms", workMillis, false))
                + cell("%.0f ms", idleMillis, false)
                + cell("%,d", falseFailures, misses.contains("false failures"))
                + cell("%.1f kB", logBytes / 1e3, misses.contains("log"))
                + cell("%.0f MiB", peakHeapBytes / MIB, false)
                + (Double.isInfinite(recoverySeconds)
                        ? " | **not in a minute**"
                        : cell("%.1f s", recoverySeconds, false))
                + cell("%.1f", amplification, misses.contains("amplification"))
                + " | " + String.join("; ", more) + " |";
    }

    private static String cell(String format, Object value, boolean bold) {
        String text = String.format(Locale.ROOT, format, value);
        return " | " + (bold ? "**" + text + "**" : text);
    }
}
