package io.memberlist.simulator.scale;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The results of all configurations, beside the figures of the paper. */
final class LifeguardReport {
    private static final String HEADER =
            "configuration | FP | % | paper | FP- | % | paper | median first / full, s | paper"
                    + " | 99th first, s | paper | packets | paper | GiB | paper";
    private static final double MILLION = 1e6;
    private static final double GIBIBYTE = 1L << 30;

    private final Map<Variant, Total> totals = new EnumMap<>(Variant.class);
    private final List<Map<String, Object>> runs = new ArrayList<>();

    LifeguardReport(Iterable<Variant> variants) {
        variants.forEach(variant -> totals.put(variant, new Total()));
    }

    void add(Variant variant, Cell cell, AnomalyRun.Result result) {
        Objects.requireNonNull(totals.get(variant)).add(cell, result);
        Map<String, Object> run = new LinkedHashMap<>();
        run.put("configuration", variant.name());
        run.put("cell", cell.text());
        run.put("repeat", cell.repeat());
        run.put("falsePositives", result.falsePositives());
        run.put("falsePositivesAtHealthy", result.atHealthy());
        run.put("detections", result.fullDetections().size());
        run.put("packets", result.packets());
        runs.add(run);
    }

    /** {@return the results of every single run} */
    List<Map<String, Object>> runs() {
        return runs;
    }

    /** The sum over all cells of one configuration. */
    private static final class Total {
        private long falsePositives;
        private long atHealthy;
        private long packets;
        private long bytes;
        private final List<Double> first = new ArrayList<>();
        private final List<Double> full = new ArrayList<>();

        private void add(Cell cell, AnomalyRun.Result result) {
            if (cell.isInterval()) {
                falsePositives += result.falsePositives();
                atHealthy += result.atHealthy();
                packets += result.packets();
                bytes += result.bytes();
            } else {
                first.addAll(result.firstDetections());
                full.addAll(result.fullDetections());
            }
        }
    }

    private static @Nullable Double percentile(List<Double> values, double share) {
        if (values.isEmpty()) {
            return null;
        }
        List<Double> sorted = values.stream().sorted().toList();
        return sorted.get(Math.max(0, (int) Math.ceil(share * sorted.size()) - 1));
    }

    Map<String, Object> asMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        totals.forEach((variant, total) -> {
            Map<String, Object> measured = new LinkedHashMap<>();
            measured.put("falsePositives", total.falsePositives);
            measured.put("falsePositivesAtHealthy", total.atHealthy);
            measured.put("medianFirstDetectionSeconds", percentile(total.first, 0.5));
            measured.put("medianFullDetectionSeconds", percentile(total.full, 0.5));
            measured.put("firstDetection99Seconds", percentile(total.first, 0.99));
            measured.put("detections", total.first.size());
            measured.put("packets", total.packets);
            measured.put("bytes", total.bytes);
            map.put(variant.name(), Map.of("measured", measured, "paper", variant.paper));
        });
        return map;
    }

    String text() {
        Total base = totals.get(Variant.SWIM);
        List<List<String>> rows = new ArrayList<>();
        totals.forEach((variant, total) -> {
            Variant.Paper paper = variant.paper;
            Variant.Paper swim = Variant.SWIM.paper;
            rows.add(List.of(
                    variant.title,
                    String.valueOf(total.falsePositives),
                    share(total.falsePositives, base == null ? 0 : base.falsePositives),
                    share(paper.falsePositives(), swim.falsePositives()),
                    String.valueOf(total.atHealthy),
                    share(total.atHealthy, base == null ? 0 : base.atHealthy),
                    share(paper.falsePositivesAtHealthy(), swim.falsePositivesAtHealthy()),
                    seconds(percentile(total.first, 0.5)) + " / " + seconds(percentile(total.full, 0.5)),
                    paper.medianFirstDetectionSeconds() + " / " + paper.medianFullDetectionSeconds(),
                    seconds(percentile(total.first, 0.99)),
                    String.valueOf(paper.firstDetection99Seconds()),
                    Output.number(total.packets / MILLION, 2) + " M"
                            + (base == null ? "" : " (" + share(total.packets, base.packets) + ")"),
                    share(paper.millionMessages(), swim.millionMessages()),
                    Output.number(total.bytes / GIBIBYTE, 2)
                            + (base == null ? "" : " (" + share(total.bytes, base.bytes) + ")"),
                    share(paper.gibibytes(), swim.gibibytes())));
        });
        return Output.table(List.of(HEADER.split(" \\| ")), rows);
    }

    /** A dash if no cell of the Threshold experiment was run. */
    private static String seconds(@Nullable Double seconds) {
        return seconds == null ? "-" : Output.number(seconds, 2);
    }

    private static String share(double part, double whole) {
        return whole == 0 ? "-" : Output.percent(part / whole);
    }
}
