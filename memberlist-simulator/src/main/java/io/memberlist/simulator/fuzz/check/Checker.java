package io.memberlist.simulator.fuzz.check;

/** Checks one invariant, by the observations of a run. */
public interface Checker {
    /** Takes in the next observation. */
    void observe(Observation observation, Report report);

    /** Receives violations. */
    @FunctionalInterface
    interface Report {
        /** @param what describes the violation, with its values */
        void violated(String what);
    }
}
