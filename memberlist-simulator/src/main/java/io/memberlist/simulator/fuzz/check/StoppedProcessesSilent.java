package io.memberlist.simulator.fuzz.check;

import java.util.HashSet;
import java.util.Set;

/** A process that ended sends nothing more. After an orderly shutdown it has no timers left. */
public final class StoppedProcessesSilent implements Checker {
    private final Set<String> stopped = new HashSet<>();

    @Override
    public void observe(Observation observation, Report report) {
        if (observation instanceof Observation.ProcessStopped one) {
            stopped.add(one.observer());
        } else if (observation instanceof Observation.PacketSent said && stopped.contains(said.observer())) {
            report.violated(said.text() + " after its end");
        } else if (observation instanceof Observation.TimersLeft left && left.timers() > 0) {
            report.violated(left.text());
        }
    }
}
