package io.memberlist.simulator.fuzz.check;

import io.memberlist.member.Member;
import io.memberlist.member.MemberEvent;

/**
 * No member comes back, in the eyes of one observer, at or below an incarnation at which it was known dead or gone: only
 * the member itself raises its incarnation, so only it can contradict its death. A liar can raise it too, and then the
 * rule still holds. Taking a name over from another address is the exception, as with {@link IncarnationsMonotonic}.
 *
 * <p>What the application is told comes after the fact, so it is judged by what it was told before.
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
                // Later accusations raise the incarnation that a return must exceed.
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
