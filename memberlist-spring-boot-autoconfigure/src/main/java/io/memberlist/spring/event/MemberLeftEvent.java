package io.memberlist.spring.event;

import io.memberlist.Memberlist;
import io.memberlist.member.Member;

/** A member left the cluster on its own initiative. */
public final class MemberLeftEvent extends MembershipEvent {
    private static final long serialVersionUID = 1L;

    /**
     * @param memberlist the local member's view of the cluster
     * @param member the member as it is known now
     */
    public MemberLeftEvent(Memberlist memberlist, Member member) {
        super(memberlist, member);
    }
}
