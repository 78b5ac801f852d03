package io.memberlist.spring.event;

import io.memberlist.Memberlist;
import io.memberlist.member.Member;

/** A suspected member refuted the suspicion and counts as alive again. */
public final class MemberRecoveredEvent extends MembershipEvent {
    private static final long serialVersionUID = 1L;

    /**
     * @param memberlist the local member's view of the cluster
     * @param member the member as it is known now
     */
    public MemberRecoveredEvent(Memberlist memberlist, Member member) {
        super(memberlist, member);
    }
}
