package io.memberlist.spring.event;

import io.memberlist.Memberlist;
import io.memberlist.member.Member;

/**
 * Others declared this member dead, which lives and has just refuted that: it was paused, overloaded or cut off. The others
 * have seen it as failed for a while, so what it owned may have another owner by now. Published once for each death. Delivered
 * in the same manner as the membership events.
 */
public final class LocalMemberDeclaredDeadEvent extends MemberlistEvent {
    private static final long serialVersionUID = 1L;

    private final transient Member member;
    private final String from;

    /**
     * @param memberlist the local member's view of the cluster
     * @param member the local member, alive
     * @param from who said so
     */
    public LocalMemberDeclaredDeadEvent(Memberlist memberlist, Member member, String from) {
        super(memberlist);
        this.member = member;
        this.from = from;
    }

    /** {@return the local member, which is alive} */
    public Member member() {
        return member;
    }

    /**
     * {@return who said so: the name of a member that declared the death or passes it on, or the address of one that has it in
     * its state}
     */
    public String from() {
        return from;
    }

    @Override
    public String toString() {
        return "LocalMemberDeclaredDeadEvent[" + member + ", from " + from + "]";
    }
}
