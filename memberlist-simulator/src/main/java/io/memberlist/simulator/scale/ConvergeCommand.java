package io.memberlist.simulator.scale;

import io.memberlist.Memberlist;
import io.memberlist.simulator.scale.DisseminationObservers.Kind;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;

/**
 * Measures how long it takes until all members know of a join, new metadata, a gossiped message, a leave and a failure,
 * one after the other.
 */
@Command(
        name = "converge",
        description =
                "How long until 50, 99 and 100 %% of the nodes know of a join, new metadata, a broadcast, a leave and"
                        + " a failure.",
        mixinStandardHelpOptions = true)
public final class ConvergeCommand extends ScaleCommand {
    private static final String MESSAGE = "a broadcast of the application";

    @Override
    List<Dissemination> measure() {
        int n = cluster.size();
        List<Dissemination> spreads = new ArrayList<>();
        Memberlist seed = cluster.member(0);
        Memberlist updated = cluster.member(n / 3);
        Memberlist sender = cluster.member(n / 2);
        Memberlist failing = cluster.member(n - 1);

        Memberlist newcomer = cluster.newcomer();
        String joining = newcomer.localMember().name();
        spreads.add(follow(
                cluster.watch(Kind.JOIN, "join", joining, n),
                options.patience,
                () -> newcomer.join(seed.localMember().address().getAddress().getHostAddress())));
        // The changed member is notified as well, and all others.
        String updating = updated.localMember().name();
        spreads.add(follow(
                cluster.watch(Kind.UPDATE, "meta update", updating, n + 1),
                options.patience,
                () -> updated.updateMeta("new".getBytes(StandardCharsets.UTF_8), Duration.ZERO)));
        spreads.add(gossip(sender, "broadcast, once", MESSAGE, n + 1));
        spreads.add(gossip(sender, "broadcast, passed on", DisseminationObservers.PASS_ON + MESSAGE, n + 1));
        spreads.add(follow(
                cluster.watch(Kind.LEAVE, "leave", joining, n + 1),
                options.patience,
                () -> newcomer.leave(Duration.ZERO)));
        cluster.end(newcomer);
        spreads.add(follow(
                cluster.watch(Kind.FAILURE, "failure", failing.localMember().name(), n - 1),
                options.patience,
                () -> cluster.crash(failing)));
        return spreads;
    }
}
