package io.memberlist.spring.event;

import io.memberlist.Memberlist;
import io.memberlist.member.Member;

/** A member joined, or came back after it had failed or left. Published for the local member too. */
public final class MemberJoinedEvent extends MembershipEvent {
    private static final long serialVersionUID = 1L;

    /**
     * @param memberlist the local member's view of the cluster
     * @param member the member as it is known now
     */
    public MemberJoinedEvent(Memberlist memberlist, Member member) {
        super(memberlist, member);
    }
}
