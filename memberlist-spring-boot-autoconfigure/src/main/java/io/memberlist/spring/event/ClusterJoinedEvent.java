package io.memberlist.spring.event;

import io.memberlist.Memberlist;
import io.memberlist.member.JoinResult;
import io.memberlist.member.Member;

/**
 * This member joined a cluster: a seed was reached and at least one other member is known. Published after the start, and
 * after every later {@link Memberlist#join}. A member that only waits for others to join it is told of them by {@link
 * MemberJoinedEvent}s. Delivered in the same manner as the membership events.
 */
public final class ClusterJoinedEvent extends MemberlistEvent {
    private static final long serialVersionUID = 1L;

    private final transient Member member;
    private final transient JoinResult result;
    private final int members;

    /**
     * @param memberlist the member that joined
     * @param result which seeds were reached, and which not
     */
    public ClusterJoinedEvent(Memberlist memberlist, JoinResult result) {
        super(memberlist);
        this.member = memberlist.localMember();
        this.result = result;
        this.members = memberlist.numMembers();
    }

    /** {@return the local member} */
    public Member member() {
        return member;
    }

    /** {@return which seeds were reached, and which not} */
    public JoinResult result() {
        return result;
    }

    /** {@return how many members were live when the event was made, the local one included} */
    public int members() {
        return members;
    }

    @Override
    public String toString() {
        return "ClusterJoinedEvent[" + member.name() + ", " + members + " members]";
    }
}
