package io.memberlist.interop;

import java.io.PrintStream;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.stream.Collectors;

/**
 * Lets some of the Java members of a cluster stand still, and prints what others were told, and how long it took until all believed
 * in them again. It takes minutes, so it is no test.
 *
 * <p>Arguments: {@code stop} (by a signal) or {@code throttle} (a millisecond of processor time a second, by a control group, which needs
 * root and the {@code cpu} controller of version 1), the number of Java members that stand still, of Java members and of Go nodes, the
 * preset, and then the seconds of each stall.
 */
public final class StallCampaign {
    private static final PrintStream out = System.out;

    private StallCampaign() {}

    public static void main(String[] args) throws Exception {
        if (args.length < 6) {
            throw new IllegalArgumentException(
                    "expected: stop or throttle, stalled members, Java members, Go nodes, preset, seconds ...");
        }
        StallingCluster.Stall how =
                args[0].equals("stop") ? new StallingCluster.Signal() : new StallingCluster.Throttle();
        int stalled = Integer.parseInt(args[1]);
        try (StallingCluster cluster =
                StallingCluster.of(Integer.parseInt(args[2]), Integer.parseInt(args[3]), args[4])) {
            for (int i = 5; i < args.length; i++) {
                Duration time = Duration.ofSeconds(Long.parseLong(args[i]));
                StallingCluster.Outcome outcome = cluster.stall(stalled, time, how);
                out.println(args[0] + " " + stalled + " for " + time.toSeconds() + " s: believed after "
                        + outcome.believedMillis() + " ms");
                outcome.falselyTold().forEach((member, told) -> {
                    if (!told.isEmpty()) {
                        out.println("  " + member + " was falsely told " + told);
                    }
                });
                outcome.toldOfStalled().values().stream()
                        .collect(Collectors.groupingBy(told -> told, LinkedHashMap::new, Collectors.counting()))
                        .forEach((told, members) -> out.println("  " + members + " Java members were told " + told));
                out.println("  the Go nodes were told " + outcome.goTold());
            }
        }
    }
}
