package io.memberlist.spring.event;

import io.memberlist.Memberlist;
import io.memberlist.member.Member;

/** A member did not answer probes. It is declared dead unless it refutes the suspicion in time. */
public final class MemberSuspectedEvent extends MembershipEvent {
    private static final long serialVersionUID = 1L;

    /**
     * @param memberlist the local member's view of the cluster
     * @param member the member as it is known now
     */
    public MemberSuspectedEvent(Memberlist memberlist, Member member) {
        super(memberlist, member);
    }
}
