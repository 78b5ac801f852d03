package io.memberlist.spring.event;

import io.memberlist.Memberlist;
import io.memberlist.member.Member;

/** A degraded member is alive, and has neither failed nor been suspected for a while. */
public final class MemberStabilizedEvent extends MembershipEvent {
    private static final long serialVersionUID = 1L;

    /**
     * @param memberlist the local member's view of the cluster
     * @param member the member as it is known now
     */
    public MemberStabilizedEvent(Memberlist memberlist, Member member) {
        super(memberlist, member);
    }
}
