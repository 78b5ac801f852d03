package io.memberlist.simulator.fuzz.check;

/** What a process holds stays within bounds that follow from how many names there are, forged ones included. */
public final class Bounded implements Checker {
    private static final int APPLICATION_BROADCASTS = 200;
    private static final int TIMERS_OF_A_PROCESS = 150;
    private static final int STREAMS_OF_A_PROCESS = 16;

    private final int names;

    /** @param names of nodes, and those that liars can invent */
    public Bounded(int names) {
        this.names = names;
    }

    @Override
    public void observe(Observation observation, Complaints complaints) {
        if (observation instanceof Observation.Holds holds) {
            limit(holds, "members", holds.members(), names, complaints);
            limit(holds, "broadcasts", holds.queued(), names + APPLICATION_BROADCASTS, complaints);
            limit(holds, "timers", holds.timers(), TIMERS_OF_A_PROCESS + 8 * names, complaints);
            limit(holds, "streams", holds.streams(), STREAMS_OF_A_PROCESS + 8 * names, complaints);
        }
    }

    private static void limit(Observation.Holds holds, String what, int value, int limit, Complaints complaints) {
        if (value > limit) {
            complaints.violated(holds.observer() + " holds " + value + " " + what + ", more than " + limit);
        }
    }
}
