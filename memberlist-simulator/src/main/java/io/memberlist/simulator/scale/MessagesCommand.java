package io.memberlist.simulator.scale;

import io.memberlist.Memberlist;
import io.memberlist.messaging.ClusterMessaging;
import io.memberlist.simulator.scale.DisseminationObservers.Kind;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Measures the reach and speed of messages: a gossiped message beside the formula for its reach, single cluster
 * messages, and cluster messages under load.
 */
@Command(
        name = "messages",
        description =
                "How long until 50, 99 and 100 %% of the nodes have a cluster message, beside a gossiped message and"
                        + " its formula, and with many others under way.",
        mixinStandardHelpOptions = true)
public final class MessagesCommand extends ScaleCommand {
    private static final String PLAIN = "a gossiped message";
    private static final String TOPIC = "measured";
    private static final int ALONE = 5;
    private static final Duration TICK = Duration.ofMillis(10);

    @Option(
            names = "--rate",
            defaultValue = "1000",
            description =
                    "Cluster messages a second of all nodes together, in the last part (default: ${DEFAULT-VALUE}).")
    private int rate;

    @Option(
            names = "--storm",
            defaultValue = "30s",
            converter = Durations.class,
            description = "How long they are sent (default: ${DEFAULT-VALUE}).")
    private Duration storm = Duration.ZERO;

    @Option(
            names = "--size",
            defaultValue = "100",
            description = "Bytes of each cluster message (default: ${DEFAULT-VALUE}).")
    private int size;

    @Override
    List<Dissemination> measure() {
        cluster.subscribeAll(TOPIC);
        Memberlist sender = cluster.member(cluster.size() / 2);
        List<Dissemination> spreads = new ArrayList<>();
        spreads.add(plain(sender));
        for (int i = 1; i <= ALONE; i++) {
            String text = "cluster message " + i;
            spreads.add(follow(watched(text), options.patience, () -> broadcast(sender, text)));
        }
        if (rate > 0 && !storm.isZero()) {
            spreads.addAll(storm());
        }
        return spreads;
    }

    private Dissemination plain(Memberlist sender) {
        int n = cluster.size();
        int transmits = (int) (options.settings().gossip().retransmitMultiplier() * Math.ceil(Math.log10(n + 1)));
        // Packets to random members, which may be drawn repeatedly.
        double formula = (1 + (n - 1) * (1 - Math.pow(1 - (1 - options.loss) / (n - 1), transmits))) / n;
        return gossip(sender, "plain (formula: reaches " + Output.percent(formula) + ")", PLAIN, n);
    }

    /** Sends messages from all members in turn, and watches one in a hundred. */
    private List<Dissemination> storm() {
        say(rate + " cluster messages a second for " + storm.toSeconds() + " s ...");
        List<Dissemination> watched = new ArrayList<>();
        long messages = rate * storm.toMillis() / 1000;
        long begun = cluster.time.nanos();
        for (long i = 0; i < messages; i++) {
            long due = begun + i * 1_000_000_000L / rate;
            while (due - cluster.time.nanos() >= TICK.toNanos()) {
                cluster.run(TICK);
            }
            String text = "storm " + i;
            Memberlist from = cluster.member((int) (i * 7 % cluster.size()));
            if (i % 100 == 0) {
                watched.add(watched(text));
            }
            broadcast(from, text);
        }
        cluster.runUntilComplete(watched, options.patience);
        cluster.run(PAUSE);
        return Dissemination.slowestAndMedian(watched);
    }

    private Dissemination watched(String text) {
        return cluster.watch(Kind.MESSAGE, text, text, cluster.size());
    }

    private void broadcast(Memberlist from, String text) {
        byte[] payload = Arrays.copyOf(text.getBytes(StandardCharsets.UTF_8), Math.max(size, text.length() + 1));
        ClusterMessaging.of(from).broadcast(TOPIC, payload);
    }
}
