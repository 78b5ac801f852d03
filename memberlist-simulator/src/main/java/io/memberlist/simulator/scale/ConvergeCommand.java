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
    private static final Duration PAUSE = Duration.ofSeconds(5);

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
                () -> newcomer.join(seed.localMember().address().getAddress().getHostAddress())));
        // The changed member is notified as well, and all others.
        String updating = updated.localMember().name();
        spreads.add(follow(
                cluster.watch(Kind.UPDATE, "meta update", updating, n + 1),
                () -> updated.updateMeta("new".getBytes(StandardCharsets.UTF_8), Duration.ZERO)));
        spreads.add(follow(
                known(sender, cluster.watch(Kind.BROADCAST, "broadcast, once", MESSAGE, n + 1)),
                () -> sender.gossip(MESSAGE.getBytes(StandardCharsets.UTF_8))));
        String passedOn = DisseminationObservers.PASS_ON + MESSAGE;
        spreads.add(follow(
                known(sender, cluster.watch(Kind.BROADCAST, "broadcast, passed on", passedOn, n + 1)),
                () -> sender.gossip(passedOn.getBytes(StandardCharsets.UTF_8))));
        spreads.add(follow(cluster.watch(Kind.LEAVE, "leave", joining, n + 1), () -> newcomer.leave(Duration.ZERO)));
        cluster.end(newcomer);
        spreads.add(follow(
                cluster.watch(Kind.FAILURE, "failure", failing.localMember().name(), n - 1),
                () -> cluster.crash(failing)));
        return spreads;
    }

    /** The sender of a gossiped message is not notified of it, but knows it. */
    private Dissemination known(Memberlist sender, Dissemination spread) {
        spread.heardBy(cluster.observerOf(sender), cluster.time().nanos());
        return spread;
    }

    private Dissemination follow(Dissemination spread, Runnable action) {
        say(spread.what() + " ...");
        action.run();
        // No member repeats a gossiped message, so a longer wait would not help.
        boolean gossipOnly = spread.what().startsWith("broadcast");
        cluster.runUntilComplete(List.of(spread), gossipOnly ? Duration.ofSeconds(10) : options.patience);
        cluster.run(PAUSE);
        return spread;
    }
}
