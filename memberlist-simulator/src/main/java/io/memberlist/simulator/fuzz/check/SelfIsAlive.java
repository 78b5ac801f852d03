package io.memberlist.simulator.fuzz.check;

import io.memberlist.member.Member;
import io.memberlist.member.MemberState;
import java.util.HashSet;
import java.util.Set;

/**
 * A running process considers itself alive, unless it was asked to leave, whatever updates it receives, honest or
 * forged.
 */
public final class SelfIsAlive implements Checker {
    private final Set<String> leaving = new HashSet<>();

    @Override
    public void observe(Observation observation, Report report) {
        if (observation instanceof Observation.Leaving leave) {
            if (leave.leaves()) {
                leaving.add(leave.observer());
            }
        } else if (observation instanceof Observation.MemberChanged seen
                && seen.member().equals(Observation.node(seen.observer()))) {
            Member me = seen.after();
            boolean gone = me != null && me.state() == MemberState.LEFT && leaving.contains(seen.observer());
            if (!gone && (me == null || me.state() != MemberState.ALIVE)) {
                report.violated(seen.observer() + " believes of itself " + (me == null ? "nothing" : me));
            }
        }
    }
}
