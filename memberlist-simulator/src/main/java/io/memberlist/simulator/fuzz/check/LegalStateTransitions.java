package io.memberlist.simulator.fuzz.check;

import io.memberlist.member.Member;
import io.memberlist.member.MemberState;

/**
 * For each observer, states follow the order of the protocol: suspect, dead and left are contradicted at a higher
 * incarnation only, and a dead member does not become left, nor the other way round. Taking over a name from another
 * address is the exception.
 */
public final class LegalStateTransitions implements Checker {
    private final PerMember<Member> last = new PerMember<>();

    @Override
    public void observe(Observation observation, Report report) {
        if (observation instanceof Observation.MemberChanged seen && seen.after() != null) {
            Member before = last.get(seen.observer(), seen.member());
            Member after = seen.after();
            if (before != null
                    && before.state() != after.state()
                    && after.incarnation() <= before.incarnation()
                    && before.address().equals(after.address())
                    && !worse(before.state(), after.state())) {
                report.violated(seen.observer() + " sees " + after + " where it saw " + before);
            }
            last.put(seen.observer(), seen.member(), after);
        }
    }

    /** {@return whether this transition is possible at the same incarnation} */
    private static boolean worse(MemberState before, MemberState after) {
        return before == MemberState.ALIVE || before == MemberState.SUSPECT && after != MemberState.ALIVE;
    }
}
