package io.memberlist.spring.event;

import io.memberlist.Memberlist;
import io.memberlist.member.Member;
import io.memberlist.member.Reachability;

/**
 * This member can reach another one in one of the two ways only, UDP or TCP, or again in both: most often a firewall. The other
 * member stays in the cluster. Delivered in the same manner as the membership events.
 */
public final class MemberReachabilityChangedEvent extends MemberlistEvent {
    private static final long serialVersionUID = 1L;

    private final transient Member member;
    private final Reachability reachability;

    /**
     * @param memberlist the local member's view of the cluster
     * @param member the member at the other end
     * @param reachability what works from now on
     */
    public MemberReachabilityChangedEvent(Memberlist memberlist, Member member, Reachability reachability) {
        super(memberlist);
        this.member = member;
        this.reachability = reachability;
    }

    /** {@return the member at the other end} */
    public Member member() {
        return member;
    }

    /** {@return what works from now on} */
    public Reachability reachability() {
        return reachability;
    }

    /** {@return whether one of the two ways does not work} */
    public boolean isDegraded() {
        return reachability != Reachability.FULL;
    }

    @Override
    public String toString() {
        return "MemberReachabilityChangedEvent[" + member + ", " + reachability + "]";
    }
}
