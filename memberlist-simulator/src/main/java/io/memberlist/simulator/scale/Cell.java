package io.memberlist.simulator.scale;

import java.util.ArrayList;
import java.util.List;

/**
 * One run of an experiment.
 *
 * @param anomalous how many members are anomalous (C)
 * @param blockedMillis how long they are blocked at a time (D)
 * @param normalMillis how long they run in between (I); 0 for a single anomaly, as in the Threshold experiment
 * @param repeat the number of the repeat
 */
record Cell(int anomalous, int blockedMillis, int normalMillis, int repeat) {
    private static final int[] COUNTS = {1, 4, 8, 12, 16, 20, 24, 28, 32};
    private static final int[] BLOCKED = {128, 512, 2048, 8192, 32768};
    private static final int[] NORMAL = {1, 4, 16, 64, 256, 1024, 4096, 16384};
    /**
     * The cells of the quick run: values around the mean C, every second I, and the longest D, since a suspicion lasts
     * more than ten seconds.
     */
    private static final int[] FEW_COUNTS = {8, 24};

    private static final int[] FEW_NORMAL = {1, 16, 256, 4096};

    private static final int[] LONG_BLOCKED = {8192, 32768};
    /** No shorter anomaly is detected as a failure, since a suspicion alone lasts more than ten seconds. */
    private static final int[] DETECTED = {32768};

    private static final int[] DETECTED_COUNTS = {1, 8, 24};
    private static final int[] ONCE = {0};

    /**
     * {@return the cell in the form C/D/I, with D and I in milliseconds}
     *
     * @throws IllegalArgumentException if the text is no cell
     */
    static Cell parse(String text) {
        String[] parts = text.split("/", -1);
        try {
            Cell cell = new Cell(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]), Integer.parseInt(parts[2]), 0);
            if (cell.anomalous < 1 || cell.blockedMillis < 1 || cell.normalMillis < 0 || parts.length > 3) {
                throw new NumberFormatException("out of range");
            }
            return cell;
        } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
            throw new IllegalArgumentException(
                    "'" + text + "' is no cell: write C/D/I, as 8/32768/256, or 8/32768/0 for a single anomaly", e);
        }
    }

    /** {@return repeats of this cell, each with its own seed} */
    List<Cell> repeated(int repeats) {
        List<Cell> cells = new ArrayList<>();
        for (int i = 0; i < repeats; i++) {
            cells.add(new Cell(anomalous, blockedMillis, normalMillis, i));
        }
        return cells;
    }

    /** {@return the cell as {@link #parse} reads it} */
    String text() {
        return anomalous + "/" + blockedMillis + "/" + normalMillis;
    }

    /** {@return the seed of this cell, the same for every configuration} */
    long seed(long general) {
        return (((general * 64 + anomalous) * 65_536 + blockedMillis) * 65_536 + normalMillis) * 64 + repeat;
    }

    boolean isInterval() {
        return normalMillis > 0;
    }

    static List<Cell> interval(boolean quick, int repeats) {
        return quick ? all(FEW_COUNTS, LONG_BLOCKED, FEW_NORMAL, repeats) : all(COUNTS, BLOCKED, NORMAL, repeats);
    }

    static List<Cell> threshold(boolean quick, int repeats) {
        return quick ? all(DETECTED_COUNTS, DETECTED, ONCE, repeats) : all(COUNTS, BLOCKED, ONCE, repeats);
    }

    private static List<Cell> all(int[] counts, int[] blocked, int[] normal, int repeats) {
        List<Cell> cells = new ArrayList<>();
        for (int count : counts) {
            for (int d : blocked) {
                for (int i : normal) {
                    cells.addAll(new Cell(count, d, i, 0).repeated(repeats));
                }
            }
        }
        return cells;
    }
}
