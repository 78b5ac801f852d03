package io.memberlist.simulator.scale;

import io.memberlist.Memberlist;
import io.memberlist.simulator.scale.DisseminationObservers.Kind;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Measures how long it takes until all members know of processes that crashed at the same moment. */
@Command(
        name = "detect",
        description = "How long until the first, 50, 99 and 100 %% of the nodes know of crashes.",
        mixinStandardHelpOptions = true)
public final class DetectCommand extends ScaleCommand {
    @Option(
            names = "--crashes",
            defaultValue = "3",
            description = "Members that crash at the same moment (default: ${DEFAULT-VALUE}).")
    private int crashes;

    @Override
    void check() {
        int n = options.nodes;
        if (crashes < 1 || crashes > n - 2) {
            throw options.refused("--crashes " + crashes + " is outside of 1 to " + (n - 2)
                    + ": two members at least must be left to notice");
        }
    }

    @Override
    List<Dissemination> measure() {
        int n = cluster.size();
        say(crashes + " crashes ...");
        List<Dissemination> spreads = new ArrayList<>();
        List<Memberlist> dying = new ArrayList<>();
        for (int i = 0; i < crashes; i++) {
            Memberlist member = cluster.member((int) ((long) i * n / crashes));
            String name = member.localMember().name();
            dying.add(member);
            spreads.add(cluster.watch(Kind.FAILURE, "crash of " + name, name, n - crashes));
        }
        dying.forEach(cluster::crash);
        cluster.runUntilComplete(spreads, options.patience);
        return spreads;
    }
}
