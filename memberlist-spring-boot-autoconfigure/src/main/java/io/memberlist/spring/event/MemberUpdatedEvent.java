package io.memberlist.spring.event;

import io.memberlist.Memberlist;
import io.memberlist.member.Member;

/**
 * The metadata of a live member changed, or the address of the local one. Another member that changes its address leaves and
 * joins.
 */
public final class MemberUpdatedEvent extends MembershipEvent {
    private static final long serialVersionUID = 1L;

    /**
     * @param memberlist the local member's view of the cluster
     * @param member the member as it is known now
     */
    public MemberUpdatedEvent(Memberlist memberlist, Member member) {
        super(memberlist, member);
    }
}
