package io.memberlist.simulator.fuzz.check;

import io.memberlist.member.Member;
import io.memberlist.member.MemberEvent;

/**
 * For one observer, no member comes back at or below an incarnation at which it was known as dead or left: only the
 * member itself raises its incarnation, so only it can refute its death. A Byzantine peer can raise it as well, and the
 * rule still holds. Taking over a name from another address is the exception, as with {@link IncarnationsMonotonic}.
 *
 * <p>The application is notified later, so its events are compared with its earlier events.
 */
public final class NoResurrection implements Checker {
    private final PerMember<Member> seenDead = new PerMember<>();
    private final PerMember<Member> toldDead = new PerMember<>();

    @Override
    public void observe(Observation observation, Report report) {
        if (observation instanceof Observation.EventDelivered told) {
            Member member = told.event().member();
            if (!member.state().isLive()) {
                toldDead.put(told.observer(), member.name(), member);
            } else if (told.event() instanceof MemberEvent.Joined) {
                judge(told.observer(), toldDead, member, report);
            }
        } else if (observation instanceof Observation.MemberChanged seen && seen.after() != null) {
            if (!seen.after().state().isLive()) {
                // Later dead messages raise the incarnation that a return must exceed.
                seenDead.put(seen.observer(), seen.member(), seen.after());
            } else {
                judge(seen.observer(), seenDead, seen.after(), report);
            }
        }
    }

    private static void judge(String observer, PerMember<Member> ends, Member back, Report report) {
        Member dead = ends.get(observer, back.name());
        if (dead != null
                && back.incarnation() <= dead.incarnation()
                && dead.address().equals(back.address())) {
            report.violated(observer + " took " + back + " back though it knew " + dead);
        }
    }
}
