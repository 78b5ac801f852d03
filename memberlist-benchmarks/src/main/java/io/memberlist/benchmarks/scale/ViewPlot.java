package io.memberlist.benchmarks.scale;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Plots the share of all members that a member sees in the mean, over time, as SVG: a curve for each run, a colour for each side. */
final class ViewPlot {
    private static final int WIDTH = 720;
    private static final int HEIGHT = 300;
    private static final int LEFT = 56;
    private static final int RIGHT = 70;
    private static final int TOP = 36;
    private static final int BOTTOM = 44;
    private static final List<String> COLOURS = List.of("#0b6e99", "#d9730d");

    private final String title;
    private final Map<String, String> colours = new LinkedHashMap<>();
    private final StringBuilder curves = new StringBuilder();
    private double longest = 1;

    ViewPlot(String title) {
        this.title = title;
    }

    /** @param views the seconds, and the share from 0 to 1 */
    void add(String side, List<double[]> views) {
        colours.computeIfAbsent(side, key -> COLOURS.get(colours.size() % COLOURS.size()));
        StringBuilder path = new StringBuilder();
        for (double[] view : views) {
            longest = Math.max(longest, view[0]);
            path.append(String.format(Locale.ROOT, " %.3f,%.4f", view[0], 1 - view[1]));
        }
        curves.append(String.format(
                "<polyline points=\"%s\" stroke=\"%s\" fill=\"none\" stroke-width=\"2\" vector-effect=\"non-scaling-stroke\"/>\n",
                path.toString().strip(), colours.get(side)));
    }

    String svg() {
        int width = WIDTH - LEFT - RIGHT;
        int height = HEIGHT - TOP - BOTTOM;
        StringBuilder svg = new StringBuilder();
        line(
                svg,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\" font-size=\"12\">",
                WIDTH,
                HEIGHT);
        line(svg, "<rect width=\"%d\" height=\"%d\" fill=\"#fff\"/>", WIDTH, HEIGHT);
        line(svg, "<text x=\"%d\" y=\"20\" font-size=\"14\">%s</text>", LEFT, title);
        for (int percent = 0; percent <= 100; percent += 25) {
            int y = TOP + height - height * percent / 100;
            line(svg, "<path d=\"M%d %dh%d\" stroke=\"#ddd\"/>", LEFT, y, width);
            line(svg, "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%d %%</text>", LEFT - 6, y + 4, percent);
        }
        for (int i = 0; i <= 4; i++) {
            int x = LEFT + width * i / 4;
            line(svg, "<path d=\"M%d %dv%d\" stroke=\"#ddd\"/>", x, TOP, height);
            String seconds = String.format(Locale.ROOT, longest < 20 ? "%.1f s" : "%.0f s", longest * i / 4);
            line(svg, "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">%s</text>", x, TOP + height + 16, seconds);
        }
        line(
                svg,
                "<g transform=\"translate(%d %d) scale(%.4f %d)\">%n%s</g>",
                LEFT,
                TOP,
                width / longest,
                height,
                curves);
        int row = 0;
        for (Map.Entry<String, String> side : colours.entrySet()) {
            int y = TOP + 14 + 20 * row++;
            line(
                    svg,
                    "<path d=\"M%d %dh16\" stroke=\"%s\" stroke-width=\"3\"/>",
                    WIDTH - RIGHT + 8,
                    y - 4,
                    side.getValue());
            line(svg, "<text x=\"%d\" y=\"%d\">%s</text>", WIDTH - RIGHT + 30, y, side.getKey());
        }
        line(svg, "<text x=\"%d\" y=\"%d\">time since the members began to join</text>", LEFT, HEIGHT - 8);
        return svg.append("</svg>\n").toString();
    }

    private static void line(StringBuilder svg, String format, Object... values) {
        svg.append(String.format(Locale.ROOT, format, values)).append('\n');
    }
}
