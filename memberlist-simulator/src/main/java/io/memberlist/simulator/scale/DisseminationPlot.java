package io.memberlist.simulator.scale;

import java.util.List;
import java.util.Locale;

/** Plots the share of the nodes that know an update, over the logarithm of time, as SVG. */
final class DisseminationPlot {
    private static final int WIDTH = 720;
    private static final int HEIGHT = 360;
    private static final int LEFT = 56;
    private static final int RIGHT = 150;
    private static final int TOP = 36;
    private static final int BOTTOM = 44;
    private static final int POINTS = 200;
    private static final List<String> COLOURS =
            List.of("#0b6e99", "#d9730d", "#0f7b6c", "#ad1a72", "#6940a5", "#64473a");

    private final double from;
    private final double to;
    private final StringBuilder svg = new StringBuilder();

    private DisseminationPlot(List<Dissemination> spreads) {
        double least = Double.MAX_VALUE;
        double most = 0;
        for (Dissemination spread : spreads) {
            for (double time : spread.times()) {
                least = Math.min(least, Math.max(1e-3, time));
                most = Math.max(most, time);
            }
        }
        from = Math.floor(Math.log10(Math.min(least, 1)));
        to = Math.max(from + 1, Math.ceil(Math.log10(Math.max(most, 1e-3))));
    }

    static String of(String title, List<Dissemination> spreads) {
        DisseminationPlot plot = new DisseminationPlot(spreads);
        plot.frame(title);
        for (int i = 0; i < spreads.size(); i++) {
            plot.curve(spreads.get(i), i);
        }
        return plot.svg.append("</svg>\n").toString();
    }

    private void frame(String title) {
        add(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\" font-size=\"12\">\n",
                WIDTH, HEIGHT);
        add("<rect width=\"%d\" height=\"%d\" fill=\"#fff\"/>\n", WIDTH, HEIGHT);
        add("<text x=\"%d\" y=\"20\" font-size=\"14\">%s</text>\n", LEFT, escaped(title));
        for (int percent = 0; percent <= 100; percent += 25) {
            double y = y(percent / 100.0);
            add("<path d=\"M%d %.1fH%d\" stroke=\"#ddd\"/>\n", LEFT, y, WIDTH - RIGHT);
            add("<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%d %%</text>\n", LEFT - 6, y + 4, percent);
        }
        for (int power = (int) from; power <= to; power++) {
            double x = x(Math.pow(10, power));
            add("<path d=\"M%.1f %dV%d\" stroke=\"#ddd\"/>\n", x, TOP, HEIGHT - BOTTOM);
            String label = power < 0 ? (int) Math.pow(10, power + 3) + " ms" : (int) Math.pow(10, power) + " s";
            add("<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%s</text>\n", x, HEIGHT - BOTTOM + 16, label);
        }
        add("<text x=\"%d\" y=\"%d\">time since it happened</text>\n", LEFT, HEIGHT - 8);
    }

    private void curve(Dissemination spread, int index) {
        String colour = COLOURS.get(index % COLOURS.size());
        double[] times = spread.times();
        if (times.length > 0) {
            StringBuilder path = new StringBuilder();
            int points = Math.min(POINTS, times.length);
            for (int i = 1; i <= points; i++) {
                int known = (int) ((long) times.length * i / points);
                double share = spread.reached() * known / times.length;
                path.append(String.format(
                        Locale.ROOT, "%s%.1f %.1f", path.isEmpty() ? "M" : "L", x(times[known - 1]), y(share)));
            }
            add("<path d=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"2\"/>\n", path, colour);
        }
        int y = TOP + 14 + 20 * index;
        add("<rect x=\"%d\" y=\"%d\" width=\"12\" height=\"4\" fill=\"%s\"/>\n", WIDTH - RIGHT + 12, y - 6, colour);
        add("<text x=\"%d\" y=\"%d\">%s</text>\n", WIDTH - RIGHT + 30, y, escaped(spread.what()));
    }

    private double x(double seconds) {
        double place = (Math.log10(Math.max(seconds, Math.pow(10, from))) - from) / (to - from);
        return LEFT + place * (WIDTH - LEFT - RIGHT);
    }

    private static double y(double share) {
        return HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM);
    }

    private void add(String format, Object... args) {
        svg.append(String.format(Locale.ROOT, format, args));
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;");
    }
}
