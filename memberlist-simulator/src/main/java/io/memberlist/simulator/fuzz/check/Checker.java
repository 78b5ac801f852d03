package io.memberlist.simulator.fuzz.check;

/** One thing that must always hold, judged by what is observed of a run. */
public interface Checker {
    /** Takes in the next observation. */
    void observe(Observation observation, Report report);

    /** Hears of violations. */
    @FunctionalInterface
    interface Report {
        /** @param what what should not have been, with the values */
        void violated(String what);
    }
}
