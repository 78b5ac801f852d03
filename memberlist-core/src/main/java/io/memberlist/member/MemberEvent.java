package io.memberlist.member;

/**
 * A change in the membership, or in the health of the local member, as this member sees it. Immutable.
 *
 * <pre>{@code
 * if (event instanceof MemberEvent.Failed failed) {
 *     reassign(failed.member());
 * }
 * }</pre>
 */
public sealed interface MemberEvent {
    /** {@return the member as it was right after the change} */
    Member member();

    /** A member joined, or came back after it had failed or left. The local member joins when it is created. */
    record Joined(Member member) implements MemberEvent {}

    /** A member did not answer probes of this member or of others, and is declared dead unless it refutes in time. */
    record Suspected(Member member) implements MemberEvent {}

    /** A suspected member refuted the suspicion, and counts as alive. */
    record Recovered(Member member) implements MemberEvent {}

    /** A member was declared dead. */
    record Failed(Member member) implements MemberEvent {}

    /** A member left the cluster on its own initiative. */
    record Left(Member member) implements MemberEvent {}

    /**
     * The metadata of a live member changed, or the address of the local one. Another member that changes its address leaves and
     * joins.
     */
    record Updated(Member member) implements MemberEvent {}

    /**
     * A member fails and comes back again and again, as behind a bad link. No {@link Suspected}, {@link Recovered}, {@link Failed}
     * or {@link Joined} tells of it from now on, until it has {@linkplain Stabilized become stable}, has stayed dead for a while,
     * which {@link Failed} tells, or leaves. See {@link io.memberlist.config.FlappingConfig}.
     *
     * @param member the member, which may be dead at this moment
     */
    record Degraded(Member member) implements MemberEvent {}

    /** A degraded member is alive, and has neither failed nor been suspected for a while. */
    record Stabilized(Member member) implements MemberEvent {}

    /**
     * The local member can reach a live member in one of the two ways only, packets or streams, or again in both. It takes
     * some seconds, and several attempts, to be found out.
     *
     * @param member the member at the other end
     * @param reachability what works from now on
     */
    record ReachabilityChanged(Member member, Reachability reachability) implements MemberEvent {}

    /**
     * Lifeguard's local health score of this member changed: it noticed that it is itself slow or cut off, or that it is
     * no longer.
     *
     * @param member the local member
     * @param score 0 is healthy, higher is worse
     */
    record LocalHealthChanged(Member member, int score) implements MemberEvent {}

    /**
     * Others declared the local member dead, which lives and has just refuted that. They have seen it as failed for a while:
     * it was paused, overloaded or cut off, and what it owned may have another owner by now. Each death is notified once.
     *
     * @param member the local member, alive
     * @param from who said so: the name of a member that declared the death or passes it on, or the address of one that has it
     *     in its state
     */
    record LocalDeclaredDead(Member member, String from) implements MemberEvent {}
}
