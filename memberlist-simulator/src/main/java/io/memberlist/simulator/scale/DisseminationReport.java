package io.memberlist.simulator.scale;

import io.memberlist.simulator.scale.LargeCluster.Rate;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The measurements of one cluster, for printing. */
record DisseminationReport(
        ScaleOptions options, List<Dissemination> spreads, Rate quiet, Rate busy, int falseFailures, Cost cost) {

    /** The cost of a simulation on this machine: the only part of a report that differs between runs. */
    record Cost(double bringUpSeconds, double totalSeconds, double heapMiB) {}

    void print(PrintWriter out) throws IOException {
        out.print(options.json ? Output.json(asMap()) + "\n" : text());
        out.flush();
        if (options.svg != null) {
            Files.writeString(options.svg, DisseminationPlot.of(title(), spreads), StandardCharsets.UTF_8);
        }
    }

    private String title() {
        return options.nodes + " nodes, " + Output.percent(options.loss) + " loss, " + options.latency.toNanos() / 1e6
                + " ms latency, " + options.source();
    }

    private Map<String, Object> asMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("nodes", options.nodes);
        map.put("loss", options.loss);
        map.put("latencyMillis", options.latency.toNanos() / 1e6);
        map.put("jitterMillis", options.jitter.toNanos() / 1e6);
        map.put("settings", options.source());
        map.put("seed", options.seed);
        List<Map<String, Object>> events = new ArrayList<>();
        for (Dissemination spread : spreads) {
            Map<String, Object> event = new LinkedHashMap<>();
            event.put("event", spread.what());
            event.put("firstSeconds", spread.first());
            event.put("halfSeconds", spread.until(0.5));
            event.put("ninetyNinePercentSeconds", spread.until(0.99));
            event.put("allSeconds", spread.until(1));
            event.put("reached", spread.reached());
            events.add(event);
        }
        map.put("events", events);
        map.put("quiet", quiet);
        map.put("busy", busy);
        map.put("falseFailures", falseFailures);
        map.put("cost", cost);
        return map;
    }

    private String text() {
        List<List<String>> rows = new ArrayList<>();
        for (Dissemination spread : spreads) {
            rows.add(List.of(
                    spread.what(),
                    Output.seconds(spread.first()),
                    Output.seconds(spread.until(0.5)),
                    Output.seconds(spread.until(0.99)),
                    Output.seconds(spread.until(1)),
                    Output.percent(spread.reached())));
        }
        List<List<String>> traffic = List.of(row("idle", quiet), row("in all", busy));
        return title() + "\n\n"
                + Output.table(List.of("event", "first", "50 %", "99 %", "100 %", "reached"), rows) + "\n"
                + Output.table(
                        List.of("sent by a node in a second", "packets", "bytes in packets", "bytes on streams"),
                        traffic)
                + "\nfalse failure detections: " + falseFailures + "\n"
                + "cost: " + Output.number(cost.bringUpSeconds, 1) + " s to bring up, "
                + Output.number(cost.totalSeconds, 1) + " s in all, " + Output.number(cost.heapMiB, 0)
                + " MiB of heap once up\n";
    }

    private static List<String> row(String name, Rate rate) {
        return List.of(
                name,
                Output.number(rate.packetsPerNodeAndSecond(), 2),
                Output.number(rate.packetBytesPerNodeAndSecond(), 0),
                Output.number(rate.streamBytesPerNodeAndSecond(), 0));
    }
}
