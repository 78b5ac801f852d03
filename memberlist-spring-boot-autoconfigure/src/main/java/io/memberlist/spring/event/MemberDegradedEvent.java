package io.memberlist.spring.event;

import io.memberlist.Memberlist;
import io.memberlist.member.Member;

/**
 * A member fails and comes back again and again, as behind a bad link. No event tells of each failure and return from now on. If
 * it stays dead, {@link MemberFailedEvent} follows. When it has been quiet for a while, {@link MemberStabilizedEvent} follows, or
 * {@link MemberJoinedEvent} where it was last told to have failed.
 */
public final class MemberDegradedEvent extends MembershipEvent {
    private static final long serialVersionUID = 1L;

    /**
     * @param memberlist the local member's view of the cluster
     * @param member the member as it is known now; it may be dead at this moment
     */
    public MemberDegradedEvent(Memberlist memberlist, Member member) {
        super(memberlist, member);
    }
}
