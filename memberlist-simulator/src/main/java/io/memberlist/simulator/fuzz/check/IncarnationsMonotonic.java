package io.memberlist.simulator.fuzz.check;

import io.memberlist.member.Member;

/**
 * The incarnation that one observer knows of a member never decreases, not even after the member was removed. This also
 * holds for forged updates, since they are compared like any other. The exception is a rule of the Go library: a member
 * at another address may take over the name of a member that left or failed, and its incarnations start again.
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
