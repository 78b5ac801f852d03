package io.memberlist.spring.event;

import io.memberlist.Memberlist;
import io.memberlist.member.Member;

/**
 * A second member claims a name that is taken. The first one stays, and the claimant is ignored; one of them needs another
 * {@code memberlist.node-name}. Delivered in the same manner as the membership events.
 */
public final class NameConflictEvent extends MemberlistEvent {
    private static final long serialVersionUID = 1L;

    private final transient Member existing;
    private final transient Member other;

    /**
     * @param memberlist the local member's view of the cluster
     * @param existing the member known under the name, which stays
     * @param other the claimant from another address
     */
    public NameConflictEvent(Memberlist memberlist, Member existing, Member other) {
        super(memberlist);
        this.existing = existing;
        this.other = other;
    }

    /** {@return the member known under the name, which stays} */
    public Member member() {
        return existing;
    }

    /** {@return the claimant from another address, which is ignored} */
    public Member other() {
        return other;
    }

    @Override
    public String toString() {
        return "NameConflictEvent[" + existing + ", claimed by " + other + "]";
    }
}
