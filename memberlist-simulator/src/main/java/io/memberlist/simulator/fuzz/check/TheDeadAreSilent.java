package io.memberlist.simulator.fuzz.check;

import java.util.HashSet;
import java.util.Set;

/** A process that ended tells its application nothing any more. */
public final class TheDeadAreSilent implements Checker {
    private final Set<String> stopped = new HashSet<>();

    @Override
    public void observe(Observation observation, Complaints complaints) {
        if (observation instanceof Observation.Stopped one) {
            stopped.add(one.observer());
        } else if (observation instanceof Observation.Told told && stopped.contains(told.observer())) {
            complaints.violated(told.text() + " after its end");
        }
    }
}
