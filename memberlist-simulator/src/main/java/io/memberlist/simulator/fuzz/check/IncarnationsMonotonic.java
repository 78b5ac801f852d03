package io.memberlist.simulator.fuzz.check;

import io.memberlist.member.Member;

/**
 * What one observer knows of a member never goes back to a lower incarnation, nor does it while the member is forgotten.
 * Holds for forged news too: it is compared like any other. The exception is the rule of the Go library that a name whose
 * bearer has left or failed may be taken over from another address, where incarnations begin anew.
 */
public final class IncarnationsMonotonic implements Checker {
    private final PerMember<Member> last = new PerMember<>();

    @Override
    public void observe(Observation observation, Report report) {
        if (!(observation instanceof Observation.MemberChanged seen) || seen.after() == null) {
            return;
        }
        Member before = last.get(seen.observer(), seen.member());
        Member after = seen.after();
        if (before != null
                && after.incarnation() < before.incarnation()
                && (before.state().isLive() || before.address().equals(after.address()))) {
            report.violated(seen.observer() + " went back from " + before + " to " + after);
        }
        last.put(seen.observer(), seen.member(), after);
    }
}
