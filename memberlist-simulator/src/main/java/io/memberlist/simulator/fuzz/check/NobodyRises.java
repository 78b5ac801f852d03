package io.memberlist.simulator.fuzz.check;

import io.memberlist.Member;
import io.memberlist.delegate.MemberEvent;

/**
 * No member comes back, in the eyes of one observer, at or below an incarnation at which it was known dead or gone: only
 * the member itself raises its incarnation, so only it can contradict its death. A liar can raise it too, and then the
 * rule still holds. Taking a name over from another address is the exception, as with {@link IncarnationsRise}.
 */
public final class NobodyRises implements Checker {
    private final PerMember<Member> ended = new PerMember<>();

    @Override
    public void observe(Observation observation, Complaints complaints) {
        if (observation instanceof Observation.Told told) {
            heard(told.observer(), told.event(), complaints);
        } else if (observation instanceof Observation.Seen seen && seen.after() != null) {
            Member dead = ended.get(seen.observer(), seen.member());
            Member after = seen.after();
            if (!after.state().isLive()) {
                // Later accusations raise the incarnation that a return must exceed.
                ended.put(seen.observer(), seen.member(), after);
            } else if (dead != null) {
                judge(seen.observer(), dead, after, complaints);
            }
        }
    }

    private void heard(String observer, MemberEvent event, Complaints complaints) {
        if (event.type() == MemberEvent.Type.JOINED) {
            Member dead = ended.get(observer, event.member().name());
            // Events come after the fact: an end that was seen since is not what this return is judged by.
            if (dead != null && !dead.stateSince().isAfter(event.member().stateSince())) {
                judge(observer, dead, event.member(), complaints);
            }
        }
    }

    private static void judge(String observer, Member dead, Member back, Complaints complaints) {
        if (back.incarnation() <= dead.incarnation() && dead.address().equals(back.address())) {
            complaints.violated(observer + " took " + back + " back though it knew " + dead);
        }
    }
}
