package io.memberlist.simulator.fuzz.check;

import io.memberlist.MemberlistConfig;
import java.time.Duration;

/** What a process holds stays within bounds that follow from how many names there are, forged ones included. */
public final class Bounded implements Checker {
    private static final int APPLICATION_BROADCASTS = 200;
    /** What is tried again: the names there are, and as many seeds as an engine keeps. */
    private static final int SEEDS = 64;

    private final int names;

    private final Duration streamLife;

    /** @param names of nodes, and those that liars can invent */
    public Bounded(int names, MemberlistConfig config) {
        this.names = names;
        // There are two steps on a stream, and the application may be asked in between; or it is a probe's.
        Duration steps = config.tcpTimeout().multipliedBy(5).dividedBy(2);
        Duration probe = config.probeInterval().multipliedBy(config.awarenessMaxMultiplier());
        this.streamLife = steps.compareTo(probe) > 0 ? steps : probe;
    }

    @Override
    public void observe(Observation observation, Complaints complaints) {
        if (observation instanceof Observation.Holds holds) {
            limit(holds, "members", holds.held().members(), names, complaints);
            limit(holds, "tombstones", holds.held().tombstones(), names, complaints);
            limit(holds, "broadcasts", holds.held().broadcasts(), names + APPLICATION_BROADCASTS, complaints);
            limit(holds, "pings", holds.held().pings(), 10 + 4 * names, complaints);
            limit(holds, "reconnects", holds.held().reconnects(), SEEDS + names, complaints);
            limit(holds, "timers", holds.timers(), 30 + 8 * names, complaints);
            limit(holds, "streams", holds.streams(), 16 + 4 * names, complaints);
            if (holds.oldestStream().compareTo(streamLife) > 0) {
                complaints.violated(holds.observer() + " has held a stream open for " + holds.oldestStream()
                        + ", longer than " + streamLife);
            }
        } else if (observation instanceof Observation.Healed healed
                && healed.expected().size() > 1
                && healed.broadcasts() > names) {
            complaints.violated(healed.observer() + " still holds " + healed.broadcasts()
                    + " broadcasts when all has long been quiet");
        }
    }

    private static void limit(Observation.Holds holds, String what, int value, int limit, Complaints complaints) {
        if (value > limit) {
            complaints.violated(holds.observer() + " holds " + value + " " + what + ", more than " + limit);
        }
    }
}
