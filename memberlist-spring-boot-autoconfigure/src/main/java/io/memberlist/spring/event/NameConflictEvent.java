package io.memberlist.spring.event;

import io.memberlist.Memberlist;
import io.memberlist.member.Member;

/**
 * Two processes live under one name. The cluster knows one of them and ignores the other, which is told so, too: there
 * {@link #member} is this member itself, and {@link #other} the process that the cluster knows. One of them needs another
 * {@code memberlist.node-name}. Not published for the successor of a killed process, which takes its name. Delivered in the
 * same manner as the membership events, and repeated for as long as the conflict lasts, but not more often than once in ten
 * seconds.
 */
public final class NameConflictEvent extends MemberlistEvent {
    private static final long serialVersionUID = 1L;

    private final transient Member existing;
    private final transient Member other;

    /**
     * @param memberlist the local member's view of the cluster
     * @param existing the member that the local member knows under the name
     * @param other the process with the same name at another address
     */
    public NameConflictEvent(Memberlist memberlist, Member existing, Member other) {
        super(memberlist);
        this.existing = existing;
        this.other = other;
    }

    /** {@return the member that the local member knows under the name} It may be the local member itself. */
    public Member member() {
        return existing;
    }

    /** {@return the process with the same name at another address} */
    public Member other() {
        return other;
    }

    @Override
    public String toString() {
        return "NameConflictEvent[" + existing + ", claimed by " + other + "]";
    }
}
